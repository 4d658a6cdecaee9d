"""What an operator asks next: which alerts, since when, who is hit that must not be, and what only works badly."""

from dashboards.queries.common import EVERY, in_states, info
from dashboards.queries.sight import none_of
from pantau.states import State

_ALERT = "alertname, severity, scope, kecamatan, isp, hotspot"
_FIRING = 'ALERTS{alertstate="firing", severity=~"page|ticket"}'


def _placed(alerts: str) -> str:
    """With a value for the labels that an alert about all does not have, and whom to call."""
    alerts = f'label_replace({alerts}, "kecamatan", "{EVERY}", "kecamatan", "^$")'
    alerts = f'label_replace({alerts}, "isp", "{EVERY}", "isp", "^$")'
    return f'label_replace({alerts}, "call", "$1", "isp", "(.*)")'


ALERTS_NOW = f"max by ({_ALERT}, call) ({_placed(_FIRING)}) or {none_of(_FIRING, 'severity')}"
"""Alerts that fire, by what they are about, with the label `call`: the ISP that is called."""
_SINCE = f"min by ({_ALERT}) (ALERTS_FOR_STATE) and on ({_ALERT}) max by ({_ALERT}) ({_FIRING})"
ALERTS_SINCE = f"min by ({_ALERT}, call) ({_placed(_SINCE)}) * 1000"
"""Since when, in ms."""

IMPORTANT = "puskesmas|rumah_sakit|pustu_posyandu|sekolah_.*"
"""Categories of which the city asks first: health and schools."""
_OFFLINE = "max by (hotspot, kecamatan, isp) (hotspot:outage_since:timestamp_seconds >= 0)"
_HIT = f'{_OFFLINE} and on (hotspot) hotspot_info{{category=~"{IMPORTANT}"}}'
IMPORTANT_SINCE = f"({info(_HIT, 'name, kelurahan, category')}) * 1000 or {none_of(_HIT, 'category')}"
"""Clinics and schools that are offline: since when, in ms."""

_SLOW = f"max by (hotspot, kecamatan, isp) ({in_states('hotspot_state', (State.DEGRADED,))})"
_SLOW_SINCE = "max by (hotspot) (hotspot_state_since_timestamp_seconds)"
DEGRADED_SINCE = (
    f"{info(_SLOW, 'name, kelurahan')} * 0 + on (hotspot) group_left () {_SLOW_SINCE} * 1000"
    f" or {none_of(_SLOW, 'kelurahan')}"
)
DEGRADED_LOSS = f"max by (hotspot) (hotspot_probe_loss_ratio and on (hotspot) {_SLOW})"
DEGRADED_RTT = f"max by (hotspot) (hotspot_probe_smoothed_rtt_seconds and on (hotspot) {_SLOW})"
