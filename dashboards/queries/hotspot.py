"""Everything about the one hotspot that the variable `hotspot` names."""

from dashboards.queries.common import INFO, SCOPE

HOTSPOTS_TO_CHOOSE = f"max by (hotspot, name) (hotspot_info{{{SCOPE}}})"
ONE = 'hotspot="$hotspot"'
ONE_STATE = f"max(hotspot_state{{{ONE}}})"
ONE_SINCE = f"max(hotspot_state_since_timestamp_seconds{{{ONE}}}) * 1000"
ONE_LAST_REPLY = f"max(hotspot_probe_last_reply_timestamp_seconds{{{ONE}}}) * 1000 > 0"
ONE_LOSS = f"max(hotspot:hotspot_probe_loss:ratio5m{{{ONE}}})"
ONE_INFO = f"max by (name, hotspot, {INFO}, kecamatan, isp) (hotspot_info{{{ONE}}})"
ONE_SMOKE = f"sum by (le) (rate(hotspot_probe_rtt_seconds_bucket{{{ONE}}}[$__rate_interval]))"
ONE_FAILURES = f"sum by (reason) (increase(hotspot_probe_failures_total{{{ONE}}}[$__rate_interval])) > 0"
ONE_ALERTS = (
    f"max by (alertname, alertstate, scope) (ALERTS{{{ONE}}})"
    f' or max by (alertname, alertstate, scope) (ALERTS{{scope="isp"}} and on (isp) hotspot_info{{{ONE}}})'
    f' or max by (alertname, alertstate, scope) (ALERTS{{scope="kecamatan"}} and on (kecamatan) hotspot_info{{{ONE}}})'
)


def one_rtt(quantile: float) -> str:
    """A quantile of the RTT of the one hotspot."""
    return f"histogram_quantile({quantile}, {ONE_SMOKE}) >= 0"


_NEIGHBOURS = f"hotspot_info and on (kecamatan, kelurahan) hotspot_info{{{ONE}}}"
NEIGHBOURS = (
    f"max by (hotspot, isp, name, access) ({_NEIGHBOURS}) * on (hotspot) group_left () max by (hotspot) (hotspot_state)"
)
NEIGHBOURS_SINCE = (
    f"max by (hotspot) ({_NEIGHBOURS})"
    " * on (hotspot) group_left () max by (hotspot) (hotspot_state_since_timestamp_seconds) * 1000"
)
