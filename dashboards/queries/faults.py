"""What is broken now, by its widest cause. The causes are those of the alerts (config/rules/).

While we do not see, the rules hold what was known before; each of its lines is marked as such (`BEFORE`), with its age.
"""

from dashboards.queries.acknowledging import all_taken_up, taken_up
from dashboards.queries.common import EVERY, in_states
from dashboards.queries.sight import BLIND, SEEN, none_of
from pantau.states import State

FAULT_OF_BLINDNESS = "!"
FAULT_OF_CITY, FAULT_OF_ISP, FAULT_OF_KECAMATAN, FAULT_OF_BOTH, FAULT_OF_UPLINK = "1", "2", "3", "4", "5"
FAULT_OF_PATH, FAULT_OF_MAINTENANCE, FAULT_OF_POINTS, NO_FAULT = "6", "7", "8", "9"
FAULT_OF_WARD, FAULT_OF_SIGHT, FAULT_OF_DEAD = "4.", "81", "82"
FAULT_OF_ISOLATION, FAULT_OF_NO_INTERNET = "2.5", "3.5"
"""The label `fault`; the widest sorts first, by letters (Grafana 9.4) as by numbers (12). Those of an uplink and of a
kelurahan have its name behind them."""
BEFORE = "?"
"""Before the label `fault`: so it was when we saw last."""

LONG_DEAD_SECONDS = 86_400
"""A point that has been offline for a day is no news of this shift: the ticket of its second day is written."""

_SINCE = "hotspot:outage_since:timestamp_seconds >= 0"
"""Recorded, and remembered: a moment of our own blindness makes no fault younger."""
_HELD = "hotspot:hotspot_down:held > 0"
_UNSEEN = (
    "max by (hotspot, kecamatan, isp) (hotspot:hotspot_unseen_since:timestamp_seconds > 0"
    " unless on (hotspot) (hotspot_unseen_since_timestamp_seconds == 0))"
)
"""Since when a point cannot be seen: as remembered over restarts, until the exporter says that it can."""
_UNSERVED_SINCE = "(hotspot:unserved_since:held >= 0)"
"""Of points that answer, and whose clients get the ISP's suspension page or nothing."""
_ISOLATED = "isp:hotspots_isolated:count > 0"
_NO_INTERNET = "kecamatan_isp:hotspots_no_internet:count > 0"
_OVERRUN = "max by (hotspot, kecamatan, isp) (hotspot:maintenance_overrun:held > 0)"
_CUT_OFF = "isp:peering_up:held == 0"

LEVELS = {
    FAULT_OF_CITY: "city",
    FAULT_OF_ISP: "isp",
    FAULT_OF_KECAMATAN: "kecamatan",
    FAULT_OF_BOTH: "kecamatan_isp",
    FAULT_OF_UPLINK: "uplink",
}
"""The wide faults and the first part of the names of what is recorded of each."""
_POINTS = "hotspot:outage_alone:timestamp_seconds"
"""Points that nothing wider explains, each since when; while we do not see, as they were when we saw last."""
_WARD = "hotspot:kelurahan_dark:timestamp_seconds"
"""Since when each point is offline that fell together with others of other ISPs in its kelurahan: as power does it."""
_LONG = f"time() - {LONG_DEAD_SECONDS}"
_DEAD = f"{_POINTS} <= {_LONG}"
_FRESH = f"({_POINTS} > {_LONG} unless on (hotspot) {_WARD})"

_EVERYWHERE = {
    FAULT_OF_BLINDNESS: ("kecamatan", "isp"),
    FAULT_OF_CITY: ("kecamatan", "isp"),
    FAULT_OF_ISP: ("kecamatan",),
    FAULT_OF_ISOLATION: ("kecamatan",),
    FAULT_OF_KECAMATAN: ("isp",),
    FAULT_OF_PATH: ("kecamatan",),
    NO_FAULT: ("kecamatan", "isp"),
}
"""The labels that a fault does not have, for it is everywhere."""
UPLINK_NAMES = 'max by (uplink, name) (last_over_time(uplink_info{name!=""}[1h]))'
"""Also for a while after the exporter that tells them has gone."""


