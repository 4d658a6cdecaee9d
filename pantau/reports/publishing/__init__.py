"""From statements to files that stand: what is asked, made, numbered, and kept.

    make(request, configuration, url)      # a month's reports of one contract, a kecamatan, an ISP or the city

    asking        which contracts, and what cannot be asked
    proof         whether the journal that the month rests on is as it was written
    city          the whole run: one survey, contracts side by side in processes
    issuing       one contract: the edition's number, refusals, files
    bundle        the files of one edition
    differences   figure by figure, what a new version changes
    store         the folders: drafts that are replaced, finals that never are
    manifest      SHA256SUMS
    recap         several contracts side by side

A draft is replaced whole by the next one. A FINAL is written once, read-only, and never again: the same data once more
is the same version; other data are the next version, with its differences and the number of the one that it corrects.
Another language of the same data is an addition to a version, in a folder of its own with its own SHA256SUMS.
"""

from pantau.reports.publishing.city import ReportRun, make
from pantau.reports.publishing.issuing import ContractResult
from pantau.reports.publishing.request import ReportRequest, chosen

__all__ = ["ContractResult", "ReportRequest", "ReportRun", "chosen", "make"]
