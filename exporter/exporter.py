"""The running exporter as the web sees it: figures to show, and reload. Owns the present configuration."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import structlog

from exporter.metrics.own import OwnMetrics
from exporter.metrics.snapshot import Snapshot
from exporter.monitor import Monitor
from exporter.plan import make_plan
from exporter.probing.outcome import REASONS, Outcome
from exporter.recording.recorder import Recorder, digest_of
from exporter.verdicts.cover import CoverChange
from exporter.verdicts.machine import Transitions
from exporter.verdicts.paths import PathChange
from exporter.web.state import Canary, Link, Overview, Uplink
from exporter.world import World
from pantau import __version__
from pantau.clock import NANOSECONDS, Clock
from pantau.errors import ConfigurationError
from pantau.inventory import Configuration, HotspotStatus, load
from pantau.states import State

RUNBOOKS = "https://github.com/pantau/pantau/tree/main/docs/runbooks"

log = structlog.get_logger(__name__)


class Exporter:
    """Implements `exporter.web.state.WebState` over a `Monitor`. With a `recorder`, the journal hears of everything."""

    def __init__(
        self,
        configuration: Configuration,
        monitor: Monitor,
        world: World,
        clock: Clock,
        recorder: Recorder | None = None,
    ) -> None:
        self.recorder = recorder
        self.configuration = configuration
        self.monitor = monitor
        self._world = world
        self.own = OwnMetrics()
        self._clock = clock
        self._started_seconds = clock.wall_ns() / NANOSECONDS
        self._reload_lock = asyncio.Lock()
        self._reload_problems: tuple[str, ...] = ()
        self._tell_loaded()

    def snapshot(self) -> Snapshot:
        """The hotspots' figures of now; brings the exporter's own up to date on the way."""
        monitor, own = self.monitor, self.own
        own.engine, own.socket = monitor.engine.name, monitor.engine.socket
        own.statistics = monitor.engine.statistics
        own.vantage_up = monitor.vantage.up
        paths = monitor.sight.paths
        named = zip(paths.canaries, paths.isp_of_canary, strict=True)
        own.canaries = {(canary.name, isp): canary.up for canary, isp in named}
        own.peerings = {isp: peering.up for isp, peering in zip(paths.isps, paths.peerings, strict=True)}
        own.skipped_slots = monitor.skipped_slots
        own.maintenance = monitor.maintenance.figures
        own.observe_lateness(*monitor.take_lateness())
        return monitor.snapshot()

    def ready(self) -> bool:
        """Whether the first full round is complete."""
        return self.monitor.ready

    async def reload(self) -> list[str]:
        """Load everything anew; on any problem the old state goes on running, and the problems are returned."""
        async with self._reload_lock:
            return await self._reload(self.configuration.path)

    def overview(self) -> Overview:
        """What the page at ``/`` shows."""
        monitor = self.monitor
        states, counts = _count_states(monitor)
        return Overview(
            version=__version__,
            vantage=self.configuration.settings.vantage.name,
            vantage_up=monitor.vantage.up,
            canaries=tuple(_canaries(monitor)),
            engine=monitor.engine.name,
            socket=monitor.engine.socket,
            counts=dict(zip(states, counts, strict=True)),
            uplinks=tuple(_uplinks(monitor)),
            now_seconds=self._clock.wall_ns() / NANOSECONDS,
            started_seconds=self._started_seconds,
            timezone=self.configuration.settings.zone,
            reload_successful=self.own.reload_successful,
            reload_seconds=self._reload_seconds,
            reload_problems=self._reload_problems,
            links=(Link("Runbook", RUNBOOKS),),
        )

    def hotspot(self, identifier: str) -> dict[str, object] | None:
        """What is known of one hotspot or probed uplink, for `pantau probe`."""
        monitor = self.monitor
        try:
            row = monitor.plan.ids.index(identifier)
        except ValueError:
            return None
        machine, counters = monitor.machine, monitor.counters
        since = float(monitor.wall_seconds(machine.cover.shown_since_ns(machine.since_ns))[row])
        last_reply = float(monitor.wall_seconds(counters.last_reply_ns[row : row + 1])[0])
        return {
            "hotspot" if row < monitor.plan.hotspots else "uplink": identifier,
            "address": monitor.plan.addresses[row],
            "state": State(machine.cover.shown(machine.state)[row]).label,
            "since_timestamp_seconds": since,
            "requests": int(counters.requests[row]),
            "replies": int(counters.replies[row]),
            "failures": {reason.label: int(counters.failures[row, reason - 1]) for reason in REASONS},
            "last_reply_timestamp_seconds": last_reply if counters.last_reply_ns[row] >= 0 else None,
            "vantage_up": monitor.vantage.up,
        }

    def tell_path(self, change: PathChange) -> None:
        """Write to journal and log that we cannot see any more over our own path or that to an ISP, or see again."""
        if self.recorder is not None:
            self.recorder.tell_path(change)
        words = {"isp": change.isp} if change.isp else {}
        at = float(self.monitor.wall_seconds(np.array([change.at_ns]))[0])
        if change.up:
            log.info("path works again", since_timestamp_seconds=at, **words)
        else:
            log.warning("path has failed: what is seen over it is unknown", since_timestamp_seconds=at, **words)

    def tell_cover(self, change: CoverChange) -> None:
        """Write to journal and log that maintenance windows have begun or ceased to hide hotspots, a line a window.

        Together with `tell` this is all there is to know of states: what the probes show, and what hides it when.
        """
        if self.recorder is not None:
            self.recorder.tell_cover(change)
        names, since = self.monitor.machine.cover.names, self.monitor.wall_seconds(np.array([change.at_ns]))
        for number, hidden in sorted(set(zip(change.windows.tolist(), change.hidden.tolist(), strict=True))):
            of_window = (change.windows == number) & (change.hidden == hidden)
            log.info(
                "maintenance begins" if hidden else "maintenance ends",
                window=names[number],
                covered=int(of_window.sum()),
                down=int((change.state[of_window] == State.DOWN).sum()),
                since_timestamp_seconds=float(since[0]),
            )

    def tell(self, transitions: Transitions) -> None:
        """Write changes of state, as the probes show it, to journal and log. Rows from `plan.hotspots` on: uplinks."""
        if self.recorder is not None:
            self.recorder.tell(transitions)
        plan, since = self.monitor.plan, self.monitor.wall_seconds(transitions.at_ns)
        for row, target in enumerate(transitions.targets.tolist()):
            log.info(
                "state changed",
                **{"hotspot" if target < plan.hotspots else "uplink": plan.ids[target]},
                before=State(transitions.before[row]).label,
                after=State(transitions.after[row]).label,
                since_timestamp_seconds=float(since[row]),
                reason=Outcome(transitions.reason[row]).label,
                maintenance=bool(transitions.hidden[row]),
            )

    async def _reload(self, path: Path) -> list[str]:
        try:
            configuration = await asyncio.to_thread(load, path, self._clock.wall_ns())
        except ConfigurationError as error:
            self._reload_seconds = self._clock.wall_ns() / NANOSECONDS
            self.own.reload_successful = False
            self._reload_problems = tuple(map(str, error.problems))
            for problem in error.problems:
                log.error("configuration is not usable, the old one stays", problem=str(problem))  # noqa: TRY400
            return list(self._reload_problems)
        configuration = self._world.adapt(configuration)
        plan = await asyncio.to_thread(make_plan, configuration)
        if self.recorder is None:
            self.monitor.reload(plan)
        else:
            digest = await asyncio.to_thread(digest_of, configuration.files)
            before = self.recorder.before_reload()
            self.monitor.reload(plan)
            self.recorder.reloaded(before, digest)
        self.configuration = configuration
        self._tell_loaded()
        return []

    def _tell_loaded(self) -> None:
        self._reload_seconds = self._clock.wall_ns() / NANOSECONDS
        self._reload_problems = ()
        self.own.reload_successful = True
        self.own.reload_success_timestamp_seconds = self._reload_seconds
        hotspots = self.configuration.inventory.hotspots
        statuses = [hotspot.status for hotspot in hotspots]
        self.own.inventory = {status: statuses.count(status) for status in _STATUSES}
        for warning in self.configuration.warnings:
            log.warning("configuration can be used, but look at this", problem=str(warning))
        log.info("configuration loaded", file=str(self.configuration.path), **self.own.inventory)


_STATUSES: tuple[HotspotStatus, ...] = ("planned", "active", "retired")


def _count_states(monitor: Monitor) -> tuple[list[State], list[int]]:
    states = list(State)
    state_of = monitor.machine.cover.shown(monitor.machine.state)[: monitor.plan.hotspots]
    return states, [int((state_of == state).sum()) for state in states]


def _canaries(monitor: Monitor) -> Iterator[Canary]:
    paths = monitor.sight.paths
    for canary, isp in zip(paths.canaries, paths.isp_of_canary, strict=True):
        yield Canary(canary.name, canary.up, isp)


def _uplinks(monitor: Monitor) -> Iterator[Uplink]:
    states = monitor.machine.cover.shown(monitor.machine.state)[monitor.plan.hotspots :].tolist()
    for labels, state in zip(monitor.plan.uplinks, states, strict=True):
        yield Uplink(labels.uplink, State(state))
