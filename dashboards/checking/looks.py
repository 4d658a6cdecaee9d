"""The looks: limits that stand on their heads, thresholds in no order or of another figure, green without an answer."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from dashboards import states
from dashboards.checking.named import Dashboard, Panel, named, properties, property_of
from dashboards.style.thresholds import MEANT_FOR

_GOOD = {states.GOOD, states.ground(states.GOOD)}
_MEANT_FOR = {tuple(step.value for step in steps): (what, asked) for steps, what, asked in MEANT_FOR}


def problems(dashboard: Dashboard) -> Iterator[str]:
    """What is wrong with limits and thresholds."""
    for panel in dashboard["panels"]:
        if "fieldConfig" in panel:
            yield from (f"{named(panel)} {problem}" for problem in _panel(panel))


def _panel(panel: Panel) -> Iterator[str]:
    defaults = panel["fieldConfig"]["defaults"]
    looks: dict[str, dict[str, Any]] = {}
    for _matcher, field, name, value in properties(panel):
        looks.setdefault(field, {})[name] = value
    for where, own in (("", {}), *((f", in {field}", own) for field, own in looks.items())):
        if not where or {"min", "max", "custom.axisSoftMin"} & {*own}:
            yield from (f"{problem}{where}" for problem in _limits(defaults, own))
        steps = (own if where else defaults).get("thresholds", {}).get("steps", ())
        yield from (f"{problem}{where}" for problem in _steps(steps))
    for target in panel.get("targets", ()):
        steps = (property_of(panel, target["refId"], "thresholds") or {}).get("steps", ())
        meant = _MEANT_FOR.get(tuple(step["value"] for step in steps))
        if meant is not None and not meant[1].search(target["expr"]):
            yield f"has the thresholds of {meant[0]} on query {target['refId']}, which asks for something else"


def _limits(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[str]:
    most = own.get("max", defaults.get("max"))
    soft = own.get("custom.axisSoftMin", defaults.get("custom", {}).get("axisSoftMin"))
    for name, low in (("min", own.get("min", defaults.get("min"))), ("axisSoftMin", soft)):
        if low is not None and most is not None and low >= most:
            yield f"has a max of {most} that is not above its {name} of {low}"


def _steps(steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    values = [step["value"] for step in steps]
    if values and (values[0] is not None or any(low >= high for low, high in pairwise(values[1:]))):
        yield f"has thresholds that do not rise: {values}"
    if steps and steps[0]["color"] in _GOOD:
        yield "is green also without an answer"
