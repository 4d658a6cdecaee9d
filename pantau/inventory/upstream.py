"""What carries what: each upstream exists, and following it never leads back."""

from collections.abc import Iterator

from pantau.errors import Problem
from pantau.inventory.rows import Row, Rows
from pantau.inventory.wording import did_you_mean, quote


def check_upstream(rows: Rows) -> Iterator[Problem]:
    """Unknown upstreams, then circles, each circle once."""
    carriers = {row.written("id"): row for kind in ("uplinks", "hotspots") for row in rows[kind]}
    uplinks = tuple(sorted(row.written("id") for row in rows["uplinks"]))
    complete = rows.incomplete.isdisjoint(("uplinks", "hotspots"))
    carried_by: dict[str, str] = {}
    for row in (row for kind in ("uplinks", "hotspots") for row in rows.usable(kind, "id", "upstream")):
        upstream = row.value.upstream
        if upstream is None:
            continue
        if upstream in carriers:
            carried_by.setdefault(row.value.id, upstream)
        elif complete:
            message = f"{quote(upstream)} is neither an uplink nor a hotspot; {did_you_mean(upstream, uplinks)}"
            yield row.problem("upstream", message)
    yield from _circles(carried_by, carriers)


def _circles(carried_by: dict[str, str], carriers: dict[str, Row]) -> Iterator[Problem]:
    """Each has at most one upstream, so a walk either ends, meets what was walked before, or closes a circle."""
    finished: set[str] = set()
    for start in carried_by:
        walk: list[str] = []
        here: str | None = start
        while here is not None and here not in finished:
            finished.add(here)
            walk.append(here)
            here = carried_by.get(here)
        if here in walk:
            circle = walk[walk.index(here) :]
            path = " -> ".join([*circle, circle[0]])
            yield carriers[circle[0]].problem(
                "upstream", f"carries itself: {path}; take one upstream out of the circle"
            )
