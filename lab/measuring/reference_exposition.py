"""Snapshots for tests, and the same figures as `prometheus_client` would expose them: the reference."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import cast

import numpy as np
from numpy.typing import NDArray
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from exporter.metrics import families
from exporter.metrics.facts import FACT_FAMILIES, family_of
from exporter.metrics.families import INFO_LABELS
from exporter.metrics.literals import go_float
from exporter.planning.facts import FactName, FactTable
from exporter.planning.labels import GroupLabels, HotspotLabels, UplinkLabels
from exporter.probing.outcome import REASONS
from exporter.verdicts.counters import RTT_BUCKETS_SECONDS
from exporter.verdicts.picture import (
    CheckFigures,
    GroupFigures,
    HeartbeatFigures,
    SightFigures,
    Snapshot,
    UplinkFigures,
)
from lab.measuring.reference_heartbeats import heartbeat_families
from pantau.states import ASIDE, State


def make_labels(count: int) -> list[HotspotLabels]:
    """Labels as a city has them."""
    return [
        HotspotLabels(
            hotspot=f"BTG-{i:05d}",
            kecamatan=f"kecamatan-{i % 8}",
            isp=f"isp-{i % 7}",
            name=f"Taman Kota No. {i}",
            kelurahan="girian-weru",
            category="taman",
            access="fiber",
            contract="K-1",
            address=f"10.77.{i // 250}.{i % 250}",
            latitude="1.44",
            longitude="125.12",
        )
        for i in range(count)
    ]


def make_facts() -> tuple[FactTable, ...]:
    """Every family of facts, with two series each."""
    return tuple(
        FactTable(
            cast("FactName", family.name),
            tuple((tuple(f"{name}-{n}" for name in family.labels), 1 + n / 2) for n in range(2)),
        )
        for family in FACT_FAMILIES
    )


def make_snapshot(labels: Sequence[HotspotLabels], seed: int = 1, facts: Sequence[FactTable] = ()) -> Snapshot:
    """Arbitrary, repeatable figures for these hotspots; some have no verdict yet."""
    random, count = np.random.default_rng(seed), len(labels)
    return Snapshot(
        labels=labels,
        up=random.integers(-1, 2, count).astype(np.int8),
        state=random.integers(0, len(State), count).astype(np.int8),
        state_seconds=random.random((count, len(State))) * 1e6 * (random.random((count, len(State))) < 0.3),
        state_changes=random.integers(0, 100, count),
        relapses=random.integers(0, 100, count),
        state_since_seconds=1.7e9 + random.random(count) * 1e6,
        requests=random.integers(0, 10**12, count),
        replies=random.integers(0, 10**12, count),
        failures=random.integers(0, 1000, (count, len(REASONS))),
        rtt_buckets=random.integers(0, 10_000, (count, len(RTT_BUCKETS_SECONDS) + 1)),
        rtt_sum_seconds=random.random(count) * 1e4,
        last_reply_seconds=1.7e9 + random.random(count) * 1e6,
        down_since_seconds=1.7e9 + random.random(count) * 1e6,
        availability_day=_some(random, count),
        loss=_some(random, count),
        smoothed_rtt_seconds=_some(random, count),
        overruns=[(row, f'window "{row}"') for row in range(0, count, 7)],
        uplinks=_make_uplinks(),
        groups=_make_groups(random),
        sight=_make_sight(random, count),
        checks=[_make_check(random, "portal", count), _make_check(random, 'agent "1"', count, service=False)],
        reachable=random.integers(-1, 2, count).astype(np.int8),
        unserved_since_seconds=np.where(random.random(count) < 1 / 3, 1.7e9 + random.random(count) * 1e6, 0.0),
        facts=facts,
        heartbeats=HeartbeatFigures(*(np.round(_some(random, count) * 1e9, 3) for _ in range(6))),
    )


def _some(random: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Values of which a third is not known."""
    return np.where(random.random(count) < 1 / 3, np.nan, random.random(count))


def _make_check(random: np.random.Generator, check: str, count: int, *, service: bool = True) -> CheckFigures:
    return CheckFigures(
        check=check,
        service=service,
        up=random.integers(-1, 2, count).astype(np.int8),
        requests=random.integers(0, 1000, count),
        replies=random.integers(0, 1000, count),
        duration_seconds=_some(random, count),
        expiry_seconds=_some(random, count) if service else None,
    )


def _make_sight(random: np.random.Generator, count: int) -> SightFigures:
    unseen = random.random(count) < 1 / 3
    return SightFigures(
        unseen_since_seconds=np.where(unseen, 1.7e9 + random.random(count) * 1e6, 0.0),
        reasons=[(row, f'reason "{row}"') for row in np.flatnonzero(unseen).tolist()],
        answered=random.integers(0, 2, count).astype(np.int8),
    )


