"""The portable engine: never more than ten in flight, nothing left open, nothing blamed that was never sent."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from exporter.probing.icmp import aioping_engine
from exporter.probing.icmp.aioping_engine import IN_FLIGHT_LIMIT, AiopingEngine
from exporter.probing.outcome import NO_RTT, Outcome
from pantau.clock import ManualClock
from tests.network import SECOND, words


class Pings:
    """Stands in for the pings: what each does, and how many were in flight."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.most = self.cancelled = 0
        self.gate = asyncio.Event()
        self.raises: Exception | None = None
        monkeypatch.setattr(aioping_engine, "_ping", self.ping)

    async def ping(self, *_: object) -> float:
        """One ping that waits at the gate."""
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.gate.wait()
            if self.raises:
                raise self.raises
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.now -= 1
        return 0.012


def _submit(engine: AiopingEngine, count: int) -> None:
    addresses = words(*(f"10.77.0.{n + 1}" for n in range(count)))
    engine.submit(np.arange(count, dtype=np.int32), np.full(count, 7, np.int64), addresses, 2 * SECOND)


@asynccontextmanager
async def _running(engine: AiopingEngine) -> AsyncIterator[None]:
    """The engine at work, and cancelled at the end."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(engine.run())
        yield
        task.cancel()


async def _settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_at_most_ten_are_in_flight_and_all_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """35 probes: ten at a time, each result once, with target, round and RTT."""
    pings, engine = Pings(monkeypatch), AiopingEngine(ManualClock(), "raw")
    async with _running(engine):
        _submit(engine, 35)
        await _settle()
        assert pings.now == IN_FLIGHT_LIMIT
        pings.gate.set()
        await _settle()
        results = engine.collect()
        assert sorted(results.target.tolist()) == list(range(35))
        assert set(results.outcome.tolist()) == {int(Outcome.REPLY)}
        assert set(results.rtt_ns.tolist()) == {12_000_000}
        assert set(results.round.tolist()) == {7}
        assert pings.most == IN_FLIGHT_LIMIT


async def test_cancelling_ends_every_ping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pings that never end are cancelled with the engine."""
    pings, engine = Pings(monkeypatch), AiopingEngine(ManualClock(), "raw")
    async with _running(engine):
        _submit(engine, 30)
        await _settle()
    assert pings.now == 0
    assert pings.cancelled == IN_FLIGHT_LIMIT


async def test_a_probe_that_waited_too_long_was_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends as SEND with EBUSY, and not as lost."""
    clock = ManualClock()
    pings, engine = Pings(monkeypatch), AiopingEngine(clock, "raw")
    async with _running(engine):
        _submit(engine, 12)
        await _settle()
        clock.advance(3 * SECOND)
        pings.raises = TimeoutError()
        pings.gate.set()
        await _settle()
        results = engine.collect()
        outcomes = sorted(results.outcome.tolist())
        assert outcomes == [int(Outcome.TIMEOUT)] * 10 + [int(Outcome.SEND)] * 2
        assert set(results.rtt_ns.tolist()) == {NO_RTT}
        assert engine.statistics.send_errors == {"EBUSY": 2}


@pytest.mark.parametrize(
    ("number", "outcome"), [(errno.EHOSTUNREACH, Outcome.UNREACHABLE_HOST), (errno.ENOBUFS, Outcome.SEND)]
)
async def test_errors_of_the_socket_have_their_reason(
    monkeypatch: pytest.MonkeyPatch, number: int, outcome: Outcome
) -> None:
    """An unreachable host is the host's, a full buffer is ours."""
    pings, engine = Pings(monkeypatch), AiopingEngine(ManualClock(), "raw")
    pings.raises = OSError(number, "")
    pings.gate.set()
    async with _running(engine):
        _submit(engine, 1)
        await _settle()
        assert engine.collect().outcome.tolist() == [int(outcome)]


class Replies:
    """Stands in for what aioping receives: errors and RTTs, one after the other, then silence until the deadline."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *ends: OSError | float) -> None:
        self.ends = list(ends)
        monkeypatch.setattr("aioping.receive_one_ping", self.receive)

    async def receive(self, _sock: object, _identifier: int, timeout_seconds: float) -> float:
        """One call of aioping's."""
        if not self.ends:
            await asyncio.sleep(timeout_seconds)
            raise TimeoutError
        end = self.ends.pop(0)
        if isinstance(end, OSError):
            raise end
        return end


REFUSALS = [errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ECONNREFUSED, errno.EACCES]
ADVICE = [errno.EMSGSIZE, errno.EPROTO, errno.EREMOTEIO]


async def _receive() -> float:
    with socket.socket() as sock:
        return await aioping_engine._receive(sock, 1, asyncio.get_running_loop().time() + 0.02)


@pytest.mark.parametrize("number", REFUSALS + ADVICE)
async def test_a_reply_wins_over_any_error(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """However many errors the socket has reported before it."""
    Replies(monkeypatch, *[OSError(number, "")] * 5, 0.6)
    assert await _receive() == 0.6


@pytest.mark.parametrize("number", REFUSALS)
async def test_an_error_without_a_reply_is_unreachable(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """At the deadline, and not before."""
    Replies(monkeypatch, OSError(number, ""))
    began = asyncio.get_running_loop().time()
    with pytest.raises(OSError, match="an ICMP error came") as raised:
        await _receive()
    assert raised.value.errno == errno.EHOSTUNREACH
    assert asyncio.get_running_loop().time() - began >= 0.02


@pytest.mark.parametrize("number", ADVICE)
async def test_advice_without_a_reply_is_silence(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """A redirect, "fragmentation needed" and the like say nothing of the host."""
    Replies(monkeypatch, OSError(number, ""))
    with pytest.raises(TimeoutError):
        await _receive()


async def test_an_error_of_ours_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no router can have said."""
    Replies(monkeypatch, OSError(errno.ENOMEM, ""))
    with pytest.raises(OSError) as raised:  # noqa: PT011 - the errno is looked at
        await _receive()
    assert raised.value.errno == errno.ENOMEM


async def test_a_reload_renames_what_waits_and_drops_what_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Queued, flying and ended probes follow their hotspot to its new row."""
    pings, engine = Pings(monkeypatch), AiopingEngine(ManualClock(), "raw")
    async with _running(engine):
        _submit(engine, 12)
        await _settle()
        engine.retarget(np.array([11, -1, 9, 8, 7, 6, 5, 4, 3, 2, 1, -1], np.int32))
        pings.gate.set()
        await _settle()
        assert sorted(engine.collect().target.tolist()) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 11]
