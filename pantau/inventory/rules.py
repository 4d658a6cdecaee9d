"""What must hold between the records of an inventory, and between the fields of one.

Pure: rows in, problems out. A reference is judged only where all that it may lead to is known, and a field only where
it is usable, so that one mistake is reported once.
"""

from collections.abc import Iterator

from pantau.errors import Problem
from pantau.inventory.assignment_rules import check_assignments, warn_assignments
from pantau.inventory.contract_rules import check_contracts
from pantau.inventory.identity import check_addresses, check_ids
from pantau.inventory.paper_rules import check_papers
from pantau.inventory.people_rules import check_people
from pantau.inventory.places import check_distances, check_pairs, check_places
from pantau.inventory.references import check_references
from pantau.inventory.rows import Rows
from pantau.inventory.upstream import check_upstream


def check_rows(rows: Rows) -> Iterator[Problem]:
    """Everything that makes the inventory unusable."""
    yield from check_ids(rows)
    yield from check_addresses(rows)
    yield from check_contracts(rows)
    yield from _check_edges(rows)
    yield from check_references(rows)
    yield from check_upstream(rows)
    yield from check_pairs(rows)
    yield from check_places(rows)
    yield from check_assignments(rows)
    yield from check_papers(rows)
    yield from check_people(rows)


def warn_rows(rows: Rows) -> Iterator[Problem]:
    """What is usable and yet probably a mistake."""
    yield from check_distances(rows)
    yield from warn_assignments(rows)


_EDGES = ("latitude_min", "latitude_max", "longitude_min", "longitude_max")


def _check_edges(rows: Rows) -> Iterator[Problem]:
    for row in rows.usable("kelurahan", *_EDGES):
        lacking = [edge for edge in _EDGES if getattr(row.value, edge) is None]
        if 0 < len(lacking) < len(_EDGES):
            yield row.problem(lacking[0], "is missing, but other edges of the box are given; give all four or none")
    for axis in ("latitude", "longitude"):
        for row in rows.usable("kelurahan", f"{axis}_min", f"{axis}_max"):
            least, greatest = getattr(row.value, f"{axis}_min"), getattr(row.value, f"{axis}_max")
            if least is None or greatest is None:
                continue
            if least >= greatest:
                yield row.problem(f"{axis}_max", f"{greatest} is not above {axis}_min, {least}; exchange the two")
