"""The hotspot families are exposed exactly as `prometheus_client` would expose them, only faster."""

import dataclasses
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families as parse_text

from exporter.metrics.exposition import EOF, HotspotExposition
from exporter.metrics.families import FAMILIES
from exporter.metrics.literals import escape
from exporter.planning.labels import HotspotLabels
from exporter.verdicts.picture import NO_UPLINKS, Snapshot, no_groups
from lab.measuring.reference_exposition import ReferenceCollector, make_facts, make_labels, make_snapshot
from tests.exporter.metrics.openmetrics import generate_openmetrics, parse_openmetrics

FORMATS = pytest.mark.parametrize("openmetrics", [False, True], ids=["text", "openmetrics"])


def rendered(snapshot: Snapshot, openmetrics: bool) -> bytes:
    """A whole exposition by a fresh `HotspotExposition`."""
    return b"".join(HotspotExposition().render(snapshot, openmetrics)) + (EOF if openmetrics else b"")


def reference(snapshot: Snapshot, openmetrics: bool) -> bytes:
    """The same figures by `prometheus_client`."""
    registry = CollectorRegistry()
    registry.register(ReferenceCollector(snapshot))
    return generate_openmetrics(registry) if openmetrics else generate_latest(registry)


def parsed(text: bytes, openmetrics: bool) -> dict[str, tuple[str, str, str, list[Any]]]:
    """All that a parser finds: type, help, unit and sorted samples of each family."""
    parse = parse_openmetrics if openmetrics else parse_text
    families: dict[str, tuple[str, str, str, list[Any]]] = {}
    for family in parse(text.decode()):
        assert family.name not in families
        samples = sorted((s.name, sorted(s.labels.items()), s.value, s.timestamp) for s in family.samples)
        families[family.name] = (family.type, family.documentation, family.unit, samples)
    return families


@FORMATS
def test_a_city_is_exposed_as_prometheus_client_exposes_it(openmetrics: bool) -> None:
    """Names, types, helps, units, labels and values are the same, over several chunks."""
    snapshot = make_snapshot(make_labels(300), facts=make_facts())
    assert parsed(rendered(snapshot, openmetrics), openmetrics) == parsed(reference(snapshot, openmetrics), openmetrics)


@FORMATS
@settings(deadline=None)
@given(st.text(max_size=20), st.text(alphabet='\\"\n\r\t{},= \u2028é😀', max_size=20))
def test_any_label_value_survives(openmetrics: bool, name: str, strange: str) -> None:
    """Backslash, quote, newline and every other character come out as they went in."""
    snapshot = make_snapshot([HotspotLabels(strange, "girian", "isp-1", name=name, address=strange)])
    families = parsed(rendered(snapshot, openmetrics), openmetrics)
    assert families == parsed(reference(snapshot, openmetrics), openmetrics)
    labels = dict(families["hotspot_info"][3][0][1])
    assert (labels["hotspot"], labels["name"], labels["address"]) == (strange, name, strange)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        ("a\\b", "a\\\\b"),
        ("a\nb", "a\\nb"),
        ('say "hi"', 'say \\"hi\\"'),
        ("\\n", "\\\\n"),
        ("Kafé Ñ 😀", "Kafé Ñ 😀"),
        ("half \ud800", "half ?"),
    ],
)
def test_escaping(value: str, text: str) -> None:
    """Three characters are escaped; what UTF-8 cannot carry is replaced; all else stands."""
    assert escape(value) == text


