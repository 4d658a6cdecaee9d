"""A scrape as the tests read it: values by metric name and labels."""

import re
from collections.abc import Iterator

_LINE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)\Z")
_NAME_ENDS = re.compile("[{ ]")
_LABEL = re.compile(r'([a-zA-Z_]+)="((?:[^"\\]|\\.)*)"')

Labels = dict[str, str]


class Scrape:
    """The samples of one text exposition."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, list[str]] = {}
        self._samples: dict[str, list[tuple[Labels, float]]] = {}
        for line in text.splitlines():
            if not line.startswith("#"):
                self._lines.setdefault(_NAME_ENDS.split(line, maxsplit=1)[0], []).append(line)

    def _of(self, name: str) -> list[tuple[Labels, float]]:
        """The samples of one metric, read when it is asked for: a test asks about few of them, over many scrapes."""
        if name not in self._samples:
            self._samples[name] = [_sample(line) for line in self._lines.get(name, [])]
        return self._samples[name]

    def value(self, name: str, **labels: str) -> float:
        """The one sample that has these labels among its own."""
        found = [value for own, value in self._of(name) if labels.items() <= own.items()]
        assert len(found) == 1, f"{len(found)} samples of {name} {labels}"
        return found[0]

    def total(self, name: str, **labels: str) -> float:
        """The sum of all samples that have these labels among their own; 0 if there is none."""
        return sum(value for own, value in self._of(name) if labels.items() <= own.items())

    def by(self, label: str, name: str, **labels: str) -> dict[str, float]:
        """The samples of a metric that have these labels among their own, summed by the value of `label`."""
        sums: dict[str, float] = {}
        for own, value in self._with(name, labels):
            sums[own[label]] = sums.get(own[label], 0.0) + value
        return sums

    def _with(self, name: str, labels: Labels) -> Iterator[tuple[Labels, float]]:
        return ((own, value) for own, value in self._of(name) if labels.items() <= own.items())


def _sample(line: str) -> tuple[Labels, float]:
    matched = _LINE.match(line)
    assert matched, f"not a sample: {line}"
    _, labels, value = matched.groups()
    return dict(_LABEL.findall(labels or "")), float(value)
