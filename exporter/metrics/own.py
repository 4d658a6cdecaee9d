"""The `pantau_*` metrics: what the exporter says of itself and of its own sight.

The app assigns plain attributes; a scrape, in a thread, reads them when it collects. Nothing is locked on the way, for
each attribute is replaced in one step and never changed in place, but for statistics of the engine and of scrapes,
which are copied.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from exporter.metrics.door import DoorFigures, door_families
from exporter.metrics.exposition import EOF
from exporter.metrics.histogram import BulkHistogram
from exporter.metrics.literals import encodable
from exporter.metrics.scraping import ScrapeCounts, scrape_families
from exporter.metrics.silenced import SilenceStatus, silence_families
from exporter.metrics.web_config import WebConfigStatus, web_config_families
from exporter.probing.icmp.engine import EngineStatistics
from exporter.probing.uptime.source import UptimeResult
from exporter.verdicts.maintenance import WindowFigures
from pantau import __version__

LATENESS_BOUNDS_SECONDS: tuple[float, ...] = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
"""Upper bounds of `pantau_probe_lateness_seconds` and `pantau_event_loop_lag_seconds`; with +Inf twelve buckets."""


class JournalStatus(Protocol):
    """What a scrape tells of the journal."""

    @property
    def up(self) -> bool:
        """Whether it takes what it is given."""

    @property
    def spooled(self) -> int:
        """Events that wait to be written."""

    @property
    def lost(self) -> int:
        """Events that found no room."""

    @property
    def waiting(self) -> bool:
        """Whether another exporter of the same source writes it."""


class AnchorStatus(Protocol):
    """What a scrape tells of the journal's anchors."""

    @property
    def success_seconds(self) -> float | None:
        """Unix time of the last one, 0 while there is none; None where none is taken."""


class UptimeStatus(Protocol):
    """What a scrape tells of devices that are asked for their uptime."""

    @property
    def results(self) -> Mapping[UptimeResult, int]:
        """How often each came of it."""


