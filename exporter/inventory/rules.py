"""What must hold between the records of an inventory, and between the fields of one.

Pure: rows in, problems out. A reference is judged only where all that it may lead to is known, and a field only where
it is usable, so that one mistake is reported once.
"""

from collections.abc import Iterator

from exporter.errors import Problem
from exporter.inventory.identity import check_addresses, check_ids
from exporter.inventory.places import check_distances, check_pairs, check_places
from exporter.inventory.references import check_references
from exporter.inventory.rows import Rows
from exporter.inventory.upstream import check_upstream


def check_rows(rows: Rows) -> Iterator[Problem]:
    """Everything that makes the inventory unusable."""
    yield from check_ids(rows)
    yield from check_addresses(rows)
    yield from _check_days(rows)
    yield from _check_edges(rows)
    yield from check_references(rows)
    yield from check_upstream(rows)
    yield from check_pairs(rows)
    yield from check_places(rows)


def warn_rows(rows: Rows) -> Iterator[Problem]:
    """What is usable and yet probably a mistake."""
    yield from check_distances(rows)


def _check_days(rows: Rows) -> Iterator[Problem]:
    for row in rows.usable("contracts", "start", "end"):
        if row.value.end <= row.value.start:
            message = f"the contract ends on {row.value.end}, not after its start on {row.value.start}"
            yield row.problem("end", f"{message}; the end is the day after the last")


def _check_edges(rows: Rows) -> Iterator[Problem]:
    for axis in ("latitude", "longitude"):
        for row in rows.usable("kelurahan", f"{axis}_min", f"{axis}_max"):
            least, greatest = getattr(row.value, f"{axis}_min"), getattr(row.value, f"{axis}_max")
            if least >= greatest:
                yield row.problem(f"{axis}_max", f"{greatest} is not above {axis}_min, {least}; exchange the two")
