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

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


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


class ConfigurationError(PantauError):
    """Settings or inventory cannot be used. `problems` holds all of them, in the order of files and lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


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
