"""The exporter's end of the door: starts its process, watches over it, and takes what it hands on."""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog

from exporter.agents_door.gate import Answer
from exporter.agents_door.heard import HeardAgents
from exporter.agents_door.messages import MOST_LINE_BYTES, plan_line, read_beat
from exporter.agents_door.own_address import OwnAddress, PublicAddress
from exporter.probing.agent.beats import Beat, DoorPlan, HeardAgent
from pantau.redaction import shown

_AGAIN_SECONDS = (0.2, 1.0, 5.0, 15.0)
"""The process has ended: after so long it is started again, the longer the more often."""
_STEADY_SECONDS = 60.0
_STOP_SECONDS = 1.0
_SAVE_SECONDS = 60
_MOST_WAITING = 100_000
"""Beats that nobody has taken: an exporter that stands still takes no more."""

log = structlog.get_logger(__name__)


class Door:
    """A `BeatSource`: the door of this machine. It is open while `port` is one, and our own address disproves nothing.

    `state_file` has what was last heard before; see `HeardAgents`.
    """

    def __init__(self, state_file: str | None = None) -> None:
        self.agents = HeardAgents()
        self.agents.load(state_file)
        self._state_file = state_file
        self._known_ns: Mapping[str, int] = {}
        self.port: int | None = None
        self._counts: Counter[str] = Counter({answer.label: 0 for answer in Answer})
        """Of all processes so far."""
        self._plan: DoorPlan | None = None
        self._changed = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._beats: list[Beat] = []
        self._late: list[Beat] = []
        self._problem = ""
        self._heard_seconds = 0.0
        """When a heartbeat came last, by the steady clock."""
        self._own_address = OwnAddress(self._public_address, lambda: self._heard_seconds)

    @property
    def plan(self) -> DoorPlan | None:
        """Who is let in; None where there is no door."""
        return self._plan

    def remember(self, known_ns: Mapping[str, int]) -> None:
        """When the agents of these hotspots were last heard as the journal knows, wall time."""
        self._known_ns = known_ns

    def last_heard_ns(self, hotspot: str) -> int | None:
        """See `BeatSource`."""
        agent = self.heard.get(hotspot)
        return max(self._known_ns.get(hotspot, 0), 0 if agent is None else agent.state.heard_ns) or None

    @property
    def pid(self) -> int | None:
        """Of the process; None while there is none."""
        return None if self._process is None else self._process.pid

    @property
    def open(self) -> bool:
        """See `BeatSource`."""
        return self.port is not None and not self._own_address.disproved

    @property
    def counts(self) -> Mapping[str, int]:
        """See `BeatSource`."""
        return self._counts

    @property
    def heard(self) -> Mapping[str, HeardAgent]:
        """See `BeatSource`."""
        return self.agents.agents

    def take(self) -> Sequence[Beat]:
        """See `BeatSource`."""
        beats, self._beats = self._beats, []
        return beats

    def take_late(self) -> Sequence[Beat]:
        """See `BeatSource`."""
        late, self._late = self._late, []
        return late

    def configure(self, plan: DoorPlan | None) -> None:
        """See `BeatSource`: a process that listens elsewhere is another one."""
        before, self._plan = self._plan, plan
        if plan == before:
            return
        if plan is not None and plan.state_file != self._state_file:
            self._state_file = plan.state_file
            self.agents.load(plan.state_file)
        stays = plan is not None and before is not None and _listener_of(plan) == _listener_of(before)
        process = self._process
        if process is not None and stays and plan is not None:
            self._tell(process, plan)
        elif process is not None:
            with suppress(ProcessLookupError):
                process.terminate()
        self._changed.set()

    async def run(self) -> None:
        """See `BeatSource`: whatever becomes of the process, another takes its place."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._save())
                tasks.create_task(self._own_address.run())
                failures = 0
                while True:
                    self._changed.clear()
                    if self._plan is None:
                        await self._changed.wait()
                        continue
                    began = time.monotonic()
                    await self._live(self._plan)
                    failures = 0 if time.monotonic() - began > _STEADY_SECONDS else failures + 1
                    pause = _AGAIN_SECONDS[min(failures, len(_AGAIN_SECONDS) - 1)]
                    if not self._changed.is_set():
                        log.warning("the agents' door is closed, and is opened again", seconds=pause)
                    with suppress(TimeoutError):
                        async with asyncio.timeout(pause):
                            await self._changed.wait()
        finally:
            self.agents.save()

    async def _live(self, plan: DoorPlan) -> None:
        """One process from its start to its end."""
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "exporter.agents_door"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=MOST_LINE_BYTES,
            )
        except OSError as error:  # no memory, no descriptors: as if it had ended at once
            self._hear({"problem": f"cannot be started: {error.strerror or error}"})
            return
        self._process = process
        try:
            self._tell(process, plan)
            if process.stdout is not None:
                # A process that is killed may leave half a line.
                while (line := await process.stdout.readline()).endswith(b"\n"):
                    self._hear(json.loads(line))
        finally:
            self._process, self.port = None, None
            await _end(process)

    def _tell(self, process: asyncio.subprocess.Process, plan: DoorPlan) -> None:
        if process.stdin is not None:
            process.stdin.write(plan_line(plan, self.agents.orders))

    def _hear(self, told: Mapping[str, Any]) -> None:
        match told:
            case {"beat": fields}:
                beat = read_beat(fields)
                self.agents.note(beat)
                self._heard_seconds = time.monotonic()
                if len(self._beats) < _MOST_WAITING:
                    self._beats.append(beat)
                if beat.late and len(self._late) < _MOST_WAITING:
                    self._late.append(beat)
            case {"counts": counts}:
                self._counts.update(counts)
            case {"open": port}:
                self.port, self._problem = int(port), ""
                log.info("the agents' door is open", port=self.port)
            case {"problem": problem}:
                if problem != self._problem:
                    self._problem = problem
                    log.error("the agents' door", problem=shown(problem))
            case _:
                log.error("the agents' door says what nobody understands", keys=sorted(told))

    def _public_address(self) -> PublicAddress | None:
        plan = self._plan
        return None if plan is None or plan.public_url is None else PublicAddress(plan.public_url, plan.ca_file)

    async def _save(self) -> None:
        while True:
            for _ in range(_SAVE_SECONDS):
                await asyncio.sleep(1.0)
                if self.agents.urgent:
                    break
            await asyncio.to_thread(self.agents.save)


def _listener_of(plan: DoorPlan) -> tuple[object, ...]:
    """What only another process can change."""
    return plan.listen, plan.web_config is None, tuple(sorted(plan.limits.items()))


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a process, however it takes it."""
    if process.stdin is not None:
        process.stdin.close()
    for signal in (process.terminate, process.kill):
        with suppress(ProcessLookupError):
            signal()
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                await process.wait()
                return
