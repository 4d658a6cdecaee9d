"""Why an outage happened: the closed list of causes, and what the facts propose. People decide.

Pure, as the accounting core is. A proposal charges and excludes nobody: an exclusion needs a document and somebody who
accepts it. The one exception is `pemantau`: what looks like our own fault is never charged before it is looked at.
"""

from pantau.reports.causes.codes import Cause, Charge
from pantau.reports.causes.facts import Correction, OutageFact, Site
from pantau.reports.causes.proposals import Pattern, Proposal, Strength
from pantau.reports.causes.proposing import propose

__all__ = [
    "Cause",
    "Charge",
    "Correction",
    "OutageFact",
    "Pattern",
    "Proposal",
    "Site",
    "Strength",
    "propose",
]
