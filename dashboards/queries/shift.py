"""What a shift hands over: the faults of the time range, each outage by itself, and how long we did not see.

Lengths and beginnings are those that the rules measured (`outage_began`, `outage_lasted`), not a number of samples:
they are the same whatever the scrapes, the evaluations or the step of a graph.
"""

from dashboards.queries.faults import (
    FAULT_OF_BOTH,
    FAULT_OF_CITY,
    FAULT_OF_ISP,
    FAULT_OF_KECAMATAN,
    FAULT_OF_MAINTENANCE,
    FAULT_OF_POINTS,
    FAULT_OF_UPLINK,
    LEVELS,
    NO_FAULT,
    UPLINK_NAMES,
    fault,
)
from dashboards.queries.sight import BLIND, SEEN, SIGHT, UNSEEN_SECONDS, or_zero

SHIFT_CAUSES = {kind: or_zero(f"sum({level}:outage_hotspots:count)") for kind, level in LEVELS.items()} | {
    FAULT_OF_MAINTENANCE: or_zero("count(max by (hotspot) (hotspot:maintenance_overrun:held > 0))"),
    # Without the exporter nobody tells which of them hang behind a cut uplink.
    FAULT_OF_POINTS: or_zero(f"count(hotspot:hotspot_down_unexplained:held > 0) unless on () {BLIND}"),
}
"""Points down over time by cause; nothing while we do not see."""

_LABELS = {
    FAULT_OF_CITY: "",
    FAULT_OF_ISP: "isp",
    FAULT_OF_KECAMATAN: "kecamatan",
    FAULT_OF_BOTH: "kecamatan, isp",
    FAULT_OF_UPLINK: "uplink",
}
_HIT = {kind: f"max by ({_LABELS[kind]}) ({level}:outage_hotspots:count)" for kind, level in LEVELS.items()}
_PLACE = 'max by (kecamatan, place) (label_replace(kecamatan_info, "place", "$1", "name", "(.+)"))'
_OWNER = 'max by (isp, owner) (label_replace(isp_info, "owner", "$1", "name", "(.+)"))'
_AT_PLACE, _OF_OWNER = f"* on (kecamatan) group_left (place) {_PLACE}", f"* on (isp) group_left (owner) {_OWNER}"
SHIFT_TIMELINE = {
    FAULT_OF_CITY: _HIT[FAULT_OF_CITY],
    FAULT_OF_ISP: f"({_HIT[FAULT_OF_ISP]}) {_OF_OWNER}",
    FAULT_OF_KECAMATAN: f"({_HIT[FAULT_OF_KECAMATAN]}) {_AT_PLACE}",
    FAULT_OF_BOTH: f"({_HIT[FAULT_OF_BOTH]}) {_OF_OWNER} {_AT_PLACE}",
    FAULT_OF_UPLINK: f"({_HIT[FAULT_OF_UPLINK]}) * on (uplink) group_left (name) {UPLINK_NAMES}",
}
"""Points hit by each wide fault over time, with the names of whose and where; nothing while there is none."""
SHIFT_SIGHT = SIGHT

_MOST_HIT = "0 * topk by (uplink) (1, max_over_time(uplink_kecamatan_isp:hotspots_down:count[$__range]) > 0) + 1"
"""Where an uplink's dead points were, and whose; not where its mast stands."""


def _wide(form: str) -> str:
    """Of each outage that touches the time range, by what it was, where, whose, and when it began."""
    found = []
    for kind, level in LEVELS.items():
        expression = f"max by ({', '.join(filter(None, (_LABELS[kind], 'since')))}) ({form.format(level)})"
        if kind == FAULT_OF_UPLINK:
            expression += f" * on (uplink) group_left (kecamatan, isp) ({_MOST_HIT})"
        found.append(fault(expression, kind))
    return f"max by (fault, kecamatan, isp, since) ({' or '.join(found)})"


_POINTS = _wide("max_over_time({}:outage_hit:count[$__range])")
_BEGAN = _wide("1000 * max_over_time({}:outage_began:timestamp_seconds[$__range])")
_SECONDS = _wide("max_over_time({}:outage_lasted:seconds[$__range])")
_ANY = " or on () ".join(f"count_over_time({level}:outage_hit:count[$__range])" for level in LEVELS.values())
_OPEN = _wide("{}:outage_lasted:seconds")
_KEY = "fault, kecamatan, isp, since"

OPEN, OPEN_BEFORE, ENDED, NEVER = "open", "unsure", "ended", "none"
"""The label `now`: it goes on, it did when we saw last, it is over; and of the line that there was none."""


def _told(label: str, numbers: str) -> str:
    """1 for each of them, with the number as a label."""
    return f'* on ({_KEY}) group_left ({label}) count_values by ({_KEY}) ("{label}", {numbers})'


def _now(outages: str, word: str) -> str:
    return f'label_replace(({outages}) * 0 + 1, "now", "{word}", "", "")'


_STATE = (
    f"{_now(f'{_OPEN} unless on () {BLIND}', OPEN)} or {_now(f'{_OPEN} and on () {BLIND}', OPEN_BEFORE)}"
    f" or on ({_KEY}) {_now(_POINTS, ENDED)}"
)
_NEVER = f'label_replace({fault(f"0 * {SEEN} unless on () ({_ANY})", NO_FAULT)}, "now", "{NEVER}", "", "")'
SHIFT_OUTAGES = (
    f"{_BEGAN} {_told('points', _POINTS)} {_told('seconds', f'round({_SECONDS})')}"
    f" * on ({_KEY}) group_left (now) ({_STATE}) or {_NEVER}"
)
"""One row an outage, and all that is said of it in one answer, so that a file of it is whole: when it began in ms, also
before the time range; its length, its most points, and how it stands, as labels."""
SHIFT_HOTSPOTS = or_zero("count(changes(hotspot_up[$__range]) > 0)")
SHIFT_BLIND = UNSEEN_SECONDS
