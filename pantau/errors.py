"""The tree of Pantau's own exceptions. What is expected to fail (a probe) is a value, never one of these.

PantauError
├── ConfigurationError      settings or inventory are not usable; carries every problem found
├── EngineUnavailableError    no ICMP socket can be had, or not as the settings ask; says what to do
├── ScenarioError           a simulator's scenario file is not usable
├── JournalError            the journal cannot be opened, read or written
├── AnchorError             an anchor cannot be taken, or is not one; says why
├── PrometheusError         Prometheus cannot be asked, or its answer not be used (pantau/prometheus/errors.py)
├── WitnessError            Prometheus cannot be asked, or its answer cannot be used, for a report
├── DashboardError          a dashboard cannot be built
├── ReportError             a monthly report cannot be made
└── AlertingError           Alertmanager's configuration cannot be made (pantau/alerting/errors.py)
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SHOWN_OF_A_KIND = 10
"""Problems that differ in nothing but place and value: one mistake in a list of 50,000 shall not be 50,000 lines."""
_VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9]+")


class PantauError(Exception):
    """The root: something that the person at the keyboard can mend. Its text is the sentence to show."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one place of one file, and the cure."""

    file: Path
    line: int
    """1-based; 0 when the file as a whole is meant."""
    field: str
    """Dotted path of the field (``probing.timeout``) or the CSV column; empty when the line as a whole is meant."""
    message: str
    """What is wrong, and what to do."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


def cut(problems: Iterable[Problem]) -> Iterator[str]:
    """A line for each problem; of more than `SHOWN_OF_A_KIND` of one kind in a file the first, and how many follow."""
    kinds: dict[tuple[Path, str, str], list[Problem]] = {}
    for problem in problems:
        field = re.sub(r"[0-9]+", "", problem.field)
        kinds.setdefault((problem.file, field, _VALUES.sub("", problem.message)), []).append(problem)
    shown = (problem for same in kinds.values() for problem in same[:SHOWN_OF_A_KIND])
    rest = {
        id(same[SHOWN_OF_A_KIND - 1]): same[SHOWN_OF_A_KIND:] for same in kinds.values() if len(same) > SHOWN_OF_A_KIND
    }
    for problem in sorted(shown):
        yield str(problem)
        if more := rest.get(id(problem)):
            lines = f", to line {more[-1].line}" if more[-1].line else ""
            yield f"{problem.file}: {len(more)} more of the same kind{lines}; mend these, and look again"


class ConfigurationError(PantauError):
    """Settings or inventory cannot be used. `problems` holds all of them, in the order of files and lines.

    As text, problems of one kind are cut (see `cut`).
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(cut(self.problems)))


class EngineUnavailableError(PantauError):
    """No ICMP socket could be opened as the settings ask; the text names the commands or settings that mend it."""


class ScenarioError(PantauError):
    """A scenario file of the simulator cannot be used; the text names file, line and cure."""


class JournalError(PantauError):
    """The journal cannot be opened, read or written; the text names where it is and why."""


class AnchorError(PantauError):
    """An anchor of the journal cannot be taken, or is none; the text says what is wrong with it."""


class WitnessError(PantauError):
    """The second witness cannot be heard; the text names the server, what is wrong, and the cure."""


class DashboardError(PantauError):
    """A dashboard cannot be built or compared."""


class ReportError(PantauError):
    """A monthly report cannot be made; the text says why and what to do."""
