"""The prober of checks alone: at most so many at once, references before all, a stop at any moment, slots spread."""

import asyncio
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from exporter.probing.checking.plan import CheckPlan, plan_checks
from exporter.probing.checking.prober import Ask, CheckProber
from exporter.probing.checking.questions import Answered, Asked, UnaskableError
from exporter.probing.checking.reaching import Reaching
from exporter.probing.http.asking import HttpAsker
from exporter.probing.names.reach import ANYWHERE
from exporter.probing.names.resolver import Answer
from exporter.probing.outcome import Int32, Int64
from exporter.probing.prober import RoundKeeper
from exporter.probing.service import Result
from pantau.clock import ManualClock, SystemClock
from pantau.inventory import load
from tests.exporter.monitor.watched import NoNames
from tests.exporter.probing.checking.test_asking import mute, serving
from tests.network import SECOND
from tests.patience import promptly

SETTINGS = """
inventory: [inventory.yml]
vantage:
  name: test
  canaries: [{name: gateway, address: 10.76.0.1}]
  references: [{name: known, kind: http, url: 'http://10.76.0.2/'}]
checks: [{name: page, kind: http, url: 'URL', interval: 10s, timeout: 9s, slow: 2s}]
"""
HEAD = "isps: [{id: telkom, name: Telkom}]\nkecamatan: [{id: maesa, name: Maesa}]\nhotspots:\n"
ROW = "  - {{id: h{0}, name: H{0}, address: 10.77.{1}.{2}, kecamatan: maesa, isp: telkom}}\n"


