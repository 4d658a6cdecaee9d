"""What an operator asks next: which alerts, since when, who is hit that must not be, and what only works badly."""

from collections.abc import Sequence

from dashboards.queries.acknowledging import ALERT, with_acknowledgement
from dashboards.queries.common import EVERY, in_states, info
from dashboards.queries.sight import none_of
from pantau.states import State

_FIRING = 'ALERTS{alertstate="firing", severity=~"page|ticket"}'


_MATCHERS = (
    ('scope="$1"', "scope", "(.+)"),
    ('kecamatan="$1"', "pair", "(.+);"),
    ('isp="$1"', "pair", ";(.+)"),
    ('kecamatan="$1",isp="$2"', "pair", "(.+);(.+)"),
    ('hotspot="$1"', "hotspot", "(.+)"),
    ('uplink="$1"', "uplink", "(.+)"),
    ('contract="$1"', "contract", "(.+)"),
)
"""What tells an alert from others of its name, as Alertmanager writes it; the last whose labels it has holds."""


def _placed(alerts: str) -> str:
    """With a value for the labels that an alert about all does not have, what it is about, and whom to call.

    The label `matcher` tells it from others of its name.
    """
    alerts = f'label_join({alerts}, "pair", ";", "kecamatan", "isp")'
    for matcher, label, pattern in _MATCHERS:
        written = matcher.replace('"', '\\"')
        alerts = f'label_replace({alerts}, "matcher", "{written}", "{label}", "{pattern}")'
    alerts = f'label_join({alerts}, "about", "", "hotspot", "uplink", "contract")'
    for label, word in (("about", "–"), ("kecamatan", EVERY), ("isp", EVERY)):
        alerts = f'label_replace({alerts}, "{label}", "{word}", "{label}", "^$")'
    return f'label_replace({alerts}, "call", "$1", "isp", "(.*)")'


_SHOWN = "alertname, severity, kecamatan, isp, about, matcher, call"
_NOW = f"max by ({ALERT}) ({_FIRING})"
_SINCE = f"min by ({ALERT}) (ALERTS_FOR_STATE) and on ({ALERT}) {_NOW}"
_TAKEN = f"max by ({_SHOWN}, ack, ticket) (0 * {_placed(with_acknowledgement(_NOW))} + 1)"
ALERTS = (
    f"min by ({_SHOWN}) ({_placed(_SINCE)}) * 1000 * on ({_SHOWN}) group_left (ack, ticket) {_TAKEN}"
    f" or {none_of(_FIRING, 'severity')}"
)
"""Alerts that fire, by what they are about, in one answer, so that a file of it is whole: since when in ms, with the
labels `call`, the ISP that is called, and `ack` and `ticket`, who has taken it up or that nobody has."""

_ASKED_FIRST = ("pustu_posyandu", "sekolah_.*")
"""Categories of which every city asks first, beside those that it wakes somebody for."""
_OFFLINE = (
    "max by (hotspot, kecamatan, isp) (hotspot:outage_since:timestamp_seconds >= 0 or hotspot:unserved_since:held >= 0)"
)


def important_since(priority_categories: Sequence[str]) -> str:
    """Clinics and schools, or whatever the city counts beside, that are offline or do not serve: since when, in ms."""
    words = "|".join((*priority_categories, *_ASKED_FIRST))
    hit = f'{_OFFLINE} and on (hotspot) hotspot_info{{category=~"{words}"}}'
    return f"({info(hit, 'name, kelurahan, category')}) * 1000 or {none_of(hit, 'category')}"


_SLOW = f"max by (hotspot, kecamatan, isp) ({in_states('hotspot_state', (State.DEGRADED,))})"
_SLOW_SINCE = "max by (hotspot) (hotspot_state_since_timestamp_seconds)"
DEGRADED_SINCE = (
    f"{info(_SLOW, 'name, kelurahan')} * 0 + on (hotspot) group_left () {_SLOW_SINCE} * 1000"
    f" or {none_of(_SLOW, 'kelurahan')}"
)
DEGRADED_LOSS = f"max by (hotspot) (hotspot_probe_loss_ratio and on (hotspot) {_SLOW})"
DEGRADED_RTT = f"max by (hotspot) (hotspot_probe_smoothed_rtt_seconds and on (hotspot) {_SLOW})"
