"""Names by their numbers, and numbers by their names, as the table `names` has them; kept, for names never change."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.schema import names

_ASKED_AT_ONCE = 500
"""Bound variables of one statement; SQLite before 3.32 takes 999."""


class Names:
    """What is known of the table so far; asks it for what is not."""

    def __init__(self) -> None:
        self._name_of: dict[int, str] = {}
        self._ref_of: dict[str, int] = {}

    def name(self, connection: Connection, ref: int | None) -> str | None:
        """The name of a number; the number in words where the table has lost it, so that `verify` can tell."""
        if ref is None:
            return None
        if ref not in self._name_of:
            self._load(connection, names.c.ref == ref)
        return self._name_of.get(ref, f"?{ref}")

    def find(self, connection: Connection, name: str) -> int | None:
        """The number of a name, if it has one."""
        if name not in self._ref_of:
            self._load(connection, names.c.name == name)
        return self._ref_of.get(name)

    def ref(self, connection: Connection, name: str) -> int:
        """The number of a name; a new one gets the next. To be called under the lock of those who write."""
        self.number(connection, (name,))
        return self._ref_of[name]

    def number(self, connection: Connection, wanted: Iterable[str]) -> None:
        """See that each name has its number: a city's first verdicts bring all its names at once.

        A few statements however many are new. To be called under the lock of those who write.
        """
        unknown = [name for name in dict.fromkeys(wanted) if name not in self._ref_of]
        for begin in range(0, len(unknown), _ASKED_AT_ONCE):
            self._load(connection, names.c.name.in_(unknown[begin : begin + _ASKED_AT_ONCE]))
        fresh = [name for name in unknown if name not in self._ref_of]
        if not fresh:
            return
        first = (connection.execute(sa.select(sa.func.max(names.c.ref))).scalar() or 0) + 1
        connection.execute(sa.insert(names), [{"ref": ref, "name": name} for ref, name in enumerate(fresh, first)])
        for ref, name in enumerate(fresh, first):
            self._keep(ref, name)

    def load_all(self, connection: Connection) -> None:
        """Read the whole table at once."""
        self._load(connection, sa.true())

    def forget(self) -> None:
        """After a transaction that failed: what it gave a number has none."""
        self._name_of.clear()
        self._ref_of.clear()

    def _load(self, connection: Connection, where: sa.ColumnElement[bool]) -> None:
        for ref, name in connection.execute(sa.select(names.c.ref, names.c.name).where(where)):
            self._keep(ref, name)

    def _keep(self, ref: int, name: str) -> None:
        self._name_of[ref], self._ref_of[name] = name, ref
