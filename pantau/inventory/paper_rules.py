"""Exclusions and site visits: what they are about exists, and an accepted exclusion has its paper."""

from collections.abc import Iterator

from pantau.errors import Problem
from pantau.inventory.rows import Row, Rows
from pantau.inventory.wording import did_you_mean, quote

_KIND_OF_SCOPE = {"hotspot": "hotspots", "uplink": "uplinks", "isp": "isps", "kecamatan": "kecamatan"}
_WORDS = {"isp": "ISP"}


def check_papers(rows: Rows) -> Iterator[Problem]:
    """Everything that makes an exclusion or a visit unusable."""
    for row in rows["exclusions"]:
        yield from _check_target(rows, row)
        yield from _check_span(row)
        yield from _check_acceptance(row)
    hotspots = {row.written("id") for row in rows["hotspots"]}
    ids = tuple(sorted(hotspots))
    for row in rows.usable("site_visits", "hotspot"):
        named = row.value.hotspot
        if named not in hotspots and "hotspots" not in rows.incomplete:
            yield row.problem("hotspot", f"{quote(named)} is not a known hotspot; {did_you_mean(named, ids)}")


def _check_target(rows: Rows, row: Row) -> Iterator[Problem]:
    if not row.checked.usable("scope", "target"):
        return
    scope, target = row.value.scope, row.value.target
    kind = _KIND_OF_SCOPE[scope]
    known = sorted(other.written("id") for other in rows[kind])
    if target not in known and kind not in rows.incomplete:
        yield row.problem(
            "target", f"{quote(target)} is not a known {_WORDS.get(scope, scope)}; {did_you_mean(target, known)}"
        )


def _check_span(row: Row) -> Iterator[Problem]:
    if row.checked.usable("start", "end") and row.value.end <= row.value.start:
        yield row.problem("end", f"it ends at {row.value.end}, not after its start at {row.value.start}; correct one")


def _check_acceptance(row: Row) -> Iterator[Problem]:
    if not row.checked.usable("accepted_by", "accepted_on", "document"):
        return
    by, on = row.value.accepted_by, row.value.accepted_on
    if (by is None) != (on is None):
        lacking = "accepted_by" if by is None else "accepted_on"
        yield row.problem(lacking, "is missing, but its other half is given; who accepted it, and when?")
    if by is not None and row.value.document is None:
        yield row.problem("document", "is missing, and nothing is accepted without a paper; add its number")
