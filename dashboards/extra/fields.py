"""How the values of a panel are written: units, colours, words for values, overrides, transformations."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attr

from dashboards.extra import core
from dashboards.extra.drawing import Json, present


@attr.s(auto_attribs=True, frozen=True)
class Look:
    """How one value is shown: its word, and the colour behind the word."""

    text: str | None = None
    color: str | None = None
    index: int = 0

    def to_json_data(self) -> Json:
        """Grafana's `ValueMappingResult`."""
        return present({"text": self.text, "color": self.color, "index": self.index})


@attr.s(auto_attribs=True, frozen=True)
class ValueMapping:
    """Exact values to looks."""

    looks: Mapping[str, Look]

    def to_json_data(self) -> Json:
        """Grafana's `ValueMap`."""
        return {"type": "value", "options": dict(self.looks)}


@attr.s(auto_attribs=True, frozen=True)
class RangeMapping:
    """A range of values, both ends included, to one look; `None` is open."""

    low: float | None
    high: float | None
    look: Look

    def to_json_data(self) -> Json:
        """Grafana's `RangeMap`."""
        return {"type": "range", "options": {"from": self.low, "to": self.high, "result": self.look}}


@attr.s(auto_attribs=True, frozen=True)
class RegexMapping:
    """Texts that match to a look; its word may name the pattern's groups: `$1`."""

    pattern: str
    look: Look

    def to_json_data(self) -> Json:
        """Grafana's `RegexMap`."""
        return {"type": "regex", "options": {"pattern": self.pattern, "result": self.look}}


@attr.s(auto_attribs=True, frozen=True)
class SpecialMapping:
    """`null`, `nan`, `null+nan`, `true`, `false` or `empty` to a look."""

    match: str
    look: Look

    def to_json_data(self) -> Json:
        """Grafana's `SpecialValueMap`."""
        return {"type": "special", "options": {"match": self.match, "result": self.look}}


Mapped = ValueMapping | RangeMapping | RegexMapping | SpecialMapping


def grounded(mappings: Sequence[Mapped], ground: Callable[[str], str]) -> list[Mapped]:
    """The mappings with each colour as `ground` makes it, for a colour that lies behind its word."""

    def darker(look: Look) -> Look:
        return attr.evolve(look, color=look.color and ground(look.color))

    changed: list[Mapped] = []
    for one in mappings:
        if isinstance(one, ValueMapping):
            changed.append(ValueMapping({value: darker(look) for value, look in one.looks.items()}))
        else:
            changed.append(attr.evolve(one, look=darker(one.look)))
    return changed


@attr.s(auto_attribs=True, frozen=True)
class ThresholdStep:
    """From this value on, this colour; grafanalib's `Threshold` writes the string "null" for the first."""

    color: str
    value: float | None = None

    def to_json_data(self) -> Json:
        """Grafana's `Threshold`."""
        return {"color": self.color, "value": self.value}


@attr.s(auto_attribs=True, kw_only=True)
class Field:
    """How the values of a panel are written: unit, colours, words, links."""

    unit: str | None = None
    decimals: int | None = None
    min: float | None = None
    max: float | None = None
    no_value: str | None = None
    color_mode: str = "thresholds"
    color: str | None = None
    steps: Sequence[ThresholdStep] = ()
    mappings: Sequence[Mapped] = ()
    links: Sequence[core.DataLink] = ()
    custom: Json = attr.ib(factory=dict)

    def to_json_data(self) -> Json:
        """Grafana's `FieldConfig`."""
        return present(
            {
                "unit": self.unit,
                "decimals": self.decimals,
                "min": self.min,
                "max": self.max,
                "noValue": self.no_value,
                "color": present({"mode": self.color_mode, "fixedColor": self.color}),
                "thresholds": {"mode": "absolute", "steps": list(self.steps)},
                "mappings": list(self.mappings),
                "links": list(self.links) or None,
                "custom": self.custom or None,
            }
        )


@attr.s(auto_attribs=True)
class Override:
    """Another look for the fields that match: `byName`, `byRegexp`, `byFrameRefID`, `byType`."""

    field: str
    properties: Mapping[str, Any]
    matcher: str = "byName"

    def to_json_data(self) -> Json:
        """Grafana's `FieldConfigOverride`, its properties in the order given."""
        return {
            "matcher": {"id": self.matcher, "options": self.field},
            "properties": [{"id": name, "value": value} for name, value in self.properties.items()],
        }


@attr.s(auto_attribs=True)
class Transformation:
    """One step between the answers of Prometheus and the panel."""

    id: str
    options: Json

    def to_json_data(self) -> Json:
        """Grafana's `DataTransformerConfig`."""
        return {"id": self.id, "options": self.options}
