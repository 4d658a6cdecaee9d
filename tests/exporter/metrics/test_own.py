"""The exporter's metrics of itself."""

import numpy as np
import pytest

from exporter.metrics.own import LATENESS_BOUNDS_SECONDS, OwnMetrics
from exporter.verdicts.maintenance import WindowFigures
from pantau import __version__
from tests.exporter.metrics.openmetrics import parse_openmetrics


def value(own: OwnMetrics, name: str, **labels: str) -> float | None:
    """One sample of a collection."""
    return own.registry.get_sample_value(name, labels)


def own_samples(own: OwnMetrics) -> dict[str, float]:
    """All `pantau_*` samples but buckets, by their text."""
    lines = own.render(False).decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if line.startswith("pantau_") and "_bucket" not in line)
    return {name: float(number) for name, number in pairs}


def test_everything_starts_at_zero_and_nothing_is_missing() -> None:
    """Each closed label set is complete from the start; no page without evidence: the vantage starts up."""
    reasons = ("mismatch", "duplicate", "malformed")
    types = ("redirect", "source_quench", "packet_too_big", "parameter_problem", "other")
    assert own_samples(OwnMetrics()) == {
        "pantau_vantage_up": 1,
        "pantau_probe_lateness_seconds_count": 0,
        "pantau_probe_lateness_seconds_sum": 0,
        "pantau_event_loop_lag_seconds_count": 0,
        "pantau_event_loop_lag_seconds_sum": 0,
        "pantau_socket_receive_drops_total": 0,
        **{f'pantau_unmatched_replies_total{{reason="{reason}"}}': 0 for reason in reasons},
        **{f'pantau_icmp_ignored_total{{type="{kind}"}}': 0 for kind in types},
        "pantau_late_replies_total": 0,
        "pantau_skipped_slots_total": 0,
        "pantau_policed_probes_total": 0,
        'pantau_unsent_probes_total{reason="resolve"}': 0,
        'pantau_unsent_probes_total{reason="send"}': 0,
        'pantau_unsent_probes_total{reason="turn"}': 0,
        "pantau_clock_steps_total": 0,
        "pantau_config_last_reload_successful": 1,
        "pantau_config_last_reload_success_timestamp_seconds": 0,
        'pantau_inventory_hotspots{status="planned"}': 0,
        'pantau_inventory_hotspots{status="active"}': 0,
        'pantau_inventory_hotspots{status="retired"}': 0,
        'pantau_engine_info{engine="none",socket="none"}': 1,
        f'pantau_build_info{{version="{__version__}"}}': 1,
    }


def test_what_the_app_sets_is_shown() -> None:
    """Every attribute reaches its metric."""
    own = OwnMetrics(version="9.9")
    own.vantage_up = False
    own.canaries = {("gateway", ""): True, ("dns", "telkom"): False}
    own.peerings = {"telkom": False}
    own.inventory = {"planned": 1, "active": 2, "retired": 3}
    own.maintenance = [
        WindowFigures("w", "isp", "telkom", is_open=True, end_seconds=1.5),
        WindowFigures("v", "hotspot", "h", False, 0),
    ]
    own.engine, own.socket = "batch", "raw"
    own.skipped_slots += 4
    own.policed_probes = 5
    own.reload_successful = False
    own.reload_success_timestamp_seconds = 1700000000.5
    own.statistics.receive_drops = 5
    own.statistics.late_replies = 6
    own.statistics.clock_steps = 7
    own.statistics.send_errors["ENOBUFS"] = 8
    own.statistics.unmatched["mismatch"] = 9
    own.statistics.ignored["redirect"] = 10
    own.unsent = {"resolve": 10, "send": 11}
    assert value(own, "pantau_unsent_probes_total", reason="resolve") == 10
    assert value(own, "pantau_unsent_probes_total", reason="send") == 11
    assert value(own, "pantau_vantage_up") == 0
    assert value(own, "pantau_canary_up", canary="gateway", isp="") == 1
    assert value(own, "pantau_canary_up", canary="dns", isp="telkom") == 0
    assert value(own, "pantau_peering_up", isp="telkom") == 0
    assert value(own, "pantau_inventory_hotspots", status="retired") == 3
    window = {"window": "w", "scope": "isp", "target": "telkom"}
    assert value(own, "pantau_maintenance_active", **window) == 1
    assert value(own, "pantau_maintenance_end_timestamp_seconds", **window) == 1.5
    assert value(own, "pantau_maintenance_active", window="v", scope="hotspot", target="h") == 0
    assert value(own, "pantau_engine_info", engine="batch", socket="raw") == 1
    assert value(own, "pantau_skipped_slots_total") == 4
    assert value(own, "pantau_policed_probes_total") == 5
    assert value(own, "pantau_config_last_reload_successful") == 0
    assert value(own, "pantau_config_last_reload_success_timestamp_seconds") == 1700000000.5
    assert value(own, "pantau_socket_receive_drops_total") == 5
    assert value(own, "pantau_late_replies_total") == 6
    assert value(own, "pantau_clock_steps_total") == 7
    assert value(own, "pantau_socket_send_errors_total", errno="ENOBUFS") == 8
    assert value(own, "pantau_unmatched_replies_total", reason="mismatch") == 9
    assert value(own, "pantau_icmp_ignored_total", type="redirect") == 10
    assert value(own, "pantau_build_info", version="9.9") == 1


