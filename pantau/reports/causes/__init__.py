"""Why an outage happened: the closed list of causes, and what the facts propose. People decide.

Pure, as the accounting core is. A proposal charges and excludes nobody, and no more does what one person decides: what
changes money holds once two have approved it, and is held until then (`decided`). So is what looks like our own fault
(`own_faults`).
"""

from pantau.reports.causes.codes import Cause, Charge
from pantau.reports.causes.decided import (
    NO_DECISIONS,
    DecisionKind,
    DecisionLedger,
    DecisionStatus,
    OutageDecision,
    OutageRecord,
)
from pantau.reports.causes.facts import OutageFact, Site
from pantau.reports.causes.own_faults import own_faults
from pantau.reports.causes.proposals import Pattern, Proposal, Strength
from pantau.reports.causes.proposing import propose
from pantau.reports.causes.watch import Watch

__all__ = [
    "NO_DECISIONS",
    "Cause",
    "Charge",
    "DecisionKind",
    "DecisionLedger",
    "DecisionStatus",
    "OutageDecision",
    "OutageFact",
    "OutageRecord",
    "Pattern",
    "Proposal",
    "Site",
    "Strength",
    "Watch",
    "own_faults",
    "propose",
]
