"""People: no key is of two, for two signatures by one key are one."""

from collections.abc import Iterator

from pantau.errors import Problem
from pantau.inventory.rows import Row, Rows
from pantau.inventory.wording import quote


def check_people(rows: Rows) -> Iterator[Problem]:
    """No key belongs to two people, not even one that signs no more."""
    owner_of: dict[str, Row] = {}
    for row in rows["people"]:
        lines = [("key", row.value.key)] if row.checked.usable("key") else []
        lines += [("former_keys", line) for line in row.value.former_keys or ()] * row.checked.usable("former_keys")
        for field, line in lines:
            owner = owner_of.setdefault(line, row) if line else row
            if owner is not row:
                name = quote(owner.written("id"))
                message = f"is the key of {name} too ({owner.place}); two signatures by one key are one: make another"
                yield row.problem(field, message)
