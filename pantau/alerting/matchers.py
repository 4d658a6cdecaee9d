"""Alertmanager's matchers: `severity="page"`, `scope=~"isp|uplink"`, and what they say of an alert's labels."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from pantau.alerting.errors import AlertingError

Labels = Mapping[str, str]
Operator = Literal["=", "!=", "=~", "!~"]

_ONE = re.compile(r'\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:\\.|[^"\\])*"|[^,"{}]*?)\s*(?:,|$)')


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition. A label that an alert does not have counts as empty; a regular expression is anchored."""

    label: str
    operator: Operator
    value: str

    def matches(self, labels: Labels) -> bool:
        """Whether an alert with these labels fulfils it."""
        found = labels.get(self.label, "")
        same = bool(re.fullmatch(self.value, found)) if self.operator in {"=~", "!~"} else found == self.value
        return same == (self.operator in {"=", "=~"})

    def __str__(self) -> str:
        return f'{self.label}{self.operator}"{self.value}"'


def parse_matchers(text: str) -> list[Matcher]:
    """The matchers of one entry, with or without braces; `AlertingError` if it is none."""
    inner = text.strip().removeprefix("{").removesuffix("}").strip()
    found, place = [], 0
    while place < len(inner):
        match = _ONE.match(inner, place)
        if match is None or match.end() == place:
            raise AlertingError(f'{text!r} is not a matcher of Alertmanager; write label="value"')
        value = match[3]
        found.append(
            Matcher(match[1], cast("Operator", match[2]), json.loads(value) if value.startswith('"') else value)
        )
        place = match.end()
    return found


def all_match(matchers: Iterable[Matcher], labels: Labels) -> bool:
    """Whether the labels fulfil all of them."""
    return all(matcher.matches(labels) for matcher in matchers)
