"""The facts and terms of a month: what people sign, in one canonical form, whose SHA-256 stands on the paper.

`data.json` has all that a report shows. Much of it is no fact of the month: names, which an office corrects; the trend,
which is of other months; percentages, recaps and calendars, which follow from the seconds; what the program proposes.
None of that may make a signed paper look like another one. So there is a closed list of what is signed (`FACTS`), by
the fields of the statement's rows, and a closed list of what is not (`NOT_SIGNED`): each new field of a statement must
be put into one of them before the tests pass.

The form is JSON with sorted names and no space, as UTF-8, a line feed at its end: it is the file ``facts.json`` of an
edition, and ``sha256sum facts.json`` is the sum that was signed.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FACTS: Mapping[str, tuple[str, ...]] = {
    "": ("shape", "month", "start", "end", "timezone", "currency", "currency_digits"),
    "parties": (
        "contract",
        "kecamatan",
        "isp",
        "order_number",
        "catalogue_package",
        "agreement_number",
        "signed",
        "contract_start",
        "contract_end",
        "value",
        "payment",
        "annex_points",
        "objection_days",
    ),
    "basis": ("start", "document", "terms", "defaulted"),
    "points": (
        "point",
        "start",
        "end",
        "version",
        "contract_seconds",
        "off_hours_seconds",
        "unobserved_seconds",
        "up_seconds",
        "tolerated_seconds",
        "excluded_seconds",
        "charged_seconds",
        "undecided_seconds",
        "contested_seconds",
        "assessed_seconds",
        "state_seconds",
        "agent_seconds",
        "amended_seconds",
        "objective",
        "judged",
        "judged_if_excused",
        "judged_if_withdrawn",
        "standing",
        "monthly_fee",
        "paid_month_seconds",
        "owed_month_seconds",
        "gross",
        "restitution",
        "held",
        "payable",
        "unstable",
    ),
    "events": (
        "outage",
        "number",
        "point",
        "start",
        "down_seconds",
        "answered_seconds",
        "excluded_seconds",
        "charged_seconds",
        "undecided_seconds",
        "contested_seconds",
        "waits_for",
        "cause",
        "decision",
        "decided_by",
        "decided_at",
        "decided_reason",
    ),
    "exclusions": (
        "exclusion",
        "kind",
        "start",
        "end",
        "cause",
        "document",
        "accepted_by",
        "filed",
        "excluded_seconds",
        "refusals",
    ),
    "decisions": (
        "kind",
        "status",
        "outage",
        "number",
        "point",
        "start",
        "code",
        "proposed_by",
        "proposed_at",
        "reason",
        "document",
        "list_sha256",
        "approved_by",
        "approved_at",
        "binding",
        "scans",
        "effect",
        "entry",
    ),
    "unobserved": ("start", "end", "reason", "points", "point_seconds"),
    "changes": ("at", "what", "point", "detail"),
    "penalties": ("kind", "point", "days", "permille", "base", "amount", "outage", "undecided"),
    "corrections": ("kind", "month", "edition", "point", "amount", "entry", "document", "approved_by", "at", "refusal"),
    "payment": (
        "gross",
        "restitution",
        "held",
        "penalty",
        "penalty_beyond_cap",
        "payable",
        "payable_after_penalty",
        "correction",
        "payable_in_all",
        "to_recover",
    ),
}
"""By the table of the statement (nothing: the statement itself), the fields that are signed."""
NOT_SIGNED: Mapping[str, tuple[str, ...]] = {
    # What follows from the tables above, or is of other months, or for information.
    "": (
        "days",
        "summary",
        "calendar",
        "repairs",
        "quality",
        "by_kelurahan",
        "by_category",
        "trend",
        "visits",
        "visit_seed",
        "visit_sample",
        "sampling",
        "twins",
        "unaccepted",
        "measuring",
        "measured",
        "people",
        # What does not count of it grows with what is told after the month was signed; what counts is in `points`.
        "amended",
        "inventories",
        "inventory_changes",
    ),
    "parties": ("kecamatan_name", "isp_name", "isp_legal_name"),
    "basis": (),
    "points": (
        "name",
        "kelurahan",
        "category",
        "availability",
        "coverage",
        "short_outages",
        "relapses",
        "answered_seconds",
        "error_seconds",
        "error_rupiah",
        "worst_day",
        "worst_day_outages",
    ),
    # The whole outage goes on in the next month, and entries with it; what the program proposes is no fact.
    "events": (
        "name",
        "end",
        "seconds",
        "repair_seconds",
        "over_limit_seconds",
        "entries",
        "proposed",
        "strength",
        "pattern",
        "facts",
        "incident",
        "incident_points",
        "kind",
        "state_seconds",
        "uptime_told_by",
        # No FINAL has one: it says why none may be made.
        "undecided",
    ),
    "exclusions": ("points", "letter", "charged_seconds"),
    "decisions": ("end",),
    "unobserved": ("entries",),
    "changes": (),
    "penalties": (),
    "corrections": (),
    "payment": (),
}
"""What of the statement is not signed."""


def facts_file(data: Mapping[str, Any]) -> bytes:
    """The canonical form, from a statement's data (`as_data`, or a `data.json` that was read)."""
    facts: dict[str, Any] = _chosen(data, FACTS[""])
    for table, names in FACTS.items():
        if table:
            rows = data.get(table, ())
            if table == "decisions":
                rows = [row for row in rows if not _said_later(row)]
            facts[table] = _chosen(rows, names) if isinstance(rows, Mapping) else [_chosen(row, names) for row in rows]
    return (json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def facts_sha256(data: Mapping[str, Any]) -> str:
    """What stands on the paper."""
    return hashlib.sha256(facts_file(data)).hexdigest()


def _chosen(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """These fields of a row. One that an older version did not have is absent, and so is no fact of it."""
    return {name: _exact(row[name]) for name in names if name in row}


def _said_later(row: Mapping[str, Any]) -> bool:
    """Whether it is what today's files say otherwise, and nobody has signed: that grows on, and is no fact."""
    return row["kind"] in ("window", "inventory") and row["status"] == "proposed"


def _exact(value: Any) -> Any:
    """A ratio as its fraction: how many decimals are printed is no fact."""
    if isinstance(value, Mapping) and {"numerator", "denominator"} <= value.keys():
        return [value["numerator"], value["denominator"]]
    return value
