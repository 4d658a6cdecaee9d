"""The door's process: takes its plan from standard input, tells the exporter on standard output, ends with it."""

import asyncio
import os
import resource
import ssl
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from exporter.agents_door.gate import Answer, Gate
from exporter.agents_door.listening import LIMITS, Doorkeeper
from exporter.agents_door.messages import MOST_LINE_BYTES, count_line, open_line, problem_line, read_plan
from exporter.listening.connections import Connections, by_client
from exporter.listening.room import ConnectionLimits
from exporter.listening.sockets import open_listeners
from exporter.listening.tls import server_context
from exporter.probing.agent.beats import DoorPlan
from pantau.agents.tokens import TokenKeyError, read_keys
from pantau.errors import ConfigurationError
from pantau.inventory.web_config import read_web_config, tls_of

_NICE = 10
"""Where there is not enough of the machine for both, the probes have it."""
_OOM_SCORE = "500"
"""And the memory."""
_COUNT_SECONDS = 1.0
_LOOK_SECONDS = 5.0
"""Certificates are renewed, and keys changed, in place: their files are looked at so often."""
_LIFE_SECONDS = 15.0
"""A connection is one request: handshake, head, body and answer have so long together."""
_FINE = 5.0
"""What a handshake that fails costs its client, in connections."""
_COME_TOGETHER_SECONDS = 0.02
"""Agents are let in together; they have ten seconds."""
_GATHER_SECONDS, _MOST_GATHERED = 0.25, 65_536
"""Heartbeats are handed on together, after so long or at so many bytes: to be woken costs as much as to read some."""
_MOST_WAITING = 4 << 20
"""Bytes that the exporter has not taken: beyond it a heartbeat is refused, and its agent keeps it."""


def main() -> None:
    """Until standard input ends."""
    _be_modest()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve())


def _be_modest() -> None:
    """Hostile load is for this process to bear, and descriptors are there for as many connections as may be."""
    os.nice(_NICE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE, encoding="ascii")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=MOST_LINE_BYTES)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    writer, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, sys.stdout)
    first = await reader.readline()
    if not first:
        return
    process = _Process(writer)
    if not process.take(first):
        await asyncio.sleep(_COUNT_SECONDS)  # for what is wrong to be told
        return
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(process.listen()), tasks.create_task(process.look_after())]
        while line := await reader.readline():
            process.take(line)
        process.flush()
        for task in running:
            task.cancel()


class _Process:
    """What runs in the process."""

    def __init__(self, writer: asyncio.WriteTransport) -> None:
        self._writer = writer
        self._gathered = bytearray()
        self._counts: Counter[str] = Counter()
        self._doorkeeper: Doorkeeper | None = None
        self._context: ssl.SSLContext | None = None
        self._stamps: tuple[int, ...] = ()

    def take(self, line: bytes) -> bool:
        """A plan; the listener stays as the first of them says. False where its files cannot be used."""
        plan, orders = read_plan(line)
        if self._doorkeeper is None:
            gate = Gate(plan.limits["per_token"], plan.limits["per_address"])
            gate.orders = orders
            self._doorkeeper = Doorkeeper(plan, gate, self._counts, self._hand_on)
        self._doorkeeper.plan = plan
        self._stamps = ()
        self._read_files(plan)
        return bool(self._stamps)

    async def listen(self) -> None:
        """Hold the door open until cancelled."""
        keeper = self._doorkeeper
        if keeper is None:
            return
        limits, server = keeper.plan.limits, web.Server(keeper.answer, **LIMITS)
        connections = Connections(
            ConnectionLimits(limits["connections"], limits["connections_per_address"], life_seconds=_LIFE_SECONDS),
            [by_client(keeper.gate.addresses)],
            refused=lambda: self._count(Answer.LIMITED),
            late=lambda: self._count(Answer.SLOW),
            # Whoever does so again and again is soon refused before TLS is begun for him.
            unspoken=lambda client: keeper.gate.addresses.fine(client, asyncio.get_running_loop().time(), _FINE),
            gather_seconds=_COME_TOGETHER_SECONDS,
        )
        try:
            with open_listeners(*keeper.plan.listen) as listeners:
                self._tell(open_line(listeners[0].getsockname()[1]))
                await connections.serve(listeners, server, lambda: self._context)
        except OSError as error:
            self._tell(problem_line(f"cannot listen: {error.strerror or error}"))
            raise

    async def look_after(self) -> None:
        """Tell what was answered, and take up files that have changed, until cancelled."""
        looked = 0.0
        while True:
            await asyncio.sleep(_COUNT_SECONDS)
            if self._counts:
                self._tell(count_line(self._counts))
                self._counts.clear()
            looked += _COUNT_SECONDS
            if looked >= _LOOK_SECONDS and self._doorkeeper is not None:
                looked = 0.0
                self._read_files(self._doorkeeper.plan)

    def _read_files(self, plan: DoorPlan) -> None:
        """Keys and certificates, if they are not those that were read; what cannot be read stays as it was."""
        try:
            web_config = None if plan.web_config is None else read_web_config(Path(plan.web_config))
            files = [*plan.key_files, *([] if web_config is None else [plan.web_config, *web_config.files])]
            stamps = tuple(Path(str(file)).stat().st_mtime_ns for file in files)
            if stamps == self._stamps or self._doorkeeper is None:
                return
            if web_config is not None:
                self._context = server_context(tls_of(web_config, Path(str(plan.web_config))))
                # An agent comes each minute, as a new process: nobody takes a session up again.
                self._context.num_tickets = 0
            self._doorkeeper.gate.admit(plan.points, read_keys(plan.key_files, Path()))
            self._stamps = stamps
        except (OSError, ValueError, ConfigurationError, TokenKeyError) as error:
            self._tell(problem_line(str(error)))

    def _count(self, answer: Answer) -> None:
        self._counts[answer.label] += 1

    def _hand_on(self, line: bytes) -> bool:
        if self._writer.get_write_buffer_size() > _MOST_WAITING:
            return False
        if not self._gathered:
            asyncio.get_running_loop().call_later(_GATHER_SECONDS, self.flush)
        self._gathered += line
        if len(self._gathered) >= _MOST_GATHERED:
            self.flush()
        return True

    def flush(self) -> None:
        """Hand on what has been gathered."""
        if self._gathered:
            self._writer.write(bytes(self._gathered))
            self._gathered.clear()

    def _tell(self, line: bytes) -> None:
        """What waits for nothing, behind what was gathered before."""
        self.flush()
        self._writer.write(line)