def fault(expression: str, kind: str) -> str:
    """The expression with its kind, and with a value for the labels that its kind does not have."""
    if kind == FAULT_OF_UPLINK:
        named = f"({expression}) * on (uplink) group_left (name) {UPLINK_NAMES}"
        return f'label_replace({named}, "fault", "{kind}$1", "name", "(.*)")'
    if kind == FAULT_OF_WARD:
        everybody = f'label_replace({expression}, "isp", "{EVERY}", "", "")'
        return f'label_replace({everybody}, "fault", "{kind}$1", "kelurahan", "(.*)")'
    for label in _EVERYWHERE.get(kind, ()):
        expression = f'label_replace({expression}, "{label}", "{EVERY}", "", "")'
    return f'label_replace({expression}, "fault", "{kind}", "", "")'


_SIGHT = f'(label_replace(max({BLIND}) * 0 + 1, "sight", "{BEFORE}", "", "") or on () vector(1))'
"""One series, with the mark of what was known before as its label while we do not see."""
_SHOWN = "fault, kecamatan, isp"


def _marked(faults: dict[str, str], also: str = "uplink") -> str:
    known = " or ".join(fault(expression, kind) for kind, expression in faults.items())
    marked = f'label_join(({known}) * on () group_left (sight) {_SIGHT}, "fault", "", "sight", "fault")'
    return f"max by ({_SHOWN}, {also}) ({marked})"


_AT_UPLINK = "uplink_kecamatan_isp:hotspots_down:count > 0 and on (uplink) uplink:outage_hotspots:count"
"""Where the points are that it took, and not where its mast stands."""
_AT_UPLINK_SINCE = f"({_AT_UPLINK}) * 0 + on (uplink) group_left () uplink:outage_since:timestamp_seconds"
_ANY = f"({_HELD} or {_OVERRUN} or {_UNSEEN} or on () {_CUT_OFF} or on () {_ISOLATED} or on () {_NO_INTERNET})"

FAULT_POINTS = " or ".join(
    (
        fault(
            f'(sum(pantau_hotspots{{state="unknown"}}) or on () max(vantage:hotspots_known:held)) and on () {BLIND}',
            FAULT_OF_BLINDNESS,
        ),
        _marked(
            {kind: f"{level}:outage_hotspots:count" for kind, level in LEVELS.items() if kind != FAULT_OF_UPLINK}
            | {
                FAULT_OF_UPLINK: _AT_UPLINK,
                FAULT_OF_ISOLATION: _ISOLATED,
                FAULT_OF_NO_INTERNET: _NO_INTERNET,
                FAULT_OF_WARD: f"count by (kecamatan, kelurahan) ({_WARD})",
                FAULT_OF_PATH: f"isp:hotspots:count and {_CUT_OFF}",
                FAULT_OF_MAINTENANCE: f"count by (kecamatan, isp) ({_OVERRUN})",
                FAULT_OF_POINTS: f"count by (kecamatan, isp) ({_FRESH})",
                FAULT_OF_SIGHT: f"count by (kecamatan, isp) ({_UNSEEN})",
                FAULT_OF_DEAD: f"count by (kecamatan, isp) ({_DEAD})",
            }
        ),
        fault(f"0 * {SEEN} unless on () {_ANY}", NO_FAULT),
    )
)
"""Points by fault: one line for each wide one; single points are gathered by kecamatan and ISP."""


def _first(kind: str, by: str) -> str:
    return f"min by ({by}) ({_UNSERVED_SINCE} and on (hotspot) hotspot:{kind}:held > 0)"