def test_a_canary_that_left_the_configuration_leaves_the_metrics() -> None:
    """The mapping is the exact set."""
    own = OwnMetrics()
    own.canaries = {("gateway", ""): True, ("dns", "telkom"): False}
    own.canaries = {("dns", "telkom"): True}
    assert value(own, "pantau_canary_up", canary="gateway", isp="") is None
    assert value(own, "pantau_canary_up", canary="dns", isp="telkom") == 1


def test_a_name_that_utf8_cannot_carry_does_not_end_all_scrapes() -> None:
    """A lone surrogate becomes a question mark."""
    own = OwnMetrics()
    own.canaries = {("gate\ud800way", ""): True}
    assert b'pantau_canary_up{canary="gate?way",isp=""} 1.0\n' in own.render(False)


def test_lateness_is_added_in_bulk() -> None:
    """Counts go to their buckets, which are shown cumulative; sums add up."""
    own = OwnMetrics()
    counts = np.arange(12)
    own.observe_lateness(counts, 1.5)
    own.observe_lateness(counts, 0.25)
    bounds = ["0.001", "0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1.0", "5.0", "+Inf"]
    found = [value(own, "pantau_probe_lateness_seconds_bucket", le=bound) for bound in bounds]
    assert found == [0, 2, 6, 12, 20, 30, 42, 56, 72, 90, 110, 132]
    assert value(own, "pantau_probe_lateness_seconds_count") == 132
    assert value(own, "pantau_probe_lateness_seconds_sum") == 1.75


@pytest.mark.parametrize(
    ("seconds", "bucket"), [(0.0, 0), (0.001, 0), (0.0010001, 1), (0.2, 7), (5.0, 10), (5.0001, 11)]
)
def test_a_wake_up_falls_into_the_bucket_whose_bound_it_does_not_exceed(seconds: float, bucket: int) -> None:
    """Upper bounds are inclusive, as Prometheus has them."""
    own = OwnMetrics()
    own.observe_loop_lag(seconds)
    bounds = [*(str(bound) for bound in LATENESS_BOUNDS_SECONDS), "+Inf"]
    found = [value(own, "pantau_event_loop_lag_seconds_bucket", le=bound) for bound in bounds]
    assert found == [0.0] * bucket + [1.0] * (12 - bucket)
    assert value(own, "pantau_event_loop_lag_seconds_sum") == seconds


def test_openmetrics_has_no_end_of_its_own() -> None:
    """The end mark is left to whoever puts the whole scrape together; with it the text is valid OpenMetrics."""
    text = OwnMetrics().render(True).decode()
    assert "# EOF" not in text
    assert "_created" not in text
    assert len(list(parse_openmetrics(text + "# EOF\n"))) == 29
