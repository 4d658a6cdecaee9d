"""The day's anchor beside the probing: due, late, failing, hanging, without an authority."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from exporter.recording.anchoring import Anchoring
from lab.samples.journal import Place, down, ns
from pantau.clock import ManualClock
from pantau.inventory import Configuration, load
from pantau.journal import Kind
from tests.exporter.app.conftest import city  # noqa: F401 - the fixture
from tests.pantau.journal.authority import Authority, Served, serving
from tests.patience import promptly, until

DAY = 86_400 * 10**9
AT = ns(10 * 3600)
"""10:00 in WITA: 01:30 has passed."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An honest one."""
    return Authority(tmp_path_factory.mktemp("tsa") / "honest")


@pytest.fixture
def served(authority: Authority) -> Iterator[Served]:
    """Its responder."""
    with serving(Served(authority.reply)) as server:
        yield server


@pytest.fixture
def configuration(city: Path, served: Served, authority: Authority) -> Configuration:  # noqa: F811 - the fixture
    """A city whose journal has an entry."""
    with Place("sqlite:///data/journal.sqlite", city.parent).store() as store:
        store.append([down("h1", 100)])
    shutil.copy(authority.root.certificate, city.parent / "roots.pem")
    city.write_text(city.read_text("utf-8") + f"tsa: {{url: '{served.url}', roots: roots.pem}}\n")
    return load(city)


def anchors(configuration: Configuration) -> int:
    """How many the journal has."""
    with Place("sqlite:///data/journal.sqlite", configuration.path.parent).reader() as reader:
        return len(reader.of_kinds(Kind.ANCHOR))


@asynccontextmanager
async def running(
    configuration: Configuration, clock: ManualClock, retry: float = 60.0, waits: Callable[[], bool] = lambda: False
) -> AsyncIterator[Anchoring]:
    """The task, as the exporter runs it."""
    one = Anchoring(configuration.settings.journal.url, lambda: configuration, clock, 0.01, retry, waits=waits)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(one.run())
        yield one
        task.cancel()


async def test_each_day_has_one_anchor(configuration: Configuration) -> None:
    """At once where the day's is missing; then at 01:30 of the next day, and not before."""
    clock = ManualClock(AT)
    async with running(configuration, clock) as one:
        await until(lambda: one.success_seconds == AT / 10**9)
        clock.advance(15 * 3600 * 10**9)  # 01:00
        await asyncio.sleep(0.1)
        assert anchors(configuration) == 1
        clock.advance(3600 * 10**9)  # 02:00
        await until(lambda: anchors(configuration) == 2)
    # A restart knows that today's was taken.
    async with running(configuration, clock) as again:
        await until(lambda: again.success_seconds is not None)
        await asyncio.sleep(0.1)
    assert anchors(configuration) == 2


async def test_one_that_waits_for_the_journal_takes_none(configuration: Configuration, served: Served) -> None:
    """Another exporter writes it: that one's anchor is shown, and the next is taken when the journal is ours."""
    clock, waiting = ManualClock(AT), [True]
    async with running(configuration, clock, waits=lambda: waiting[0]) as one:
        await until(lambda: one.success_seconds == 0)
        await asyncio.sleep(0.1)
        assert served.queries == []
        async with running(configuration, clock):
            await until(lambda: one.success_seconds == AT / 10**9)
        waiting.clear()
        waiting.append(False)
        await asyncio.sleep(0.1)
        assert anchors(configuration) == 1
        clock.advance(24 * 3600 * 10**9)
        await until(lambda: anchors(configuration) == 2)


async def test_an_authority_that_fails_is_tried_again_later(configuration: Configuration, served: Served) -> None:
    """Not before the time for it; the metric says that there was none."""
    served.status = 503
    clock = ManualClock(AT)
    async with running(configuration, clock, retry=600.0) as one:
        await until(lambda: served.answered == 1 and one._not_before_ns > 0)
        served.status = 200
        await asyncio.sleep(0.1)
        assert len(served.queries) == 1
        assert one.success_seconds == 0
        clock.advance(601 * 10**9)
        await until(lambda: bool(one.success_seconds))
    assert anchors(configuration) == 1


async def test_an_authority_that_hangs_holds_up_neither_loop_nor_stop(
    configuration: Configuration, served: Served
) -> None:
    """The loop turns on, and a stop waits for nobody."""
    served.hangs = True
    with promptly(5):
        async with running(configuration, ManualClock(AT)):
            await until(lambda: bool(served.queries))
            for _ in range(20):
                await asyncio.sleep(0.001)


async def test_what_nobody_expected_ends_no_probing(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in taking an anchor is logged; the task goes on."""
    tries = []

    def broken(*_: object) -> int:
        tries.append(1)
        raise RuntimeError("a bug")

    monkeypatch.setattr("exporter.recording.anchoring._last_in", broken)
    async with running(configuration, ManualClock(AT), retry=0.0) as one:
        await until(lambda: len(tries) > 2)
        assert one.success_seconds is None
    assert anchors(configuration) == 0


async def test_what_a_kill_left_unsent_is_mailed_after_the_start(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The anchor of today is taken, and the process ended before the letters left: they need not wait for tomorrow."""
    clock, mailed = ManualClock(AT), list[int]()
    async with running(configuration, clock) as one:
        await until(lambda: one.success_seconds == AT / 10**9)

    def mail(*arguments: object) -> tuple[str, ...]:
        mailed.append(len(arguments))
        return ("the server is not up yet",) if len(mailed) == 1 else ()

    monkeypatch.setattr("exporter.recording.anchoring._mail", mail)
    async with running(configuration, clock, retry=60.0) as again:
        await until(lambda: len(mailed) == 1 and again._not_before_ns > 0)  # the failure is noted by the time of now
        clock.advance(61 * 10**9)
        await until(lambda: len(mailed) == 2)
        clock.advance(61 * 10**9)
        await asyncio.sleep(0.1)
        assert again.success_seconds == AT / 10**9
    assert (len(mailed), anchors(configuration)) == (2, 1)


async def test_without_an_authority_nothing_is_done(city: Path) -> None:  # noqa: F811 - the fixture
    """No thread, no metric."""
    configuration = load(city)
    async with running(configuration, ManualClock(AT)) as one:
        await asyncio.sleep(0.05)
        assert one.success_seconds is None
