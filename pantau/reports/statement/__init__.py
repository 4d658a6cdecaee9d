"""One contract's month as data: what a report renders, and what anybody can recompute.

    evidence = JournalEvidence(reader)                             # or any other `Evidence`
    month = survey(inventory, evidence, Month.parse("2024-04"), ZoneInfo("Asia/Makassar"))
    statement = make_statement("madidir-telkom", month, earlier=[...surveys of months before, for the trend])
    json.dumps(as_data(statement))

`survey` reads the whole city's month once; statements of all its contracts are made from it. A `Statement` is frozen
and plain (see ``statement`` and ``rows`` for each field): times are Unix seconds, days ISO dates, money whole rupiah,
ratios exact with their percentage, what is not known `None`. Its parts are those of the report:

    part                         field
    0  cover                     month, start, end, timezone, parties
    1  Ringkasan                 summary, payment
    2  Dasar dan definisi        basis (terms in force, and which of them are defaults of ours), measuring
    3  Tabel A per titik         points
    4  Tabel B kejadian          events (cause, evidence: entries of the journal)
    5  Tabel C pengecualian      exclusions
    6  Tabel D tanpa data        unobserved
    7  Tabel E perubahan         changes
    8  Tabel F kalender          days, calendar
    9  MTTR/MTBF                 repairs
    10 Mutu                      quality (requests and replies; RTT is Prometheus')
    11 Rekap, tren               by_kelurahan, by_category, trend
    12 Uji petik                 visits, sampling (visit_seed, visit_sample), twins, unaccepted
    13 Perhitungan pembayaran    payment, penalties, corrections, and the rupiah of `points`

What holds, and is tested: the seconds and the rupiah of `points` add up line by line and to `summary` and `payment`;
the charged and excluded seconds of `events` are those of `points`; the point-seconds of `unobserved` are its unobserved
seconds.
"""

from pantau.reports.statement.assembly import make_statement
from pantau.reports.statement.corrections import with_corrections
from pantau.reports.statement.evidence import DeviceUptime, Evidence, JournalEvidence, MonitorFault
from pantau.reports.statement.inventory_history import HeldInventory, InventoryHistory
from pantau.reports.statement.inventory_reading import history_of
from pantau.reports.statement.measuring import Measuring, measuring_of
from pantau.reports.statement.settlement import ContractSettlement, settle_contract
from pantau.reports.statement.statement import SHAPE, Basis, Parties, Statement, as_data
from pantau.reports.statement.survey import Survey, survey
from pantau.reports.statement.terms import assignments_of, dates_of, defaulted, exact, terms_of

__all__ = [
    "SHAPE",
    "Basis",
    "ContractSettlement",
    "DeviceUptime",
    "Evidence",
    "HeldInventory",
    "InventoryHistory",
    "JournalEvidence",
    "Measuring",
    "MonitorFault",
    "Parties",
    "Statement",
    "Survey",
    "as_data",
    "assignments_of",
    "dates_of",
    "defaulted",
    "exact",
    "history_of",
    "make_statement",
    "measuring_of",
    "settle_contract",
    "survey",
    "terms_of",
    "with_corrections",
]
