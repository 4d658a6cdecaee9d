"""The hotspots that the variables choose, together, by kecamatan or ISP, and one by one."""

from dashboards.queries.availability import availability_day, availability_over
from dashboards.queries.common import EVERY, SCOPE, in_states, info
from pantau.states import UNJUDGED

MATRIX = (
    "max by (kecamatan, isp) (kecamatan_isp:hotspot_up:ratio)"
    f' or label_replace(max by (kecamatan) (kecamatan:hotspot_up:ratio), "isp", "{EVERY}", "", "")'
    f' or label_replace(max by (isp) (isp:hotspot_up:ratio), "kecamatan", "{EVERY}", "", "")'
    f' or label_replace(label_replace(city:hotspot_up:ratio, "isp", "{EVERY}", "", ""), "kecamatan", "{EVERY}", "", "")'
)
"""Share online of each ISP in each kecamatan, with the totals of both under the name `EVERY`."""

SCOPE_ONLINE = f"sum(kecamatan_isp:hotspot_up:sum{{{SCOPE}}})"
SCOPE_JUDGED = f"sum(kecamatan_isp:hotspot_up:count{{{SCOPE}}})"
SCOPE_SHARE = f"{SCOPE_ONLINE} / {SCOPE_JUDGED}"


def scope_state_count(label: str) -> str:
    """How many of the chosen hotspots are in this state."""
    return f'sum(kecamatan_isp:hotspot_state:count{{{SCOPE}, state="{label}"}})'


def share_by(label: str) -> str:
    """Share online of the chosen hotspots by `kecamatan` or `isp`."""
    return f"sum by ({label}) (kecamatan_isp:hotspot_up:sum{{{SCOPE}}}) / {judged_by(label)}"


def judged_by(label: str) -> str:
    """How many of the chosen hotspots can be judged, by `kecamatan` or `isp`."""
    return f"sum by ({label}) (kecamatan_isp:hotspot_up:count{{{SCOPE}}})"


def down_by(label: str) -> str:
    """How many of the chosen hotspots are offline, by `kecamatan` or `isp`."""
    return f"{judged_by(label)} - sum by ({label}) (kecamatan_isp:hotspot_up:sum{{{SCOPE}}})"


JUDGED_UP = (
    f"max by (hotspot) (hotspot_up{{{SCOPE}}} unless on (hotspot) {in_states(f'hotspot_state{{{SCOPE}}}', UNJUDGED)})"
)
"""`hotspot_up` of the chosen hotspots that can be judged now; elsewhere it stands as it was."""

_UP_HERE = info(JUDGED_UP, "kelurahan", SCOPE)
KELURAHAN_SHARE = f"avg by (kelurahan) ({_UP_HERE})"
KELURAHAN_POINTS = f"count by (kelurahan) ({_UP_HERE})"
KELURAHAN_DOWN = f"{KELURAHAN_POINTS} - sum by (kelurahan) ({_UP_HERE})"


LIST_STATE = info(f"max by (hotspot, kecamatan, isp) (hotspot_state{{{SCOPE}}})", "name, kelurahan", SCOPE)
LIST_SINCE = f"max by (hotspot) (hotspot_state_since_timestamp_seconds{{{SCOPE}}}) * 1000"
LIST_DAY = f"max by (hotspot) ({availability_day(SCOPE)})"
LIST_WEEK = availability_over("7d")
LIST_MONTH = availability_over("$__range")
LIST_LOSS = f"max by (hotspot) (hotspot_probe_loss_ratio{{{SCOPE}}})"
LIST_RTT = (
    f"sum by (hotspot) (rate(hotspot_probe_rtt_seconds_sum{{{SCOPE}}}[5m]))"
    f" / (sum by (hotspot) (rate(hotspot_probe_rtt_seconds_count{{{SCOPE}}}[5m])) > 0)"
)

_LOST = f"sum by (hotspot) (increase(hotspot:unavailable_seconds:total{{{SCOPE}}}[$__range] @ end()))"


def longest_down(count: int) -> str:
    """The states over time of the hotspots that were down for longest in the time range, by name."""
    # First choose, then aggregate and join: what is fixed to the end of the range is reckoned once, not at each step.
    chosen = f"and on (hotspot) topk({count}, {_LOST} > 0)"
    state = f"max by (hotspot) (hotspot_state{{{SCOPE}}} {chosen})"
    named = f"max by (hotspot, name) (hotspot_info{{{SCOPE}}} @ end() {chosen})"
    return f"{state} * on (hotspot) group_left (name) {named}"


OUTAGES_NUMBER = f"sum(ceil((changes(hotspot_up{{{SCOPE}}}[$__range]) + 1 - hotspot_up{{{SCOPE}}}) / 2))"
"""Outages that touch the time range, one that lasts for the whole of it included."""
OUTAGES_SECONDS = f"sum(sum_over_time(contract:unavailable_seconds:increase5m{{{SCOPE}}}[$__range]))"
OUTAGES_HOTSPOTS = f"count({_LOST} > 0) or vector(0)"


ISP_RTT_BUCKETS = f"sum by (le) (kecamatan_isp:hotspot_probe_rtt_seconds_bucket:rate5m{{{SCOPE}}})"
ISP_AVAILABILITY_DAY = 'isp:hotspot_availability:ratio1d{isp=~"$isp"}'
MEDIAN_AVAILABILITY_DAY = "quantile(0.5, isp:hotspot_availability:ratio1d)"
ISP_RTT = 'isp:hotspot_probe_rtt_seconds:p50_5m{isp=~"$isp"}'
MEDIAN_RTT = "quantile(0.5, isp:hotspot_probe_rtt_seconds:p50_5m)"
ISP_LOSS = 'isp:hotspot_probe_loss:ratio5m{isp=~"$isp"}'
MEDIAN_LOSS = "quantile(0.5, isp:hotspot_probe_loss:ratio5m)"
