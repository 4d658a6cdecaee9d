"""What is broken, by its widest cause: now, and over a shift. The causes are those of the alerts (config/rules/)."""

from dashboards.queries.common import EVERY

FAULT_OF_CITY, FAULT_OF_ISP, FAULT_OF_KECAMATAN, FAULT_OF_BOTH, FAULT_OF_UPLINK = "1", "2", "3", "4", "5"
FAULT_OF_PATH, FAULT_OF_MAINTENANCE, FAULT_OF_POINTS, NO_FAULT = "6", "7", "8", "9"
FAULT_OF_SIGHT = "81"
"""The label `fault`; the widest sorts first. That of an uplink has the uplink's name behind it."""

_SINCE = "hotspot:hotspot_down_since:timestamp_seconds"
"""Recorded, and remembered: a moment of our own blindness makes no fault younger."""
_SINGLE = "hotspot:hotspot_down_unexplained:held"
_UNSEEN_NOW = "hotspot_unseen_since_timestamp_seconds > 0"
_UNSEEN = (
    f"(max by (hotspot, kecamatan, isp) (hotspot:hotspot_unseen_since:timestamp_seconds)"
    f" and on (hotspot) ({_UNSEEN_NOW})) or max by (hotspot, kecamatan, isp) ({_UNSEEN_NOW})"
)
"""Since when a point cannot be seen: as remembered over restarts, or as the exporter says it."""
_OVERRUN = "hotspot:maintenance_overrun:held"
_OVERRUN_SINCE = f"hotspot_state_since_timestamp_seconds and on (hotspot) {_OVERRUN}"
_BEHIND = (
    f"max by (hotspot, uplink) (hotspot_uplink_info and on (hotspot) {_SINCE})"
    f" * on (hotspot) group_left () max by (hotspot) ({_SINCE})"
)
_NAMED = "max by (uplink, kecamatan, isp, name) (uplink_info)"
_EVERYWHERE = {
    FAULT_OF_CITY: ("kecamatan", "isp"),
    FAULT_OF_ISP: ("kecamatan",),
    FAULT_OF_KECAMATAN: ("isp",),
    FAULT_OF_PATH: ("kecamatan",),
}
"""The labels that a fault does not have, for it is everywhere."""


def _fault(expression: str, kind: str) -> str:
    """The expression with its kind, and with a value for the labels that its kind does not have."""
    if kind == FAULT_OF_UPLINK:
        named = f"({expression}) * on (uplink) group_left (name, kecamatan, isp) {_NAMED}"
        return f'label_replace({named}, "fault", "{kind}$1", "name", "(.*)")'
    for label in _EVERYWHERE.get(kind, ()):
        expression = f'label_replace({expression}, "{label}", "{EVERY}", "", "")'
    return f'label_replace({expression}, "fault", "{kind}", "", "")'


_WIDE = {
    FAULT_OF_CITY: "city:outage_hotspots:count",
    FAULT_OF_ISP: "isp:outage_hotspots:count",
    FAULT_OF_KECAMATAN: "kecamatan:outage_hotspots:count",
    FAULT_OF_BOTH: "kecamatan_isp:outage_hotspots:count",
    FAULT_OF_UPLINK: "uplink:outage_hotspots:count",
}

FAULT_POINTS = " or ".join(
    (
        *(_fault(expression, kind) for kind, expression in _WIDE.items()),
        _fault("isp:hotspots:count and isp:peering_up:held == 0", FAULT_OF_PATH),
        _fault(f"count by (kecamatan, isp) ({_OVERRUN})", FAULT_OF_MAINTENANCE),
        _fault(f"count by (kecamatan, isp) ({_SINGLE})", FAULT_OF_POINTS),
        _fault(f"count by (kecamatan, isp) ({_UNSEEN})", FAULT_OF_SIGHT),
        _fault(f"absent(hotspot:hotspot_down:held or {_OVERRUN} or {_UNSEEN}) * 0", NO_FAULT),
    )
)
"""Points by fault: one line for each wide one; single points are gathered by kecamatan and ISP."""


def _median_since(labels: str, level: str, of: str = _SINCE) -> str:
    return f"quantile by ({labels}) (0.5, {of} and on ({labels}) {level}:outage:ratio) * 1000"


