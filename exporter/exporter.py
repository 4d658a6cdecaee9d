"""The running exporter as the web sees it: figures to show, and reload. Owns the present configuration."""

import asyncio
import dataclasses
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import structlog

from exporter.kinds import plan_of
from exporter.metrics.door import DoorFigures
from exporter.metrics.own import OwnMetrics
from exporter.monitor import Monitor, PreparedReload
from exporter.planning.plan import Plan
from exporter.probing.agent.beats import BeatSource
from exporter.probing.agent.figures import agent_columns
from exporter.probing.agent.plan import KIND as AGENT
from exporter.probing.agent.prober import AgentProber
from exporter.probing.icmp.unusable import UnusableReply
from exporter.probing.outcome import REASONS, Int64
from exporter.probing.service import Result
from exporter.reloading import Loader, look_through, uncollected
from exporter.rollback import undone_on_failure
from exporter.verdicts.events import Event, Listener
from exporter.verdicts.picture import HeartbeatFigures, Snapshot
from exporter.verdicts.sight import UnseenReason
from exporter.verdicts.witnesses import WitnessPaths
from exporter.web.state import CanaryShown, Link, Overview, UnseenShown, UplinkShown
from exporter.world import World
from pantau import __version__
from pantau.clock import NANOSECONDS, Clock
from pantau.inventory import Configuration, HotspotStatus
from pantau.inventory.scopes import discovered
from pantau.states import State

RUNBOOKS = "https://github.com/pantau/pantau/tree/main/docs/runbooks"

log = structlog.get_logger(__name__)


