"""The hotspots that the variables choose, together, by kecamatan or ISP, and one by one."""

from dashboards.queries.availability import availability_day, availability_over
from dashboards.queries.common import EVERY, SCOPE, in_states, info
from dashboards.queries.sight import while_seen
from pantau.states import NOT_SERVING, UNJUDGED, matcher

NOBODY_KNOWS = -1
"""In the matrix: there are points, and none of them can be judged."""


def _matrix(form: str) -> str:
    return " or ".join(
        (
            form.format(by="kecamatan, isp", level="kecamatan_isp"),
            f'label_replace({form.format(by="kecamatan", level="kecamatan")}, "isp", "{EVERY}", "", "")',
            f'label_replace({form.format(by="isp", level="isp")}, "kecamatan", "{EVERY}", "", "")',
            f'label_replace(label_replace({form.format(by="", level="city")}, "isp", "{EVERY}", "", ""),'
            f' "kecamatan", "{EVERY}", "", "")',
        )
    )


_SHARES = _matrix("max by ({by}) ({level}:hotspot_up:ratio)")
_PRESENT = _matrix("sum by ({by}) ({level}:hotspot_state:count) > 0")
_SHOWN = f"({while_seen(_SHARES)}) or ({_PRESENT}) * 0 - {-NOBODY_KNOWS}"
_ORDERED = f'label_replace({_SHOWN}, "order", "$1", "kecamatan", "(.*)")'
MATRIX = f'label_replace({_ORDERED}, "order", "zzz", "kecamatan", "{EVERY}")'
"""Share online of each ISP in each kecamatan, with the totals of both as `EVERY`: last by the label `order`."""

SCOPE_ONLINE = f"sum(kecamatan_isp:hotspot_up:sum{{{SCOPE}}})"
SCOPE_JUDGED = f"sum(kecamatan_isp:hotspot_up:count{{{SCOPE}}})"
SCOPE_SHARE = while_seen(f"{SCOPE_ONLINE} / {SCOPE_JUDGED}")


def points_by(label: str) -> str:
    """How many of the chosen hotspots there are, whatever their state, by `kecamatan` or `isp`."""
    return f"sum by ({label}) (kecamatan_isp:hotspot_state:count{{{SCOPE}}})"


def share_by(label: str) -> str:
    """Share online of the chosen hotspots by `kecamatan` or `isp`."""
    return while_seen(f"sum by ({label}) (kecamatan_isp:hotspot_up:sum{{{SCOPE}}}) / {judged_by(label)}")


def judged_by(label: str) -> str:
    """How many of the chosen hotspots can be judged, by `kecamatan` or `isp`."""
    return f"sum by ({label}) (kecamatan_isp:hotspot_up:count{{{SCOPE}}})"


def down_by(label: str) -> str:
    """How many of the chosen hotspots are offline, by `kecamatan` or `isp`."""
    return f"{judged_by(label)} - sum by ({label}) (kecamatan_isp:hotspot_up:sum{{{SCOPE}}})"


def unjudged_by(label: str) -> str:
    """How many of the chosen hotspots nobody can judge now, by `kecamatan` or `isp`; points less these are judged."""
    return f"{points_by(label)} - ({judged_by(label)} or 0 * {points_by(label)})"


JUDGED_UP = (
    f"max by (hotspot) (hotspot_up{{{SCOPE}}} unless on (hotspot) {in_states(f'hotspot_state{{{SCOPE}}}', UNJUDGED)})"
)
"""`hotspot_up` of the chosen hotspots that can be judged now; elsewhere it stands as it was."""

_UP_HERE = info(JUDGED_UP, "kelurahan", SCOPE)
_ALL_HERE = f"count by (kelurahan) (max by (hotspot, kelurahan) (hotspot_info{{{SCOPE}}}))"
KELURAHAN_SHARE = while_seen(f"avg by (kelurahan) ({_UP_HERE})")
KELURAHAN_POINTS = _ALL_HERE
KELURAHAN_DOWN = f"count by (kelurahan) ({_UP_HERE}) - sum by (kelurahan) ({_UP_HERE})"
KELURAHAN_UNJUDGED = f"{_ALL_HERE} - (count by (kelurahan) ({_UP_HERE}) or 0 * {_ALL_HERE})"

