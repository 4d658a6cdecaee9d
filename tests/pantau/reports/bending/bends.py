"""The bends: of every row of every table that there is, and of every file, by what they are and not by their names.

A table, a column, a kind or a file that is new is bent without a line here.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOT_OURS = {"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"}
_Row = tuple[Any, ...]


@dataclass(frozen=True)
class Bend:
    """One change; `apply` takes the file of a copy."""

    where: str
    """``entries.at_ns``, ``entries (row deleted)``, ``hotspots.csv``: what the list of the unseen is grouped by."""
    what: str
    apply: Callable[[Path], None]

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class _Table:
    name: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    rows: tuple[_Row, ...]

    def row_is(self, row: _Row) -> tuple[str, list[Any]]:
        """The condition of one row, and its values."""
        keys = self.keys or self.columns
        values = [row[self.columns.index(key)] for key in keys]
        return " AND ".join(f'"{key}" IS ?' for key in keys), values


def tables_of(journal: Path) -> list[_Table]:
    """All tables, as the database itself tells them."""
    with closing(sqlite3.connect(journal)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = []
        for name in sorted(set(names) - NOT_OURS):
            info = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
            columns = tuple(row[1] for row in info)
            keys = tuple(row[1] for row in sorted(info, key=lambda row: row[5]) if row[5])
            rows = tuple(connection.execute(f'SELECT * FROM "{name}"'))  # noqa: S608 - the database's own names
            found.append(_Table(name, columns, keys, rows))
    return found


def bends_of(journal: Path, chance: random.Random) -> Iterator[Bend]:
    """All bends of a journal: each value of each row, each row deleted, doubled, and swapped with another."""
    for table in tables_of(journal):
        for row in table.rows:
            for column, value in zip(table.columns, row, strict=True):
                for other in others(value, chance):
                    yield Bend(f"{table.name}.{column}", f"{value!r} is {other!r}", _set(table, row, column, other))
            yield Bend(f"{table.name} (row deleted)", _short(row), _delete(table, row))
            yield Bend(f"{table.name} (row doubled)", _short(row), _double(table, row))
            if len(table.rows) > 1:
                other_row = chance.choice([one for one in table.rows if one != row])
                yield Bend(f"{table.name} (rows swapped)", _short(row), _swap(table, row, other_row))


def others(value: Any, chance: random.Random) -> list[Any]:
    """What somebody might write in the place of a value."""
    if isinstance(value, int):
        day = 86_400 * 10**9 if abs(value) > 10**15 else 10
        return [value + chance.choice((1, -1, day, -day)), 0 if value else 1]
    if isinstance(value, bytes):
        return [_turned(value, chance), b""] if value else [b"x"]
    if isinstance(value, str):
        return [_respelt(value, chance), ""] if value else ["x"]
    return [1, "x"] if value is None else [None]


def file_bends(file: Path, name: str, chance: random.Random) -> Iterator[Bend]:
    """A file deleted, a byte of it turned, a figure raised, a line taken out, doubled, or swapped with the next."""
    content = file.read_bytes()
    lines = content.splitlines(keepends=True)
    yield Bend(name, "the file is gone", lambda file: file.unlink())
    figures = [place for place, byte in enumerate(content) if byte in b"0123456789"]
    for place in chance.sample(figures, min(len(figures), 20)):
        digit = str((int(chr(content[place])) + chance.randrange(1, 10)) % 10).encode()
        changed = content[:place] + digit + content[place + 1 :]
        yield Bend(name, f"byte {place} is {digit!r}", _write(changed))
    for place in chance.sample(range(len(lines)), min(len(lines), 10)):
        before, line, after = lines[:place], lines[place], lines[place + 1 :]
        yield Bend(name, f"line {place + 1} is gone", _write(b"".join([*before, *after])))
        yield Bend(name, f"line {place + 1} is doubled", _write(b"".join([*before, line, line, *after])))
        if after:
            swapped = [*before, after[0], line, *after[1:]]
            yield Bend(name, f"line {place + 1} is after the next", _write(b"".join(swapped)))


def _write(content: bytes) -> Callable[[Path], None]:
    def apply(file: Path) -> None:
        file.chmod(0o644)
        file.write_bytes(content)

    return apply


def _set(table: _Table, row: _Row, column: str, value: Any) -> Callable[[Path], None]:
    where, values = table.row_is(row)
    return _run((f'UPDATE "{table.name}" SET "{column}" = ? WHERE {where}', [value, *values]))  # noqa: S608


def _delete(table: _Table, row: _Row) -> Callable[[Path], None]:
    where, values = table.row_is(row)
    return _run((f'DELETE FROM "{table.name}" WHERE {where}', values))  # noqa: S608


def _double(table: _Table, row: _Row) -> Callable[[Path], None]:
    """Once more, under the next key where there can be no two of one."""
    doubled = list(row)
    for key in table.keys[:1]:
        place = table.columns.index(key)
        present = [one[place] for one in table.rows]
        numbers = all(isinstance(one, int) for one in present)
        doubled[place] = max(present) + 1 if numbers else row[place] + row[place][:1]
    marks = ", ".join("?" for _ in doubled)
    return _run((f'INSERT INTO "{table.name}" VALUES ({marks})', doubled))  # noqa: S608


def _swap(table: _Table, one: _Row, other: _Row) -> Callable[[Path], None]:
    """Each with what the other has, but for the key."""
    keys = [column in table.keys for column in table.columns]
    swapped = [
        [(row if key else source)[place] for place, key in enumerate(keys)]
        for row, source in ((one, other), (other, one))
    ]
    marks = ", ".join("?" for _ in keys)
    delete, insert = f'DELETE FROM "{table.name}" WHERE ', f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608
    gone = [(delete + where, values) for where, values in map(table.row_is, (one, other))]
    return _run(*gone, *((insert, row) for row in swapped))


def _run(*steps: tuple[str, list[Any]]) -> Callable[[Path], None]:
    def apply(journal: Path) -> None:
        with closing(sqlite3.connect(journal)) as connection, connection:
            # Who bends a file is not held up by the triggers that are in it.
            for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f'DROP TRIGGER "{trigger}"')
            try:
                for statement, values in steps:
                    connection.execute(statement, values)
            except sqlite3.IntegrityError:
                connection.rollback()  # the database itself does not allow it

    return apply


def _turned(value: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(value))
    return value[:place] + bytes([value[place] ^ (1 << chance.randrange(8))]) + value[place + 1 :]


def _respelt(value: str, chance: random.Random) -> str:
    place = chance.randrange(len(value))
    return value[:place] + chance.choice([c for c in 'aBx019-"' if c != value[place]]) + value[place + 1 :]


def _short(row: _Row) -> str:
    text = ", ".join(repr(value) for value in row)
    return text if len(text) < 100 else f"{text[:100]}…"