class Exporter:
    """Implements `exporter.web.state.WebState` over a `Monitor`. All `listeners` hear everything, the journal last.

    `answered_before` tells which of some hotspots have ever answered, and may take its time.
    """

    def __init__(
        self,
        configuration: Configuration,
        monitor: Monitor,
        world: World,
        clock: Clock,
        listeners: Sequence[Listener] = (),
        loader: Loader | None = None,
        answered_before: Callable[[Collection[str]], Collection[str]] = lambda _: (),
        note_scrape: Callable[[Sequence[str], Int64], None] = lambda *_: None,
    ) -> None:
        self.configuration = configuration
        self.loader = loader or Loader(configuration.path, clock)
        self.monitor = monitor
        self._listeners = tuple(listeners)
        self._answered_before, self._note_scrape = answered_before, note_scrape
        self._world = world
        self.own = OwnMetrics()
        self._clock = clock
        self._started_seconds = clock.wall_ns() / NANOSECONDS
        self._reload_lock = asyncio.Lock()
        self._note_loaded()

    def publish(self, events: Iterable[Event]) -> None:
        """Let every listener hear what happened, in order."""
        for event in events:
            for listener in self._listeners:
                listener.hear(event)

    def snapshot(self) -> Snapshot:
        """The hotspots' figures of now; brings the exporter's own up to date on the way."""
        own, engine, judge = self.own, self._world.engine, self.monitor.judge
        own.engine, own.socket, own.statistics = engine.name, engine.socket, engine.statistics
        paths = judge.primary.vouching.paths
        own.vantage_up = paths.vantage.up
        named = zip(paths.references, paths.isp_of_reference, strict=True)
        own.canaries = {(canary.name, isp): canary.up for canary, isp in named}
        own.peerings = {isp: peering.up for isp, peering in zip(paths.isps, paths.peerings, strict=True)}
        own.skipped_slots = sum(prober.lateness.skipped_slots for prober in self.monitor.probers)
        own.policed_probes = sum(prober.lateness.policed for prober in self.monitor.probers)
        own.maintenance = judge.maintenance.figures
        own.unsent = {
            **{reason.label: count for reason, count in judge.primary.machine.counters.unsent.items()},
            "turn": sum(prober.lateness.unsent for prober in self.monitor.probers),
        }
        for prober in self.monitor.probers:
            own.observe_lateness(*prober.lateness.take())
        own.door = None if self.configuration.settings.agents is None else _door(self._world.beats, self.monitor)
        snapshot, plan = self.monitor.snapshot(), self.monitor.plan
        self._note_scrape(plan.ids[: plan.hotspots], self.monitor.booked_until_ns())
        return dataclasses.replace(snapshot, heartbeats=self._heartbeats())

    def _heartbeats(self) -> HeartbeatFigures | None:
        """What agents say, where there are any."""
        settings, plan = self.configuration.settings.agents, self.monitor.plan
        watched = self.monitor.judge.kinds[AGENT].plan.watched[: plan.hotspots]
        if settings is None or not any(watched):
            return None
        fresh_since_ns = self._clock.wall_ns() - round(settings.grace_seconds * NANOSECONDS)
        return HeartbeatFigures(
            *agent_columns(plan.ids[: plan.hotspots], watched, self._world.beats.heard, fresh_since_ns)
        )

    def ready(self) -> bool:
        """Whether the first full round is complete."""
        return self.monitor.ready

    async def reload(self) -> list[str]:
        """Load everything anew; on any problem the old state goes on running, and the problems are returned."""
        async with self._reload_lock:
            try:
                with uncollected():
                    await self._reload()
            except Exception as error:  # noqa: BLE001 - the supervisor: nothing that a file does may end the watch
                self._reload_seconds = self._clock.wall_ns() / NANOSECONDS
                self.own.reload_successful = False
                self.loader.failed(error)
            return list(self.loader.problems)

    def overview(self) -> Overview:
        """What the page at ``/`` shows."""
        monitor = self.monitor
        states, counts = _count_states(monitor)
        return Overview(
            version=__version__,
            vantage=self.configuration.settings.vantage.name,
            vantage_up=monitor.judge.primary.vouching.vantage.up,
            canaries=tuple(_canaries(monitor)),
            engine=self._world.engine.name,
            socket=self._world.engine.socket,
            counts=dict(zip(states, counts, strict=True)),
            uplinks=tuple(_uplinks(monitor)),
            unseen=tuple(_unseen(monitor)),
            now_seconds=self._clock.wall_ns() / NANOSECONDS,
            started_seconds=self._started_seconds,
            timezone=self.configuration.settings.zone,
            reload_successful=self.own.reload_successful,
            reload_seconds=self._reload_seconds,
            reload_problems=self.loader.problems,
            links=(Link("Runbook", RUNBOOKS),),
        )

    def hotspot(self, identifier: str) -> dict[str, object] | None:
        """What is known of one hotspot or probed uplink, for `pantau probe`."""
        monitor, plan, judge = self.monitor, self.monitor.plan, self.monitor.judge
        try:
            row = plan.ids.index(identifier)
        except ValueError:
            return None
        counters = judge.primary.machine.counters
        since = float(monitor.wall.seconds(judge.states.shown_since_ns())[row])
        last_reply = float(monitor.wall.seconds(counters.last_reply_ns[row : row + 1])[0])
        probed = monitor.address_of(row)
        known: dict[str, object] = {
            "uplink" if plan.subjects[row].is_uplink else "hotspot": identifier,
            "address": self._address(identifier),
            "address_in_use": probed.in_use,
            "other_addresses": list(probed.others),
            "address_problem": probed.problem,
            "state": State(judge.states.shown()[row]).label,
            "since_timestamp_seconds": since,
            "requests": int(counters.requests[row]),
            "replies": int(counters.replies[row]),
            "failures": {reason.label: int(counters.failures[row, reason - 1]) for reason in REASONS},
            "last_reply_timestamp_seconds": last_reply if counters.last_reply_ns[row] >= 0 else None,
            "vantage_up": judge.primary.vouching.vantage.up,
            "unusable_replies": [_unusable(reply) for reply in self._world.engine.unusable_replies(row)],
        }
        kinds = {name: kind.machine for name, kind in judge.kinds.items() if kind is not judge.primary}
        checks = {name: State(machine.state[row]).label for name, machine in kinds.items() if machine.watched[row]}
        for kind in judge.kinds.values():
            checks |= {it.plan.name: Result(it.said[row]).label for it in kind.checks.machines if it.watched[row]}
        return known | ({"checks": checks} if checks else {})

    async def discovery(self, job: str) -> bytes | None:
        """See `WebState.discovery`; written in a thread, for a thousand targets take some milliseconds."""
        settings, inventory = self.configuration.settings, self.configuration.inventory
        found = next((it for it in settings.sd if it.job == job), None)
        if found is None:
            return None
        return await asyncio.to_thread(lambda: json.dumps(discovered(found, inventory)).encode())

    def _address(self, identifier: str) -> str | None:
        inventory = self.configuration.inventory
        hotspot = inventory.hotspot_by_id.get(identifier)
        if hotspot is not None:
            return hotspot.address
        return next((uplink.address for uplink in inventory.probed_uplinks if uplink.id == identifier), None)

    async def _reload(self) -> None:
        loaded = await self.loader.load()
        if self.loader.is_in_force(loaded):  # nobody has touched a file
            self._note_loaded()
            return
        try:
            configuration = self._world.adapt(loaded)
            prepared = await asyncio.to_thread(_prepared, configuration, self.monitor.plan)
            if prepared is None:  # nothing of what is probed, judged and told is another: there is nothing to tell
                self.configuration = configuration
                self._note_loaded()
                return
            new = set(prepared.plan.ids).difference(self.monitor.plan.ids)
            known = await asyncio.to_thread(self._answered_before, new) if new else ()
            await asyncio.sleep(0)  # what is due may leave before all is held
            with undone_on_failure(self.monitor, *self._listeners):
                events = self.monitor.reload(prepared)
                self.monitor.remember_answered(known)
                for listener in self._listeners:  # the last is the journal, which gives nothing back
                    for event in events:
                        listener.hear(event)
        except BaseException:
            self._world.adapt(self.configuration)
            raise
        self.configuration = configuration
        await asyncio.sleep(0)  # and what has become due meanwhile
        self._note_loaded()

    def _note_loaded(self) -> None:
        self._reload_seconds = self._clock.wall_ns() / NANOSECONDS
        self.loader.succeeded()
        self.own.reload_successful = True
        self.own.reload_success_timestamp_seconds = self._reload_seconds
        hotspots = self.configuration.inventory.hotspots
        statuses = [hotspot.status for hotspot in hotspots]
        self.own.inventory = {status: statuses.count(status) for status in _STATUSES}
        for warning in self.configuration.warnings:
            log.warning("configuration can be used, but look at this", problem=str(warning))
        log.info("configuration loaded", file=str(self.configuration.path), **self.own.inventory)