@FORMATS
def test_the_exact_lines_of_one_hotspot(openmetrics: bool) -> None:
    """Integers are integers, floats are exact, buckets are cumulative and ``le`` is canonical in both formats."""
    snapshot = Snapshot(
        labels=[HotspotLabels("a", "k", "i", name="Taman")],
        up=np.array([1], np.int8),
        state=np.array([2], np.int8),
        state_seconds=np.array([[0.0, 0.1, 1e16, 0.0, 0.0, 0.0, 3.5, 0.0]]),
        state_changes=np.array([3]),
        relapses=np.array([4]),
        state_since_seconds=np.array([1700000000.123]),
        requests=np.array([2**53]),
        replies=np.array([0]),
        failures=np.array([[8, 7, 6, 5, 4, 3, 2, 1]]),
        rtt_buckets=np.array([[1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 4]]),
        rtt_sum_seconds=np.array([0.30000000000000004]),
        last_reply_seconds=np.array([0.0]),
        down_since_seconds=np.array([0.0]),
        availability_day=np.array([0.999]),
        loss=np.array([np.nan]),
        smoothed_rtt_seconds=np.array([0.0125]),
    )
    lines = [line for line in rendered(snapshot, openmetrics).decode().splitlines() if not line.startswith("#")]
    own = 'hotspot="a",kecamatan="k",isp="i"'
    seconds = {
        "down": "0.0",
        "up": "0.1",
        "degraded": "1e+16",
        "isolated": "0.0",
        "maintenance": "0.0",
        "unknown": "0.0",
        "inactive": "3.5",
        "no_internet": "0.0",
    }
    reasons = [
        "timeout",
        "unreachable_net",
        "unreachable_host",
        "prohibited",
        "ttl_exceeded",
        "resolve",
        "send",
        "inconclusive",
    ]
    buckets = {
        "0.001": 1,
        "0.002": 1,
        "0.005": 1,
        "0.01": 1,
        "0.02": 1,
        "0.05": 1,
        "0.1": 1,
        "0.2": 1,
        "0.5": 1,
        "1.0": 3,
        "2.0": 3,
        "+Inf": 7,
    }
    assert lines == [
        f"hotspot_up{{{own}}} 1",
        f"hotspot_state{{{own}}} 2",
        f"hotspot_reachable{{{own}}} 1",
        f"hotspot_availability_day_ratio{{{own}}} 0.999",
        *(f'hotspot_state_seconds_total{{{own},state="{state}"}} {value}' for state, value in seconds.items()),
        f"hotspot_state_changes_total{{{own}}} 3",
        f"hotspot_relapses_total{{{own}}} 4",
        f"hotspot_state_since_timestamp_seconds{{{own}}} 1700000000.123",
        f"hotspot_probe_requests_total{{{own}}} 9007199254740992",
        f"hotspot_probe_replies_total{{{own}}} 0",
        *(f'hotspot_probe_failures_total{{{own},reason="{reasons[i]}"}} {8 - i}' for i in range(8)),
        *(f'hotspot_probe_rtt_seconds_bucket{{{own},le="{bound}"}} {count}' for bound, count in buckets.items()),
        f"hotspot_probe_rtt_seconds_count{{{own}}} 7",
        f"hotspot_probe_rtt_seconds_sum{{{own}}} 0.30000000000000004",
        f"hotspot_probe_last_reply_timestamp_seconds{{{own}}} 0.0",
        f"hotspot_probe_smoothed_rtt_seconds{{{own}}} 0.0125",
        f'hotspot_info{{{own},name="Taman",kelurahan="",category="",access="",contract="",address="",'
        'latitude="",longitude="",priority=""} 1',
    ]


@FORMATS
def test_infinities_and_nan_are_spelled_as_go_reads_them(openmetrics: bool) -> None:
    """A float that is no number does not break the scrape."""
    snapshot = dataclasses.replace(
        make_snapshot(make_labels(3)), last_reply_seconds=np.array([np.inf, -np.inf, np.nan])
    )
    lines = rendered(snapshot, openmetrics).decode().splitlines()
    found = [line.rsplit(" ", 1)[1] for line in lines if line.startswith("hotspot_probe_last_reply_timestamp_seconds{")]
    assert found == ["+Inf", "-Inf", "NaN"]


@FORMATS
def test_a_hotspot_without_verdict_has_no_hotspot_up(openmetrics: bool) -> None:
    """-1 is no series, while all other series of that hotspot are there."""
    snapshot = dataclasses.replace(make_snapshot(make_labels(3)), up=np.array([0, -1, 1], np.int8))
    families = parsed(rendered(snapshot, openmetrics), openmetrics)
    up = [(dict(labels)["hotspot"], value) for _, labels, value, _ in families["hotspot_up"][3]]
    assert up == [("BTG-00000", 0), ("BTG-00002", 1)]
    assert len(families["hotspot_state"][3]) == 3