def _make_groups(random: np.random.Generator) -> GroupFigures:
    labels = [GroupLabels("girian", 'isp "1"', "K-1"), GroupLabels("maesa", "isp-2", "")]
    return GroupFigures(
        labels=labels,
        hotspots=random.integers(0, 1000, (2, len(State))),
        state_seconds=random.random((2, len(State))) * 1e6,
        requests=random.integers(0, 10**12, 2),
        replies=random.integers(0, 10**12, 2),
        rtt_buckets=random.integers(0, 10_000, (2, len(RTT_BUCKETS_SECONDS) + 1)),
        rtt_sum_seconds=random.random(2) * 1e4,
    )


def _make_uplinks() -> UplinkFigures:
    labels = [UplinkLabels("pop", "girian", 'isp "1"'), UplinkLabels("tower"), UplinkLabels("link", isp="isp-2")]
    return UplinkFigures(labels, np.array([1, -1, 0], np.int8), np.array([2, 5, 0], np.int8), np.array([1e9, 0.5, 2.0]))


class ReferenceCollector:
    """The families of a snapshot as objects of `prometheus_client`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._keys = [[row.hotspot, row.kecamatan, row.isp] for row in snapshot.labels]

    def collect(self) -> Iterable[Metric]:
        """All hotspot families, each built hotspot by hotspot."""
        snapshot = self._snapshot
        up = self._gauge(families.UP, [])
        for key, value in zip(self._keys, snapshot.up, strict=True):
            if value >= 0:
                up.add_metric(key, value)
        yield up
        yield self._gauge(families.STATE, snapshot.state)
        down, silent = self._gauge(families.DOWN_SINCE, []), self._gauge(families.SILENT_SINCE, [])
        awaiting, maintenance = self._gauge(families.AWAITING, []), self._gauge(families.MAINTENANCE, [])
        reachable, unserved = self._gauge(families.REACHABLE, []), self._gauge(families.UNSERVED_SINCE, [])
        assert snapshot.reachable is not None
        assert snapshot.unserved_since_seconds is not None
        for row, key in enumerate(self._keys):
            if snapshot.reachable[row] >= 0:
                reachable.add_metric(key, snapshot.reachable[row])
            if snapshot.state[row] in ASIDE:
                maintenance.add_metric(key, 1)
                continue
            if snapshot.reachable[row] == 0:
                down.add_metric(key, snapshot.down_since_seconds[row])
                silent.add_metric(key, snapshot.last_reply_seconds[row])
            if snapshot.unserved_since_seconds[row] > 0:
                unserved.add_metric(key, snapshot.unserved_since_seconds[row])
            if snapshot.up[row] < 0:
                awaiting.add_metric(key, 1)
        yield from (reachable, down, unserved, silent, awaiting, maintenance)
        yield self._known(families.AVAILABILITY_DAY, snapshot.availability_day)
        yield self._counter(families.STATE_SECONDS, snapshot.state_seconds, [state.label for state in State])
        yield self._counter(families.STATE_CHANGES, snapshot.state_changes[:, None], [])
        had = np.flatnonzero(snapshot.relapses).tolist()
        own = [self._keys[row] for row in had]
        yield self._counter(families.RELAPSES, snapshot.relapses[had][:, None], [], own)
        yield self._gauge(families.STATE_SINCE, snapshot.state_since_seconds)
        yield self._counter(families.REQUESTS, snapshot.requests[:, None], [])
        yield self._counter(families.REPLIES, snapshot.replies[:, None], [])
        yield self._counter(families.FAILURES, snapshot.failures, [reason.label for reason in REASONS])
        yield self._histogram(families.RTT, snapshot, self._keys)
        yield self._gauge(families.LAST_REPLY, snapshot.last_reply_seconds)
        yield self._known(families.LOSS, snapshot.loss)
        yield self._known(families.SMOOTHED_RTT, snapshot.smoothed_rtt_seconds)
        yield from self._of_sight(snapshot.sight)
        info = GaugeMetricFamily(families.INFO.name, families.INFO.help, labels=INFO_LABELS)
        for labels in snapshot.labels:
            info.add_metric(list(asdict(labels).values()), 1)
        yield info
        overrun = self._gauge(families.OVERRUN, [])
        for row, window in snapshot.overruns:
            overrun.add_metric([*self._keys[row], window], 1)
        yield overrun
        yield from self._of_checks(snapshot.checks)
        yield from heartbeat_families(snapshot.heartbeats, self._keys)
        uplinks = snapshot.uplinks
        names = [[row.uplink, row.kecamatan, row.isp] for row in uplinks.labels]
        for family, values in (
            (families.UPLINK_UP, uplinks.up),
            (families.UPLINK_STATE, uplinks.state),
            (families.UPLINK_STATE_SINCE, uplinks.state_since_seconds),
        ):
            metric = self._gauge(family, [])
            for name, value in zip(names, values, strict=True):
                if value >= 0:
                    metric.add_metric(name, value)
            yield metric
        yield from self._of_groups(snapshot.groups)
        for table in snapshot.facts:
            family = family_of(table)
            unit = "seconds" if family.name.endswith("_seconds") else ""
            fact = GaugeMetricFamily(family.name, family.help, labels=family.labels, unit=unit)
            for labels_of, value in table.rows:
                fact.add_metric(labels_of, value)
            yield fact

    def _of_sight(self, sight: SightFigures | None) -> Iterable[Metric]:
        assert sight is not None
        yield self._gauge(families.UNSEEN_SINCE, sight.unseen_since_seconds)
        yield self._gauge(families.EVER_ANSWERED, sight.answered)
        unseen = self._gauge(families.UNSEEN, [])
        for row, reason in sight.reasons:
            unseen.add_metric([*self._keys[row], reason], 1)
        yield unseen

    def _of_checks(self, checks: Sequence[CheckFigures]) -> Iterable[Metric]:
        up, duration = self._gauge(families.SERVICE_UP, []), self._gauge(families.CHECK_DURATION, [])
        expiry = self._gauge(families.TLS_EXPIRY, [])
        for check in checks:
            for row, key in enumerate(self._keys):
                if check.service and check.up[row] >= 0:
                    up.add_metric([*key, check.check], float(check.up[row]))
                if not np.isnan(check.duration_seconds[row]):
                    duration.add_metric([*key, check.check], check.duration_seconds[row])
                if check.expiry_seconds is not None and not np.isnan(check.expiry_seconds[row]):
                    expiry.add_metric([*key, check.check], check.expiry_seconds[row])
        yield from (up, duration, expiry)

    def _of_groups(self, groups: GroupFigures) -> Iterable[Metric]:
        keys = [[row.kecamatan, row.isp, row.contract] for row in groups.labels]
        states = [state.label for state in State]
        hotspots = self._gauge(families.GROUP_HOTSPOTS, [])
        for key, row in zip(keys, groups.hotspots, strict=True):
            for state, value in zip(states, row, strict=True):
                hotspots.add_metric([*key, state], value)
        yield hotspots
        yield self._counter(families.GROUP_STATE_SECONDS, groups.state_seconds, states, keys)
        yield self._counter(families.GROUP_REQUESTS, groups.requests[:, None], [], keys)
        yield self._counter(families.GROUP_REPLIES, groups.replies[:, None], [], keys)
        yield self._histogram(families.GROUP_RTT, groups, keys)

    def _known(self, family: families.Family, values: NDArray[np.float64]) -> GaugeMetricFamily:
        metric = self._gauge(family, [])
        for key, value in zip(self._keys, values, strict=True):
            if not np.isnan(value):
                metric.add_metric(key, value)
        return metric

    def _gauge(self, family: families.Family, values: Iterable[float]) -> GaugeMetricFamily:
        unit = "seconds" if family.name.endswith("_seconds") else ""
        metric = GaugeMetricFamily(family.name, family.help, labels=family.labels, unit=unit)
        for key, value in zip(self._keys, values, strict=False):
            metric.add_metric(key, value)
        return metric

    def _counter(
        self,
        family: families.Family,
        values: Iterable[Iterable[float]],
        last: list[str],
        keys: list[list[str]] | None = None,
    ) -> Metric:
        unit = "seconds" if family.name.endswith("_seconds_total") else ""
        metric = CounterMetricFamily(family.name, family.help, labels=family.labels, unit=unit)
        for key, row in zip(self._keys if keys is None else keys, values, strict=True):
            for label, value in zip([[word] for word in last] or [[]], row, strict=True):
                metric.add_metric(key + label, value)
        return metric

    @staticmethod
    def _histogram(
        family: families.Family, figures: Snapshot | GroupFigures, keys: list[list[str]]
    ) -> HistogramMetricFamily:
        metric = HistogramMetricFamily(family.name, family.help, labels=family.labels, unit="seconds")
        bounds = [go_float(bound) for bound in (*RTT_BUCKETS_SECONDS, float("inf"))]
        for key, counts, total in zip(keys, figures.rtt_buckets, figures.rtt_sum_seconds, strict=True):
            buckets = [(bound, float(counts[: i + 1].sum())) for i, bound in enumerate(bounds)]
            metric.add_metric(key, buckets, float(total))
        return metric