def _prepared(configuration: Configuration, before: Plan) -> PreparedReload | None:
    """What the plan of a configuration makes of the one before, None where it is the same; in a thread."""
    plan = plan_of(configuration, configuration.digest)
    prepared = None if plan == before else PreparedReload.of(before, plan)
    look_through()
    return prepared


def _door(beats: BeatSource, monitor: Monitor) -> DoorFigures | None:
    """How the door for heartbeats is. It is closed, too, if nobody comes who used to."""
    prober = next((it for it in monitor.probers if isinstance(it, AgentProber)), None)
    if prober is None:
        return None
    paths = monitor.judge.kinds[AGENT].vouching.paths
    heard = not isinstance(paths, WitnessPaths) or paths.door_up
    return DoorFigures(beats.open and heard, dict(beats.counts), prober.page_up, dict(prober.doubts.unbelieved))


def _unusable(reply: UnusableReply) -> dict[str, object]:
    """What came in place of a reply that counts, ready for JSON."""
    return {
        "defect": reply.defect.label,
        "address": str(reply.address),
        "probes": reply.probes,
        "last_timestamp_seconds": reply.last_wall_ns / NANOSECONDS,
        "meaning": reply.meaning[1],
    }


_STATUSES: tuple[HotspotStatus, ...] = ("planned", "active", "retired")


def _count_states(monitor: Monitor) -> tuple[list[State], list[int]]:
    states = list(State)
    state_of = monitor.judge.states.shown()[: monitor.plan.hotspots]
    return states, [int((state_of == state).sum()) for state in states]


def _canaries(monitor: Monitor) -> Iterator[CanaryShown]:
    paths = monitor.judge.primary.vouching.paths
    for canary, isp in zip(paths.references, paths.isp_of_reference, strict=True):
        yield CanaryShown(canary.name, canary.up, isp)


def _uplinks(monitor: Monitor) -> Iterator[UplinkShown]:
    states = monitor.judge.states.shown()[monitor.plan.hotspots :].tolist()
    for labels, state in zip(monitor.plan.uplinks, states, strict=True):
        yield UplinkShown(labels.uplink, State(state))


def _unseen(monitor: Monitor) -> Iterator[UnseenShown]:
    """Hotspots and uplinks that cannot be seen, the longest unseen first."""
    plan, unseen = monitor.plan, monitor.judge.unseen(monitor.timeline.now_ns)
    rows = zip(unseen.rows.tolist(), unseen.reason.tolist(), monitor.wall.seconds(unseen.since_ns), strict=True)
    for row, reason, since_seconds in sorted(rows, key=lambda each: each[2]):
        labels = plan.labels[row] if row < plan.hotspots else plan.uplinks[row - plan.hotspots]
        place = " · ".join(filter(None, (labels.kecamatan, labels.isp)))
        yield UnseenShown(plan.ids[row], place, UnseenReason(reason), float(since_seconds))