def planned(folder: Path, hotspots: int, url: str = "http://{address}/") -> CheckPlan:
    """A check of so many hotspots, and a reference."""
    rows = (ROW.format(n, n // 200, n % 200 + 1) for n in range(hotspots))
    (folder / "inventory.yml").write_text(HEAD + "".join(rows))
    (folder / "pantau.yml").write_text(SETTINGS.replace("URL", url))
    configuration = load(folder / "pantau.yml")
    return plan_checks("http", configuration, configuration.inventory.active_hotspots)


class Keeper:
    """The judge's side, as far as a check's prober asks it."""

    references_wanted = False

    def __init__(self) -> None:
        self.left: list[tuple[int, int]] = []

    def references_leave(self, rows: Int32, at_ns: int | Int64, *, extra: bool = False) -> None:
        """See `RoundKeeper`."""
        assert not extra
        self.left += [(row, int(np.max(at_ns))) for row in rows.tolist()]


class Counting:
    """An asker that holds each question until it is let go."""

    def __init__(self) -> None:
        self.present = self.most = 0
        self.asked: list[str] = []
        self.let_go = asyncio.Event()

    async def ask(self, asked: Asked, reaching: Reaching) -> Answered:
        """Count, and wait; the reference answers at once."""
        del reaching
        self.asked.append(asked.url)
        if asked.url == "http://10.76.0.2/":
            return Answered(Result.YES)
        self.present += 1
        self.most = max(self.most, self.present)
        try:
            await self.let_go.wait()
        finally:
            self.present -= 1
        return Answered(Result.YES)


def send(prober: CheckProber, now_ns: int) -> Keeper:
    """What is due."""
    keeper = Keeper()
    prober.send_due(now_ns, cast("RoundKeeper", keeper))
    return keeper


def all_due(prober: CheckProber, clock: ManualClock) -> Keeper:
    """An interval passes, in which every slot comes; the reference is asked once in it."""
    keepers = []
    for _ in range(4):
        keepers.append(send(prober, clock.monotonic_ns()))
        clock.advance(10 * SECOND // 4)
    send(prober, clock.monotonic_ns() - 1)
    return keepers[0]


def reaching() -> Reaching:
    """To numbers alone."""
    return Reaching(NoNames(), ANYWHERE)


async def test_so_many_at_once_and_references_before_all(tmp_path: Path) -> None:
    """Thirty are due, four are under way; the reference is asked beside them, and told by the time that names it."""
    clock, counting = ManualClock(), Counting()
    prober = CheckProber(planned(tmp_path, 30), counting.ask, reaching(), clock, at_once=4)
    running = asyncio.create_task(prober.run())
    keeper = all_due(prober, clock)
    for _ in range(20):
        await asyncio.sleep(0)
    assert (counting.present, len(counting.asked)) == (4, 5)
    ended = prober.collect(clock.monotonic_ns(), urgent=False)
    assert ended is not None
    assert ended.round.tolist() == [at_ns for _, at_ns in keeper.left]
    send(prober, clock.monotonic_ns() + 4 * SECOND)
    counting.let_go.set()
    for _ in range(200):
        await asyncio.sleep(0)
    assert counting.most == 4
    assert len([url for url in counting.asked if url != "http://10.76.0.2/"]) == 30
    told = prober.service()
    assert told is not None
    assert sorted(told.target.tolist()) == list(range(30))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class HangingResolver:
    """A name server that never answers."""

    async def resolve(self, name: str, family: int) -> Answer:
        """Wait for ever."""
        del name, family
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("named", [False, True])
async def test_a_stop_waits_for_nobody(tmp_path: Path, scheme: str, named: bool) -> None:
    """Whatever hangs: a page, a handshake, a name."""
    host = "page.example" if named else "127.0.0.1"
    async with serving(mute) as port:
        plan = planned(tmp_path, 20, f"{scheme}://{host}:{port}/")
        prober = CheckProber(plan, HttpAsker(), Reaching(HangingResolver(), ANYWHERE), SystemClock())
        running = asyncio.create_task(prober.run())
        send(prober, SystemClock().monotonic_ns() + 4 * SECOND)
        await asyncio.sleep(0.1)
        with promptly(0.5):
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        await asyncio.sleep(0.05)


async def test_slots_are_spread(tmp_path: Path) -> None:
    """A thousand hotspots each 10 s: no tenth of a second asks more than a few times its share."""
    clock = ManualClock()
    prober = CheckProber(planned(tmp_path, 1000), Counting().ask, reaching(), clock)
    waiting, counts = 0, []
    for _ in range(100):
        clock.advance(SECOND // 10)
        send(prober, clock.monotonic_ns())
        counts.append(prober.waiting - waiting)
        waiting = prober.waiting
    assert sum(counts) >= 990
    assert max(counts) <= 30


OUTCOMES: dict[str, tuple[Exception | Result, float, Result]] = {
    "as it is": (Result.ISOLATED, 0.0, Result.ISOLATED),
    "slow": (Result.YES, 3.0, Result.BAD),
    "slow and wrong": (Result.NO, 3.0, Result.NO),
    "refused": (ConnectionRefusedError(), 0.0, Result.NO),
    "not to be asked": (UnaskableError("no name"), 0.0, Result.UNKNOWN),
    "silent": (TimeoutError(), 0.0, Result.NO),
}


@pytest.mark.parametrize("case", OUTCOMES)
async def test_what_becomes_of_an_answer(tmp_path: Path, case: str) -> None:
    """Failures of the other side are no, ours tell nothing, what is right and slow is bad; dated from its beginning."""
    said, takes, expected = OUTCOMES[case]
    clock = ManualClock()

    async def ask(asked: Asked, by: Reaching) -> Answered:
        del asked, by
        clock.advance(round(takes * SECOND))
        if isinstance(said, Exception):
            raise said
        return Answered(said)

    asker: Ask = ask
    prober = CheckProber(planned(tmp_path, 1), asker, reaching(), clock)
    running = asyncio.create_task(prober.run())
    all_due(prober, clock)
    for _ in range(10):
        await asyncio.sleep(0)
    told = prober.service()
    assert told is not None
    assert told.result.tolist() == [expected]
    assert told.duration_ns.tolist() == [round(takes * SECOND)]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_reload_moves_rows_and_drops_what_is_not_asked_any_more(tmp_path: Path) -> None:
    """Answers under way find their hotspots in the new order; of those gone, or asked otherwise, none counts."""
    clock, counting = ManualClock(), Counting()
    before = planned(tmp_path, 3)
    prober = CheckProber(before, counting.ask, reaching(), clock)
    running = asyncio.create_task(prober.run())
    all_due(prober, clock)
    for _ in range(5):
        await asyncio.sleep(0)
    rows = [ROW.format(n, 0, n + 1) for n in (2, 0)]
    (tmp_path / "inventory.yml").write_text(HEAD + "".join(rows).replace("10.77.0.1,", "10.77.9.9,"))
    configuration = load(tmp_path / "pantau.yml")
    after = plan_checks("http", configuration, configuration.inventory.active_hotspots)
    assert prober.reload(after, np.array([1, -1, 0], np.int32)).tolist() == [1, -1, 0]
    counting.let_go.set()
    for _ in range(10):
        await asyncio.sleep(0)
    told = prober.service()
    assert told is not None
    assert [after.ids[row] for row in told.target.tolist()] == ["h2"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_a_pause_has_missed_is_no_burst(tmp_path: Path) -> None:
    """Nobody looked for a minute: what is later than 5 s waits for its next slot. A reload loses no slot."""
    clock = ManualClock()
    prober = CheckProber(planned(tmp_path, 1000), Counting().ask, reaching(), clock)
    clock.advance(60 * SECOND)
    send(prober, clock.monotonic_ns())
    assert 400 <= prober.waiting <= 600
    clock.advance(SECOND)
    prober.reload(planned(tmp_path, 1000), np.arange(1000, dtype=np.int32))
    before = prober.waiting
    send(prober, clock.monotonic_ns())
    assert prober.waiting - before >= 60
