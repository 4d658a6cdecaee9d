"""From statements to files: requests, editions and their numbers, and where they are stored.

    make(request, configuration, url)      # a month's reports of one contract, a kecamatan, an ISP or the city

    request       which contracts are reported, and which requests are refused
    integrity     verifies the entries of the journal that the month rests on
    outside       holds anchors and the shelf's FINALs against the journal
    shelf         the FINALs as they lie there
    shelf_check   the shelf and the journal held against each other
    register      the journal as the register of FINALs
    city          the whole run: one survey, contracts in parallel processes
    issuing       one contract: the edition's number, refusals, files
    edition_files the files of one edition
    differences   the figures that a new version changes
    edition_store the folders: drafts that are replaced, finals that never are
    manifest      SHA256SUMS
    settling      whether a FINAL holds what somebody wants to settle
    recap         several contracts side by side
    city_progress the city's share of points online, and its target

A draft is replaced whole by the next one. A FINAL is written once, read-only, and never again: the same data once more
is the same version; other data are the next version, with its differences and the number of the one that it corrects.
Another language of the same data is an addition to a version, in a folder of its own with its own SHA256SUMS.
"""

from pantau.reports.publishing.city import ReportRun, make
from pantau.reports.publishing.issuing import ContractResult
from pantau.reports.publishing.request import ReportRequest, chosen

__all__ = ["ContractResult", "ReportRequest", "ReportRun", "chosen", "make"]