FAULT_SINCE = " or ".join(
    (
        _fault(_median_since("", "city"), FAULT_OF_CITY),
        _fault(_median_since("isp", "isp"), FAULT_OF_ISP),
        _fault(_median_since("kecamatan", "kecamatan"), FAULT_OF_KECAMATAN),
        _fault(_median_since("kecamatan, isp", "kecamatan_isp"), FAULT_OF_BOTH),
        _fault(_median_since("uplink", "uplink", _BEHIND), FAULT_OF_UPLINK),
        _fault(f"max by (kecamatan, isp) ({_OVERRUN_SINCE}) * 1000", FAULT_OF_MAINTENANCE),
        _fault(f"max by (kecamatan, isp) ({_SINCE} and on (hotspot) {_SINGLE}) * 1000", FAULT_OF_POINTS),
        _fault(f"max by (kecamatan, isp) ({_UNSEEN}) * 1000", FAULT_OF_SIGHT),
    )
)
"""When the faults of `FAULT_POINTS` began, in ms: the median of a wide one's points, the newest of single points."""


UNSEEN_SINCE = (
    "max by (hotspot, kecamatan, isp, name, reason) ("
    "hotspot_unseen_info * on (hotspot) group_left (name) max by (hotspot, name) (hotspot_info)"
    f" * on (hotspot) group_left () max by (hotspot) ({_UNSEEN})) * 1000"
)
"""Each point that cannot be seen, with its reason: since when, in ms."""


SHIFT_CAUSES = {kind: f"sum({expression}) or vector(0)" for kind, expression in _WIDE.items()} | {
    FAULT_OF_MAINTENANCE: f"count({_OVERRUN}) or vector(0)",
    FAULT_OF_POINTS: f"count({_SINGLE}) or vector(0)",
}
"""Points down over time by cause."""

_LABELS = {
    FAULT_OF_CITY: "",
    FAULT_OF_ISP: "isp",
    FAULT_OF_KECAMATAN: "kecamatan",
    FAULT_OF_BOTH: "kecamatan, isp",
    FAULT_OF_UPLINK: "uplink",
}
_HIT = {kind: f"max by ({_LABELS[kind]}) ({expression})" for kind, expression in _WIDE.items()}
_PLACE = 'max by (kecamatan, place) (label_replace(kecamatan_info, "place", "$1", "name", "(.+)"))'
_OWNER = 'max by (isp, owner) (label_replace(isp_info, "owner", "$1", "name", "(.+)"))'
_AT_PLACE, _OF_OWNER = f"* on (kecamatan) group_left (place) {_PLACE}", f"* on (isp) group_left (owner) {_OWNER}"
SHIFT_TIMELINE = {
    FAULT_OF_CITY: _HIT[FAULT_OF_CITY],
    FAULT_OF_ISP: f"({_HIT[FAULT_OF_ISP]}) {_OF_OWNER}",
    FAULT_OF_KECAMATAN: f"({_HIT[FAULT_OF_KECAMATAN]}) {_AT_PLACE}",
    FAULT_OF_BOTH: f"({_HIT[FAULT_OF_BOTH]}) {_OF_OWNER} {_AT_PLACE}",
    FAULT_OF_UPLINK: f"({_HIT[FAULT_OF_UPLINK]}) * on (uplink) group_left (name) max by (uplink, name) (uplink_info)",
}
"""Points hit by each wide fault over time, with the names of whose and where; nothing while there is none."""


def _wide(form: str) -> str:
    return " or ".join(_fault(form.format(series), kind) for kind, series in _WIDE.items())


SHIFT_SECONDS = _wide("15 * count_over_time({}[$__range])")
"""Recorded each 15 s while it lasts."""
SHIFT_POINTS = _wide("max_over_time({}[$__range])")
SHIFT_BEGAN = _wide("1000 * min_over_time(timestamp({})[$__range:1m])")
SHIFT_OPEN = _wide("1 * {}")
"""By the labels alone, as the others: a product has no name."""
SHIFT_HOTSPOTS = "count(changes(hotspot_up[$__range]) > 0) or vector(0)"
SHIFT_BLIND = "sum(60 * count_over_time((pantau_vantage_up == 0)[$__range:1m])) or vector(0)"
