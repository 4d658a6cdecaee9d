"""Records with the place they came from: what the rules between records look at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pantau.errors import Problem
from pantau.inventory.models import RECORDS
from pantau.inventory.source import Branch, Step, line_of
from pantau.inventory.validation import Checked, check


@dataclass(frozen=True, slots=True)
class Row:
    """One record of one file."""

    file: Path
    branch: Branch
    prefix: str
    """What stands before a field's name in a problem: ``hotspots.3.`` in YAML, nothing in CSV."""
    checked: Checked[Any]

    @property
    def value(self) -> Any:
        """The record, `None` in each field that is not usable."""
        return self.checked.value

    @property
    def place(self) -> str:
        """Where it is, as a message about another row says it."""
        return f"{self.file.name}:{self.branch.line}"

    def written(self, key: str) -> str:
        """What the file says there, right or wrong; empty where it says nothing."""
        text = self.branch.get(key, "")
        return text if isinstance(text, str) else ""

    def problem(self, path: str | Sequence[Step], message: str) -> Problem:
        """A problem with one field."""
        steps = (path,) if isinstance(path, str) else tuple(path)
        return Problem(self.file, line_of(self.branch, steps), self.prefix + ".".join(map(str, steps)), message)


@dataclass(slots=True)
class Rows:
    """All records of all files, by kind, in their order."""

    by_kind: dict[str, list[Row]] = field(default_factory=lambda: {kind: [] for kind in RECORDS})
    incomplete: set[str] = field(default_factory=set)
    """Kinds of which some records could not be read: that one is not here says nothing."""

    def __getitem__(self, kind: str) -> list[Row]:
        return self.by_kind[kind]

    def add(self, kind: str, file: Path, branch: Branch, prefix: str) -> Iterator[Problem]:
        """Take one record; yields what is wrong with it alone."""
        row = Row(file, branch, prefix, check(RECORDS[kind], branch))
        self.by_kind[kind].append(row)
        for problem in row.checked.problems:
            yield row.problem(problem.path, problem.message)

    def usable(self, kind: str, *fields: str) -> Iterator[Row]:
        """The rows in which all these fields hold what they should."""
        return (row for row in self.by_kind[kind] if row.checked.usable(*fields))

    def values(self, kind: str) -> tuple[Any, ...]:
        """The records alone."""
        return tuple(row.checked.value for row in self.by_kind[kind])
