"""What Alertmanager makes of an alert: whether it is told, to whom, when, and what keeps it quiet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pantau.alerting.explaining.alertmanager import Alertmanager
from pantau.alerting.hours import holds
from pantau.alerting.matchers import Labels
from pantau.alerting.routing import Route

_STEP = timedelta(minutes=5)
_FURTHEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class TakenRoute:
    """One route that the alert takes."""

    route: Route
    muted_until: datetime | None
    """The next moment within its hours; nothing if it is told at once, or if no such moment is near."""
    muted: bool


@dataclass(frozen=True, slots=True)
class AlertDelivery:
    """Of one alert."""

    known: bool
    """Whether Alertmanager has been given it."""
    inhibited_by: tuple[str, ...]
    silenced_by: tuple[str, ...]
    """Each with who, until when and why."""
    routes: tuple[TakenRoute, ...]

    @property
    def told(self) -> bool:
        """Whether somebody hears of it now."""
        return not self.inhibited_by and not self.silenced_by and any(not taken.muted for taken in self.routes)


def delivery_of(alertmanager: Alertmanager, labels: Labels, now: datetime) -> AlertDelivery:
    """Of an alert with these labels, whether it is there or would come."""
    held = alertmanager.find(labels)
    routes = tuple(_taken(alertmanager, route, now) for route in alertmanager.route.taken_by(labels))
    if held is None:
        return AlertDelivery(False, (), (), routes)
    inhibited = tuple(alertmanager.named(held.inhibited_by))
    silences = (alertmanager.silences.get(one) for one in held.silenced_by)
    silenced = tuple(f"{one.author}, until {one.ends:%d-%m-%Y %H:%M} UTC: {one.comment}" for one in silences if one)
    return AlertDelivery(True, inhibited, silenced, routes)


def _taken(alertmanager: Alertmanager, route: Route, now: datetime) -> TakenRoute:
    if _open(alertmanager, route, now):
        return TakenRoute(route, None, False)
    # A quiet time ends on a minute, and every office writes hours in fives.
    moment = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)
    while moment <= now + _FURTHEST:
        moment += _STEP
        if _open(alertmanager, route, moment):
            return TakenRoute(route, moment, True)
    return TakenRoute(route, None, True)


def _open(alertmanager: Alertmanager, route: Route, moment: datetime) -> bool:
    """Whether the route tells at that moment."""
    active = [alertmanager.intervals.get(name, []) for name in route.active_in]
    muted = [alertmanager.intervals.get(name, []) for name in route.muted_in]
    if any(holds(intervals, moment) for intervals in muted):
        return False
    return not active or any(holds(intervals, moment) for intervals in active)