class OwnMetrics:
    """The exporter's own figures, in a registry of their own. A collector in the sense of `prometheus_client`."""

    def __init__(self, version: str = __version__) -> None:
        self.version = version
        self.vantage_up = True
        """Whether our own path works. True until canaries prove the contrary: no page without evidence."""
        self.canaries: Mapping[tuple[str, str], bool] = {}
        """The canaries of the present configuration, by name and ISP (empty for the general ones); replace it whole."""
        self.peerings: Mapping[str, bool] = {}
        """Whether we can see over the path to each ISP that has canaries of its own; replace the whole mapping."""
        self.inventory: Mapping[str, int] = {"planned": 0, "active": 0, "retired": 0}
        """Hotspots by status; replace the whole mapping."""
        self.maintenance: Sequence[WindowFigures] = ()
        """The windows of the present configuration; replace the whole sequence."""
        self.unsent: Mapping[str, int] = {"resolve": 0, "send": 0, "turn": 0}
        """Probes that never left, by reason; replace the whole mapping."""
        self.engine = "none"
        self.socket = "none"
        self.statistics = EngineStatistics()
        """Those of the running engine, read at each scrape."""
        self.journal: JournalStatus | None = None
        """None where nothing is journaled, as in a simulation."""
        self.uptimes: UptimeStatus | None = None
        """None where nobody is asked."""
        self.anchors: AnchorStatus | None = None
        """None where nothing is journaled."""
        self.door: DoorFigures | None = None
        """None where there is none; replace it whole."""
        self.silences: SilenceStatus | None = None
        """None where no Alertmanager is asked."""
        self.web_config: WebConfigStatus | None = None
        """None until the web server is made."""
        self.scrapes = ScrapeCounts()
        """Changed in place, by the web server on the loop."""
        self.skipped_slots = 0
        self.policed_probes = 0
        self.reload_successful = True
        self.reload_success_timestamp_seconds = 0.0
        """Unix time of the last load that succeeded, the first included."""
        self._lateness = BulkHistogram(
            "pantau_probe_lateness_seconds", "How long after its slot a probe left.", LATENESS_BOUNDS_SECONDS
        )
        self._loop_lag = BulkHistogram(
            "pantau_event_loop_lag_seconds", "How late the event loop woke up.", LATENESS_BOUNDS_SECONDS
        )
        self.registry = CollectorRegistry()
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def observe_lateness(self, counts: NDArray[np.int64], sum_seconds: float) -> None:
        """Count many departures: one element a bucket of `LATENESS_BOUNDS_SECONDS` and beyond, not cumulative."""
        self._lateness.add(counts, sum_seconds)

    def observe_loop_lag(self, seconds: float) -> None:
        """Count one wake-up of the event loop, so many seconds late."""
        self._loop_lag.observe(seconds)

    def render(self, openmetrics: bool) -> bytes:
        """All own families, without the ``# EOF`` of OpenMetrics. Reads /proc: call it in a thread."""
        if openmetrics:
            text: bytes = generate_openmetrics(self.registry)  # type: ignore[no-untyped-call]
            return text.removesuffix(EOF)
        return generate_latest(self.registry)

    def collect(self) -> Iterable[Metric]:
        """All `pantau_*` families as of now."""
        yield from self._vantage_families()
        yield self._lateness.family()
        yield self._loop_lag.family()
        yield from self._honesty_families()
        yield from self._maintenance_families()
        if self.door is not None:
            yield from door_families(self.door)
        yield from self._configuration_families()
        if self.web_config is not None:
            yield from web_config_families(self.web_config)
        yield from scrape_families(self.scrapes)
        if self.silences is not None:
            yield from silence_families(self.silences)
        if self.journal is not None:
            yield from _journal_families(self.journal)
        if self.uptimes is not None:
            yield _uptime_family(self.uptimes)
        if self.anchors is not None and (taken := self.anchors.success_seconds) is not None:
            yield GaugeMetricFamily(
                "pantau_anchor_success_timestamp_seconds",
                "Unix time at which the journal was last anchored; 0 when never, absent where no authority is set.",
                taken,
            )

    def _vantage_families(self) -> Iterable[Metric]:
        yield GaugeMetricFamily(
            "pantau_vantage_up", "Whether our own path works: 1 while enough canaries answer.", float(self.vantage_up)
        )
        canaries = GaugeMetricFamily("pantau_canary_up", "Whether the canary answers.", labels=["canary", "isp"])
        for (name, isp), up in self.canaries.items():
            canaries.add_metric([encodable(name), isp], float(up))
        yield canaries
        peerings = GaugeMetricFamily(
            "pantau_peering_up",
            "Whether the path to the ISP works: 0 while its canaries are silent though our own path works.",
            labels=["isp"],
        )
        for isp, up in self.peerings.items():
            peerings.add_metric([isp], float(up))
        yield peerings

    def _honesty_families(self) -> Iterable[Metric]:
        statistics = self.statistics
        yield CounterMetricFamily(
            "pantau_socket_receive_drops_total",
            "Messages that the kernel dropped because our receive buffer was full.",
            statistics.receive_drops,
        )
        errors = CounterMetricFamily(
            "pantau_socket_send_errors_total", "Probes that the kernel refused to send.", labels=["errno"]
        )
        for name, count in statistics.send_errors.copy().items():
            errors.add_metric([name], count)
        yield errors
        unsent = CounterMetricFamily(
            "pantau_unsent_probes_total",
            "Probes of hotspots that did not leave: no address (resolve), refused here (send), no turn in time (turn).",
            labels=["reason"],
        )
        for reason, count in self.unsent.items():
            unsent.add_metric([reason], count)
        yield unsent
        unmatched = CounterMetricFamily(
            "pantau_unmatched_replies_total", "Received messages that answer none of our probes.", labels=["reason"]
        )
        for reason, count in statistics.unmatched.copy().items():
            unmatched.add_metric([reason], count)
        yield unmatched
        ignored = CounterMetricFamily(
            "pantau_icmp_ignored_total",
            "ICMP messages about our probes that advise, and change nothing.",
            labels=["type"],
        )
        for name, count in statistics.ignored.copy().items():
            ignored.add_metric([name], count)
        yield ignored
        yield CounterMetricFamily(
            "pantau_late_replies_total", "Replies that came after the timeout.", statistics.late_replies
        )
        yield CounterMetricFamily(
            "pantau_skipped_slots_total", "Probes that were not sent because their slot had passed.", self.skipped_slots
        )
        yield CounterMetricFamily(
            "pantau_policed_probes_total",
            "Lost probes that prove nothing, for canaries lost some of theirs in the same bursts.",
            self.policed_probes,
        )
        yield CounterMetricFamily(
            "pantau_clock_steps_total", "Steps of the wall clock noticed while probing.", statistics.clock_steps
        )

    def _maintenance_families(self) -> Iterable[Metric]:
        labels = ["window", "scope", "target"]
        active = GaugeMetricFamily(
            "pantau_maintenance_active", "Whether the maintenance window is open: 1 while it is.", labels=labels
        )
        end = GaugeMetricFamily(
            "pantau_maintenance_end_timestamp_seconds",
            "Unix time at which the window's present, else next, else last occurrence ends.",
            labels=labels,
            unit="seconds",
        )
        for it in self.maintenance:
            active.add_metric([it.window, it.scope, it.target], float(it.is_open))
            end.add_metric([it.window, it.scope, it.target], it.end_seconds)
        yield active
        yield end

    def _configuration_families(self) -> Iterable[Metric]:
        yield GaugeMetricFamily(
            "pantau_config_last_reload_successful",
            "Whether the last load of settings and inventory succeeded.",
            float(self.reload_successful),
        )
        yield GaugeMetricFamily(
            "pantau_config_last_reload_success_timestamp_seconds",
            "Unix time of the last load of settings and inventory that succeeded.",
            self.reload_success_timestamp_seconds,
            unit="seconds",
        )
        inventory = GaugeMetricFamily("pantau_inventory_hotspots", "Hotspots in the inventory.", labels=["status"])
        for status, count in self.inventory.items():
            inventory.add_metric([status], count)
        yield inventory
        engine = GaugeMetricFamily(
            "pantau_engine_info", "What sends the probes; always 1.", labels=["engine", "socket"]
        )
        engine.add_metric([self.engine, self.socket], 1)
        yield engine
        build = GaugeMetricFamily("pantau_build_info", "The running version of Pantau; always 1.", labels=["version"])
        build.add_metric([self.version], 1)
        yield build


def _uptime_family(uptimes: UptimeStatus) -> Metric:
    family = CounterMetricFamily(
        "pantau_uptime_requests_total",
        "Devices that were asked after a recovery how long they had been running, by what became of it.",
        labels=["result"],
    )
    for result, count in uptimes.results.items():
        family.add_metric([result.value], count)
    return family


def _journal_families(journal: JournalStatus) -> Iterable[Metric]:
    yield GaugeMetricFamily(
        "pantau_journal_up", "Whether the journal takes what it is given: 1, or 0 while it keeps it.", float(journal.up)
    )
    yield GaugeMetricFamily(
        "pantau_journal_waiting",
        "Whether another exporter of the same source writes the journal, and this one waits; then it is not up either.",
        float(journal.waiting),
    )
    yield GaugeMetricFamily(
        "pantau_journal_spooled_events", "Events that wait to be written to the journal.", journal.spooled
    )
    yield CounterMetricFamily(
        "pantau_journal_lost_events_total", "Events that found no room, and will not be in the journal.", journal.lost
    )
