"""Pantau, Prometheus and Alertmanager about themselves."""

VANTAGE = "max(pantau_vantage_up)"
CANARIES = "max by (canary) (pantau_canary_up)"
PEERINGS = "max by (isp) (pantau_peering_up)"
JOURNAL = "max(pantau_journal_up)"
JOURNAL_SPOOLED = "max(pantau_journal_spooled_events)"
JOURNAL_LOST = "sum(increase(pantau_journal_lost_events_total[$__range]))"
RELOAD = "max(pantau_config_last_reload_successful)"
RELOADED = "max(pantau_config_last_reload_success_timestamp_seconds) * 1000"
STARTED = 'max(process_start_time_seconds{job="pantau"}) * 1000'
VERSION = "max by (version) (pantau_build_info)"
ENGINE = "max by (engine, socket) (pantau_engine_info)"
INVENTORY = "max by (status) (pantau_inventory_hotspots)"
PROBES = "sum(kecamatan_isp:hotspot_probe_requests:rate5m)"
DROPS = "sum(increase(pantau_socket_receive_drops_total[$__rate_interval]))"
SEND_ERRORS = "sum by (errno) (increase(pantau_socket_send_errors_total[$__rate_interval]))"
UNMATCHED = "sum by (reason) (increase(pantau_unmatched_replies_total[$__rate_interval]))"
LATE = "sum(increase(pantau_late_replies_total[$__rate_interval]))"
SKIPPED = "sum(increase(pantau_skipped_slots_total[$__rate_interval]))"
CLOCK_STEPS = "sum(increase(pantau_clock_steps_total[$__rate_interval]))"
TARGETS = "min by (job) (up)"
SCRAPE_SECONDS = "max by (job) (scrape_duration_seconds)"
_GROUPS = 'label_replace(prometheus_rule_group_last_duration_seconds, "group", "$1", "rule_group", ".*;(.*)")'
RULE_SECONDS = f"max by (group) ({_GROUPS})"
RULE_FAILURES = "sum(increase(prometheus_rule_evaluation_failures_total[$__range]))"
HEAD_SERIES = "max(prometheus_tsdb_head_series)"
MEMORY = "max by (job) (process_resident_memory_bytes)"
CPU = "sum by (job) (rate(process_cpu_seconds_total[$__rate_interval]))"
ALERTMANAGERS = "max(prometheus_notifications_alertmanagers_discovered)"
PAGES_SENT = "sum by (integration) (increase(alertmanager_notifications_total[$__rate_interval]))"
PAGES_FAILED = (
    'sum(increase(alertmanager_notifications_failed_total[$__range])) or 0 * max(up{job="alertmanager"} == 1)'
)


def lateness(quantile: float) -> str:
    """A quantile of how late probes leave."""
    buckets = "sum by (le) (rate(pantau_probe_lateness_seconds_bucket[$__rate_interval]))"
    return f"histogram_quantile({quantile}, {buckets}) >= 0"


def loop_lag(quantile: float) -> str:
    """A quantile of how late the event loop wakes."""
    buckets = "sum by (le) (rate(pantau_event_loop_lag_seconds_bucket[$__rate_interval]))"
    return f"histogram_quantile({quantile}, {buckets}) >= 0"
