"""The looks: limits that stand on their heads, thresholds in no order, and those that were made for another figure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from dashboards.checking.named import Dashboard, Panel, named, properties, property_of
from dashboards.style.thresholds import MEANT_FOR

_MEANT_FOR = {tuple(step.value for step in steps): (what, asked) for steps, what, asked in MEANT_FOR}


def problems(dashboard: Dashboard) -> Iterator[str]:
    """What is wrong with limits and thresholds."""
    for panel in dashboard["panels"]:
        if "fieldConfig" in panel:
            yield from (f"{named(panel)} {problem}" for problem in _panel(panel))


def _panel(panel: Panel) -> Iterator[str]:
    yield from _limits(panel["fieldConfig"]["defaults"])
    for _matcher, field, name, value in properties(panel):
        if name == "thresholds":
            yield from (f"{problem}, in {field}" for problem in _order(value["steps"]))
    for target in panel.get("targets", ()):
        steps = (property_of(panel, target["refId"], "thresholds") or {}).get("steps", ())
        meant = _MEANT_FOR.get(tuple(step["value"] for step in steps))
        if meant is not None and not meant[1].search(target["expr"]):
            yield f"has the thresholds of {meant[0]} on query {target['refId']}, which asks for something else"


def _limits(defaults: Mapping[str, Any]) -> Iterator[str]:
    least, most = defaults.get("min"), defaults.get("max")
    soft = defaults.get("custom", {}).get("axisSoftMin")
    for name, low in (("min", least), ("axisSoftMin", soft)):
        if low is not None and most is not None and low >= most:
            yield f"has a max of {most} that is not above its {name} of {low}"
    yield from _order(defaults.get("thresholds", {}).get("steps", ()))


def _order(steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    values = [step["value"] for step in steps]
    if values and (values[0] is not None or any(low >= high for low, high in pairwise(values[1:]))):
        yield f"has thresholds that do not rise: {values}"