_HERE = f"and on (hotspot) hotspot_state{{{SCOPE}}}"
"""Only what the exporter tells of now: a list without its exporter would be one of ids without names."""
LIST_STATE = info(f"max by (hotspot, kecamatan, isp) (hotspot_state{{{SCOPE}}})", "name, kelurahan", SCOPE)
LIST_DAY = f"max by (hotspot) ({availability_day(SCOPE)})"
LIST_WEEK = f"{availability_over('7d')} {_HERE}"
LIST_MONTH = f"{availability_over('$__range')} {_HERE}"
LIST_LOSS = f"max by (hotspot) (hotspot_probe_loss_ratio{{{SCOPE}}})"
LIST_RTT = (
    f"sum by (hotspot) (rate(hotspot_probe_rtt_seconds_sum{{{SCOPE}}}[5m]))"
    f" / (sum by (hotspot) (rate(hotspot_probe_rtt_seconds_count{{{SCOPE}}}[5m])) > 0)"
)


def since(selector: str) -> str:
    """Since when each hotspot is as it is, in ms.

    Of one that is offline, or was when we lost sight of it: its outage's own beginning. Its state began anew when we
    saw again, and that is ours and not the city's.
    """
    offline = f"(hotspot:outage_since:timestamp_seconds{{{selector}}} >= 0)"
    return f"max by (hotspot) ({offline} or on (hotspot) hotspot_state_since_timestamp_seconds{{{selector}}}) * 1000"


LIST_SINCE = f"{since(SCOPE)} {_HERE}"

_COUNTED = f"hotspot:unavailable_seconds:total{{{SCOPE}}}"
_LATELY = (
    f'clamp_min(sum by (hotspot) (hotspot_state_seconds_total{{{SCOPE}, state=~"{matcher(NOT_SERVING)}"}} @ end())'
    f" - on (hotspot) sum by (hotspot) ({_COUNTED} @ end()), 0)"
)
"""What the exporter has counted since it was last recorded, up to five minutes ago."""
_RECORDED = f"sum by (hotspot) (increase({_COUNTED}[$__range] @ end()))"
_OFFLINE_FOR = (
    f"max by (hotspot) (timestamp(hotspot:outage_since:timestamp_seconds{{{SCOPE}}} @ end())"
    f" - (hotspot:outage_since:timestamp_seconds{{{SCOPE}}} @ end() >= 0))"
)
"""Of those offline now: an outage that has just begun is one already."""
_TOLD = f'{_RECORDED} or label_replace({_LATELY}, "lately", "1", "", "")'
_LOST = f"(sum by (hotspot) ({_TOLD}) > 0 or {_OFFLINE_FOR} > 0)"
"""Seconds offline in the time range of each hotspot that was."""


def longest_down(count: int) -> str:
    """The states over time of the hotspots that were down for longest in the time range, by name."""
    # First choose, then aggregate and join: what is fixed to the end of the range is reckoned once, not at each step.
    chosen = f"and on (hotspot) topk({count}, {_LOST})"
    state = f"max by (hotspot) (hotspot_state{{{SCOPE}}} {chosen})"
    named = f"max by (hotspot, name) (hotspot_info{{{SCOPE}}} @ end())"  # not chosen again: of a tie others would be
    return f"{state} * on (hotspot) group_left (name) {named}"


OUTAGES_NUMBER = f"sum(ceil((changes(hotspot_up{{{SCOPE}}}[$__range]) + 1 - hotspot_up{{{SCOPE}}}) / 2))"
"""Outages that touch the time range, one that lasts for the whole of it included."""
OUTAGES_SECONDS = f"sum({_LOST}) or 0 * {SCOPE_JUDGED}"
OUTAGES_HOTSPOTS = f"count({_LOST}) or 0 * {SCOPE_JUDGED}"


ISP_RTT_BUCKETS = f"sum by (le) (kecamatan_isp:hotspot_probe_rtt_seconds_bucket:rate5m{{{SCOPE}}})"
_CHOSEN = 'isp=~"${isp:pipe}"'
_NAMED = "* on (isp) group_left (name) max by (isp, name) (isp_info)"
ISP_AVAILABILITY_DAY = f"isp:hotspot_availability:ratio1d{{{_CHOSEN}}} {_NAMED}"
MEDIAN_AVAILABILITY_DAY = "quantile(0.5, isp:hotspot_availability:ratio1d)"
ISP_RTT = f"isp:hotspot_probe_rtt_seconds:p50_5m{{{_CHOSEN}}} {_NAMED}"
MEDIAN_RTT = "quantile(0.5, isp:hotspot_probe_rtt_seconds:p50_5m)"
ISP_LOSS = f"isp:hotspot_probe_loss:ratio5m{{{_CHOSEN}}} {_NAMED}"
MEDIAN_LOSS = "quantile(0.5, isp:hotspot_probe_loss:ratio5m)"
