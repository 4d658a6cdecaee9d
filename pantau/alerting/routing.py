"""Alertmanager's tree of routes, walked as Alertmanager walks it: where an alert goes, how grouped and when.

Own code, because the live configuration comes from the API and the answer must name the route, not the receiver alone;
a test holds it equal to `amtool config routes test`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pantau.alerting.matchers import Labels, Matcher, all_match, parse_matchers

_INHERITED = ("receiver", "group_by", "group_wait", "group_interval", "repeat_interval")
_DEFAULTS = {"group_wait": "30s", "group_interval": "5m", "repeat_interval": "4h", "group_by": []}


@dataclass(frozen=True)
class Route:
    """One node, with what it has from those above it filled in."""

    receiver: str
    group_by: tuple[str, ...]
    group_wait: str
    group_interval: str
    repeat_interval: str
    matchers: tuple[Matcher, ...] = ()
    goes_on: bool = False
    """Whether its later siblings are asked too (`continue`)."""
    active_in: tuple[str, ...] = ()
    """Time intervals outside which it is silent; not inherited."""
    muted_in: tuple[str, ...] = ()
    children: tuple["Route", ...] = field(default=(), repr=False)

    def taken_by(self, labels: Labels) -> list["Route"]:
        """The nodes at which an alert with these labels ends; empty if this one is not for it."""
        if not all_match(self.matchers, labels):
            return []
        found: list[Route] = []
        for child in self.children:
            below = child.taken_by(labels)
            found += below
            if below and not child.goes_on:
                break
        return found or [self]

    def nodes(self) -> Iterator["Route"]:
        """This one and all below it."""
        yield self
        for child in self.children:
            yield from child.nodes()


def parse_route(content: Mapping[str, Any], above: Mapping[str, Any] = _DEFAULTS) -> Route:
    """The tree that a configuration's `route` describes; `AlertingError` if a matcher cannot be read."""
    settings = {**above, **{key: content[key] for key in _INHERITED if content.get(key) is not None}}
    return Route(
        receiver=settings["receiver"],
        group_by=tuple(settings["group_by"]),
        group_wait=settings["group_wait"],
        group_interval=settings["group_interval"],
        repeat_interval=settings["repeat_interval"],
        matchers=tuple(_matchers(content)),
        goes_on=bool(content.get("continue")),
        active_in=tuple(content.get("active_time_intervals") or ()),
        muted_in=tuple(content.get("mute_time_intervals") or ()),
        children=tuple(parse_route(child, settings) for child in content.get("routes") or ()),
    )


def _matchers(content: Mapping[str, Any]) -> Iterator[Matcher]:
    """In the present form and in the two old ones that Alertmanager still takes."""
    for text in content.get("matchers") or ():
        yield from parse_matchers(text)
    for label, value in (content.get("match") or {}).items():
        yield Matcher(label, "=", str(value))
    for label, value in (content.get("match_re") or {}).items():
        yield Matcher(label, "=~", str(value))
