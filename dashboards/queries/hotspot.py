"""Everything about the one hotspot that the variable `hotspot` names."""

from collections.abc import Iterable

from dashboards.queries.common import SCOPE, info
from dashboards.queries.scope import since
from dashboards.queries.sight import none_of

HOTSPOTS_TO_CHOOSE = f'max by (hotspot, label) (label_join(hotspot_info{{{SCOPE}}}, "label", " · ", "name", "hotspot"))'
"""Each with its name and id as the label `label`: whoever has either finds it by typing."""
ONE = 'hotspot="$hotspot"'
ONE_STATE = f"max(hotspot_state{{{ONE}}})"
ONE_SINCE = f"max({since(ONE)})"
ONE_LAST_REPLY = f"max(hotspot_probe_last_reply_timestamp_seconds{{{ONE}}}) * 1000 > 0"
ONE_LOSS = f"max(hotspot_probe_loss_ratio{{{ONE}}})"
ONE_SMOKE = f"sum by (le) (rate(hotspot_probe_rtt_seconds_bucket{{{ONE}}}[$__rate_interval]))"
_LIMIT_OF_ONE = f"and on (access) hotspot_info{{{ONE}}}"
ONE_LOSS_LIMIT = f"max(pantau_degraded_limit_loss_ratio {_LIMIT_OF_ONE})"
ONE_RTT_LIMIT = f"max(pantau_degraded_limit_rtt_seconds {_LIMIT_OF_ONE})"
"""From which the one hotspot is degraded; its access may have limits of its own."""
ONE_FAILURES = f"sum by (reason) (increase(hotspot_probe_failures_total{{{ONE}}}[$__rate_interval]))"
_ALERT = "alertname, alertstate, scope"
_ALERTS = " or ".join(
    f"max by ({_ALERT}) ({alerts})"
    for alerts in (
        f"ALERTS{{{ONE}}}",
        f'ALERTS{{scope="uplink"}} and on (uplink) hotspot_uplink_info{{{ONE}}}',
        f'ALERTS{{scope="isp_kecamatan"}} and on (isp, kecamatan) hotspot_info{{{ONE}}}',
        f'ALERTS{{scope="isp"}} and on (isp) hotspot_info{{{ONE}}}',
        f'ALERTS{{scope="kecamatan"}} and on (kecamatan) hotspot_info{{{ONE}}}',
        'ALERTS{scope=~"city|vantage"}',
    )
)
ONE_ALERTS = f"{_ALERTS} or {none_of(_ALERTS, 'alertname')}"
"""Its own alerts, and those of everything wider that it belongs to; one line if there are none, and we see."""


def one_info(labels: Iterable[str]) -> str:
    """What the inventory says of the one hotspot, by these labels."""
    return f"max by ({', '.join(labels)}) (hotspot_info{{{ONE}}})"


def one_rtt(quantile: float) -> str:
    """A quantile of the RTT of the one hotspot."""
    return f"histogram_quantile({quantile}, {ONE_SMOKE}) >= 0"


_OTHERS = f"unless on (hotspot) hotspot_info{{{ONE}}}"
_STATE = "* on (hotspot) group_left () max by (hotspot) (hotspot_state)"
_SINCE = f"* on (hotspot) group_left () {since('')}"
_IN_KELURAHAN = f"(hotspot_info and on (kecamatan, kelurahan) hotspot_info{{{ONE}}}) {_OTHERS}"
NEIGHBOURS = f"max by (hotspot, isp, name, access) ({_IN_KELURAHAN}) {_STATE}"
NEIGHBOURS_SINCE = f"max by (hotspot) ({_IN_KELURAHAN}) {_SINCE}"
_ON_UPLINK = f'(hotspot_uplink_info and on (uplink) hotspot_uplink_info{{{ONE}, hops="1"}}) {_OTHERS}'
UPLINK_NEIGHBOURS = info(f"max by (hotspot, uplink) ({_ON_UPLINK}) {_STATE}", "name, kelurahan")
UPLINK_NEIGHBOURS_SINCE = f"max by (hotspot) ({_ON_UPLINK}) {_SINCE}"
"""What hangs on the uplink that carries this one directly, at any distance."""
