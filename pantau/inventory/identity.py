"""Nothing is there twice: ids, ward names, addresses."""

from collections.abc import Iterable, Iterator

from pantau.errors import Problem
from pantau.inventory.rows import Row, Rows
from pantau.inventory.wards import ward_key
from pantau.inventory.wording import quote


def check_ids(rows: Rows) -> Iterator[Problem]:
    """Ids are unique within their kind; hotspots and uplinks share one set, for `upstream` may name either."""
    for kind in ("isps", "kecamatan", "contracts", "exclusions", "maintenance", "people"):
        yield from _unique(rows[kind], "id")
    yield from _unique([*rows["uplinks"], *rows["hotspots"]], "id")
    yield from _unique(rows["kelurahan"], "code")
    yield from _check_ward_names(rows)


def _unique(rows: Iterable[Row], key: str) -> Iterator[Problem]:
    first: dict[str, Row] = {}
    for row in rows:
        written = row.written(key)
        other = first.setdefault(written, row)
        if written and other is not row:
            yield row.problem(key, f"{quote(written)} is taken by {other.place}; give this one another {key}")


def _check_ward_names(rows: Rows) -> Iterator[Problem]:
    """Within a kecamatan a ward's name, with all its spellings, means one ward."""
    first: dict[tuple[str, str], Row] = {}
    for row in rows.usable("kelurahan", "name", "kecamatan", "aliases"):
        for name in (row.value.name, *row.value.aliases):
            other = first.setdefault((row.value.kecamatan, ward_key(name)), row)
            if other is not row:
                key = "name" if name == row.value.name else "aliases"
                yield row.problem(key, f"{quote(name)} already names {other.place}, in the same kecamatan; delete one")


def check_addresses(rows: Rows) -> Iterator[Problem]:
    """What is probed has an address, and no two hotspots or probed uplinks share one, however it is spelled.

    A retired hotspot keeps the address that it had, though its successor has it now: reports of old months need both.
    """
    for row in rows.usable("hotspots", "address", "status", "ping"):
        if row.value.status == "active" and not row.value.address and row.value.ping != "none":
            yield row.problem("address", "is missing; add it")
    first: dict[str, Row] = {}
    for row in (row for kind in ("hotspots", "uplinks") for row in rows.usable(kind, "address")):
        if not row.value.address or (row.checked.usable("status") and getattr(row.value, "status", "") == "retired"):
            continue
        other = first.setdefault(row.value.address, row)
        if other is not row:
            owner = f"{quote(other.written('id'))} ({other.place})"
            yield row.problem(
                "address", f"{quote(row.written('address'))} is the address of {owner} too; one of them is wrong"
            )
