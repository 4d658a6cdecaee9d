"""Part 2: each term of a contract in words, its value, and whether the contract says so or our default holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pantau.reports.statement import Basis
from pantau.reports.statement.rows import Ratio
from pantau.reports.words import Words
from pantau.reports.words.terms import ABSENT, LABELS
from pantau.texts import Formats, Translate, mark


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the table of terms."""

    label: str
    value: str
    ours: bool
    """The contract leaves it open: the value is the product's default."""


@dataclass(frozen=True, slots=True)
class TermSheet:
    """Terms in one language."""

    say: Translate
    formats: Formats
    words: Words

    def of(self, basis: Basis) -> Iterator[Term]:
        """All terms of one version."""
        for name, (field, label) in LABELS.items():
            if field == "steps" and not basis.terms[field]:
                continue
            yield Term(self.say(label), self._value(field, basis.terms[field]), name in basis.defaulted)

    def _value(self, field: str, value: Any) -> str:
        if value is None:
            return self.say(ABSENT[field])
        if field == "method":
            return self.words["method"](value)
        if field.endswith("_seconds"):
            return self.formats.duration(value)
        if field in {"objective", "minimum_coverage", "cap", "penalty_cap"}:
            return self.formats.percent(_percent(value))
        if field == "penalty_permille":
            return self.say(mark("%(permille)s permille")) % {"permille": value}
        if isinstance(value, bool):
            return self.words.answer(value)
        return self._structured(field, value)

    def _structured(self, field: str, value: Any) -> str:
        if field == "service_hours":
            return "–".join(value)
        if field == "admitted_causes":
            return ", ".join(map(self.words["cause"], value)) or self.say(mark("none"))
        if field == "instability":
            told = {"count": value["per_day"], "time": self.formats.duration(value["seconds"])}
            charged = mark("charged") if value["charged"] else mark("not charged")
            return self.say(mark("%(count)s a day or %(time)s a month")) % told + f"; {self.say(charged)}"
        if field == "steps":
            return "; ".join(self._steps(value))
        return self.words["choice"](value)

    def _steps(self, steps: Sequence[Mapping[str, str]]) -> Iterator[str]:
        for step in steps:
            edge, share = (self.formats.percent(_percent(step[name])) for name in ("below", "deduct"))
            yield f"< {edge}: {share}"


def _percent(text: str) -> str:
    """A fraction as the contract writes it: 98, or 99.5."""
    ratio = Ratio.of(Fraction(text))
    return ratio.percent.rstrip("0").rstrip(".") if ratio else ""