@FORMATS
def test_an_empty_inventory_is_a_valid_exposition(openmetrics: bool) -> None:
    """Without hotspots the families are named and have no samples."""
    empty = dataclasses.replace(make_snapshot([]), uplinks=NO_UPLINKS, groups=no_groups())
    families = parsed(rendered(empty, openmetrics), openmetrics)
    assert len(families) == len(FAMILIES)
    assert all(samples == [] for *_, samples in families.values())


def test_series_have_the_same_names_in_both_formats() -> None:
    """Asking for the other format changes no series, so that a graph has no break."""
    snapshot = make_snapshot(make_labels(5))
    text, openmetrics = (
        {s for f in parsed(rendered(snapshot, om), om).values() for s in map(repr, f[3])} for om in (False, True)
    )
    assert text == openmetrics


def test_every_chunk_is_small_and_whole_lines() -> None:
    """No chunk of a large city holds the interpreter for long, and none cuts a line."""
    chunks = [chunk for chunk in HotspotExposition().render(make_snapshot(make_labels(4321)), True) if chunk]
    assert all(chunk.endswith(b"\n") for chunk in chunks)
    assert max(chunk.count(b"\n") for chunk in chunks) == 2000
    assert sum(chunk.startswith(b"# HELP ") for chunk in chunks) == len(FAMILIES)


def test_label_texts_are_kept_until_the_inventory_changes() -> None:
    """The same labels are not escaped again; other labels, even of the same number, are."""
    exposition, old = HotspotExposition(), make_labels(3)
    first = b"".join(exposition.render(make_snapshot(old), False))
    kept = exposition._kept
    assert b"".join(exposition.render(make_snapshot(old), False)) == first
    assert exposition._kept is kept
    new = [dataclasses.replace(row, hotspot=f"new-{i}") for i, row in enumerate(old)]
    second = b"".join(exposition.render(make_snapshot(new), False))
    assert second == rendered(make_snapshot(new), False)
    assert exposition._kept is not kept


def test_two_renderings_may_be_interleaved_over_a_reload() -> None:
    """A scrape that began before a reload ends with the old hotspots, whatever another scrape does meanwhile."""
    exposition = HotspotExposition()
    old, new = make_snapshot(make_labels(900)), make_snapshot(make_labels(800), seed=2)
    before = exposition.render(old, False)
    parts = [next(before), next(before)]
    assert b"".join(exposition.render(new, False)) == rendered(new, False)
    assert b"".join([*parts, *before]) == rendered(old, False)


def test_buckets_of_a_histogram_stand_together() -> None:
    """OpenMetrics forbids lines of another hotspot between the buckets of one."""
    lines = rendered(make_snapshot(make_labels(300)), True).decode().splitlines()
    owners = [line.split('"')[1] for line in lines if line.startswith("hotspot_probe_rtt_seconds")]
    assert len(owners) == 300 * 14
    assert sum(a != b for a, b in pairwise(owners)) == 299


@pytest.mark.alone
def test_it_is_ten_times_faster_than_prometheus_client() -> None:
    """1000 hotspots are rendered at least ten times faster than `generate_latest` renders the same series."""
    snapshot = make_snapshot(make_labels(1000))
    registry, exposition = CollectorRegistry(), HotspotExposition()
    registry.register(ReferenceCollector(snapshot))
    metrics = list(registry.collect())

    class Ready:
        """The families built beforehand, so that only their rendering is compared."""

        def collect(self) -> list[Metric]:
            return metrics

    theirs = fastest(lambda: generate_latest(Ready()), 3)
    ours = fastest(lambda: b"".join(exposition.render(snapshot, False)), 10)
    assert theirs / ours >= 10, f"{theirs * 1e3:.1f} ms / {ours * 1e3:.1f} ms"


def fastest(action: Callable[[], object], times: int) -> float:
    """The CPU time of the quickest of several runs, in seconds."""
    durations = []
    for _ in range(times):
        start = time.process_time()
        action()
        durations.append(time.process_time() - start)
    return min(durations)
