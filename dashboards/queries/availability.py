"""Availability: the time online, of the time that we can judge."""

from dashboards.queries.common import SCOPE, info, share


def availability_day(selector: str = "") -> str:
    """Availability of each hotspot over the last 24 hours, as the exporter tells it."""
    return f"hotspot_availability_day_ratio{{{selector}}}"


def scope_availability(window: str) -> str:
    """Availability of the chosen hotspots over `1d` or `30d`, every second weighing alike."""
    known = {"1d": "sum1d", "30d": "latest30d"}[window]
    good = f"sum(contract:available_seconds:{known}{{{SCOPE}}})"
    return f"{good} / ({good} + sum(contract:unavailable_seconds:{known}{{{SCOPE}}}))"


def availability_over(window: str, selector: str = SCOPE) -> str:
    """Availability of each hotspot over any window, from its seconds as they stand each 5 minutes."""
    good = f"sum by (hotspot) (increase(hotspot:available_seconds:total{{{selector}}}[{window}]))"
    bad = f"sum by (hotspot) (increase(hotspot:unavailable_seconds:total{{{selector}}}[{window}]))"
    return share(good, bad)


def worst(count: int, selector: str = "") -> str:
    """The hotspots with the lowest availability of 24 hours, with name and kelurahan."""
    lowest = f"bottomk({count}, max by (hotspot, kecamatan, isp) ({availability_day(selector)}))"
    return info(lowest, "name, kelurahan")


def worst_states(count: int, selector: str = "") -> str:
    """The present states of the hotspots of `worst`, joined on the hotspot."""
    lowest = f"bottomk({count}, max by (hotspot) ({availability_day(selector)}))"
    return f"max by (hotspot) (hotspot_state{{{selector}}}) and on (hotspot) {lowest}"
