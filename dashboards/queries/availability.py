"""Availability: the time online, of the time that we can judge."""

from dashboards.queries.common import SCOPE, info


def availability(window: str, level: str = "hotspot", selector: str = "") -> str:
    """The recorded availability: of a hotspot over `1d`, of the other levels over `1h`, `1d` or `30d` too."""
    return f"{level}:hotspot_availability:ratio{window}{{{selector}}}"


def scope_availability(window: str) -> str:
    """Availability of the chosen hotspots over `1d` or `30d`, every second weighing alike."""
    known = {"1d": "sum1d", "30d": "latest30d"}[window]
    good = f"sum(contract:available_seconds:{known}{{{SCOPE}}})"
    return f"{good} / ({good} + sum(contract:unavailable_seconds:{known}{{{SCOPE}}}))"


def availability_over(window: str, selector: str = SCOPE) -> str:
    """Availability of each hotspot over any window, from the seconds of each 5 minutes."""
    good = f"sum by (hotspot) (sum_over_time(hotspot:available_seconds:increase5m{{{selector}}}[{window}]))"
    bad = f"sum by (hotspot) (sum_over_time(hotspot:unavailable_seconds:increase5m{{{selector}}}[{window}]))"
    return f"{good} / ({good} + {bad} > 0)"


def worst(count: int, selector: str = "") -> str:
    """The hotspots with the lowest availability of 24 hours, with name and kelurahan."""
    lowest = f"bottomk({count}, max by (hotspot, kecamatan, isp) ({availability('1d', selector=selector)}))"
    return info(lowest, "name, kelurahan")


def worst_states(count: int, selector: str = "") -> str:
    """The present states of the hotspots of `worst`, joined on the hotspot."""
    lowest = f"bottomk({count}, max by (hotspot) ({availability('1d', selector=selector)}))"
    return f"max by (hotspot) (hotspot_state{{{selector}}}) and on (hotspot) {lowest}"