_UNKNOWN = in_states("hotspot_state", (State.UNKNOWN,))
_PEERING_SINCE = f"hotspot_state_since_timestamp_seconds and on (hotspot) {_UNKNOWN} and on (isp) {_CUT_OFF}"
FAULT_SINCE_SECONDS = " or ".join(
    (
        fault("max(vantage:unseen_since:timestamp_seconds)", FAULT_OF_BLINDNESS),
        _marked(
            {
                kind: f"{level}:outage_since:timestamp_seconds and {level}:outage_hotspots:count"
                for kind, level in LEVELS.items()
                if kind != FAULT_OF_UPLINK
            }
            | {
                FAULT_OF_UPLINK: _AT_UPLINK_SINCE,
                FAULT_OF_ISOLATION: f"isp:isolated_since:timestamp_seconds or on (isp) {_first('isolated', 'isp')}",
                FAULT_OF_NO_INTERNET: _first("no_internet", "kecamatan, isp"),
                FAULT_OF_WARD: f"min by (kecamatan, kelurahan) ({_WARD})",
                FAULT_OF_PATH: f"quantile by (isp) (0.5, {_PEERING_SINCE})",
                FAULT_OF_MAINTENANCE: f"max by (kecamatan, isp) ({_SINCE} and on (hotspot) {_OVERRUN})",
                FAULT_OF_POINTS: f"max by (kecamatan, isp) ({_FRESH})",
                FAULT_OF_SIGHT: f"max by (kecamatan, isp) ({_UNSEEN})",
                FAULT_OF_DEAD: f"max by (kecamatan, isp) ({_DEAD})",
            }
        ),
    )
)
FAULT_SINCE = f"({FAULT_SINCE_SECONDS}) * 1000"
"""When the faults of `FAULT_POINTS` began, in ms: of single points the newest."""
FAULT_AGE = f"time() - ({FAULT_SINCE_SECONDS})"

_SAME = "kecamatan, isp"
_DOWN = "HotspotDown|HotspotDownLong"


def _of_all(label: str, other: str) -> str:
    """Of each row whose alert is about an ISP, or a kecamatan, alone."""
    alert = taken_up("NoInternet", label, f', {label}!="", {other}=""')
    return f"({_NO_INTERNET}) * 0 + on ({label}) group_left (ack) {alert}"


_TAKEN_WITHOUT_INTERNET = " or ".join(
    (
        taken_up("NoInternet", _SAME, ', kecamatan!="", isp!=""'),
        _of_all("isp", "kecamatan"),
        _of_all("kecamatan", "isp"),
    )
)
_TAKEN = _marked(
    {
        FAULT_OF_CITY: taken_up("CityOutage", ""),
        FAULT_OF_ISP: taken_up("IspOutage", "isp"),
        FAULT_OF_KECAMATAN: taken_up("KecamatanOutage", "kecamatan"),
        FAULT_OF_BOTH: taken_up("IspKecamatanOutage", _SAME),
        FAULT_OF_UPLINK: f"({_AT_UPLINK}) * 0 + on (uplink) group_left (ack) {taken_up('UplinkDown', 'uplink')}",
        FAULT_OF_ISOLATION: taken_up("IspIsolated", "isp"),
        FAULT_OF_NO_INTERNET: _TAKEN_WITHOUT_INTERNET,
        FAULT_OF_WARD: all_taken_up(_WARD, _DOWN, "kecamatan, kelurahan"),
        FAULT_OF_PATH: taken_up("PeeringDown", "isp"),
        FAULT_OF_MAINTENANCE: f"topk by ({_SAME}) (1, max by ({_SAME}, ack) ((hotspot:maintenance_overrun:held > 0)"
        f" * 0 + on (window) group_left (ack) {taken_up('MaintenanceOverrun', 'window')}))",
        FAULT_OF_POINTS: all_taken_up(_FRESH, _DOWN, _SAME),
        FAULT_OF_DEAD: all_taken_up(_DEAD, _DOWN, _SAME),
    },
    also="ack",
)
FAULT_TAKEN = f"0 * {_TAKEN}"
"""The faults of `FAULT_POINTS` that somebody has taken up, with the label `ack`: the ticket, or who. Known, not new."""

UNSEEN_SINCE = (
    "max by (hotspot, kecamatan, isp, name, reason) ("
    "hotspot_unseen_info * on (hotspot) group_left (name) max by (hotspot, name) (hotspot_info)"
    f" * on (hotspot) group_left () max by (hotspot) ({_UNSEEN})) * 1000"
    f" or {none_of('hotspot_unseen_info', 'reason')}"
)
"""Each point that cannot be seen, with its reason: since when, in ms; one line with the reason `none` if all can be."""
