"""A reload that fails at whatever place, with whatever error: the old state goes on, as if nobody had asked."""

import asyncio
import errno
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from structlog.testing import capture_logs

from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.prober import IcmpProber
from exporter.recording.recorder import Recorder
from exporter.rollback import undone_on_failure
from exporter.verdicts.combined import CombinedStates
from exporter.verdicts.groups import GroupCounters
from exporter.verdicts.judge import Judge
from exporter.verdicts.kind import JudgedKind
from exporter.verdicts.recent import RecentAvailability
from pantau.errors import ConfigurationError, Problem
from tests.exporter.test_new_kind import HOTSPOTS, City, with_probers
from tests.network import answers, silent

MS = 1_000_000
FEWER = {"both": "moved to another row", "new": "ping"}
ERRORS = [
    OverflowError("date value out of range"),
    MemoryError(),
    RecursionError("maximum recursion depth exceeded"),
    OSError(errno.EIO, "Input/output error"),
    KeyError("h1"),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    ConfigurationError([Problem(Path("pantau.yml"), 1, "", "is wrong; mend it")]),
    AssertionError(),
]
PLACES: list[tuple[object, str, bool]] = [
    (City, "adapt", False),
    (IcmpProber, "reload", False),
    (IcmpProber, "reload", True),
    (BatchEngine, "retarget", True),
    (Judge, "reload", False),
    (CombinedStates, "rearrange", True),
    (RecentAvailability, "rearrange", True),
    (JudgedKind, "take_over", True),
    (GroupCounters, "regrouped", False),
    (Judge, "reload", True),
    (Recorder, "hear", False),
    (City, "hear", True),
]
"""What is called on the way; true: it fails after its work is done, else before."""


def failing(original: Callable[..., object], error: Exception, after: bool) -> Callable[..., object]:
    """The same function, which fails once."""
    left = [error]

    def call(*arguments: object, **named: object) -> object:
        if after:
            result = original(*arguments, **named)
        if left:
            raise left.pop()
        return result if after else original(*arguments, **named)

    return call


CASES = [
    *((ERRORS[0], place) for place in PLACES),
    *((error, place) for error in ERRORS[1:] for place in (PLACES[3], PLACES[9])),
]


def _begin(folder: Path) -> City:
    city = City(folder)
    city.exporter._listeners = city.exporter._listeners[::-1]  # as the app has them: the journal last
    city.network.default = answers(300 * MS)  # so that probes are in flight at the reload
    city.network.hosts["10.77.0.3"] = silent
    return city


async def _play(city: City, reload: Callable[[], Awaitable[None]]) -> tuple[object, ...]:
    """Let `reload` fail in the midst of everything; a good one later, and all that is to be seen of it."""
    outcome: list[object] = []

    async def story() -> None:
        await city.run(14.98)
        city.write(FEWER)
        await reload()
        await city.run(8)
        between = city.monitor.snapshot()
        assert await city.exporter.reload() == []
        await city.run(12)
        outcome.extend(
            np.concatenate([one.requests, one.replies, one.state, one.up]).tolist()
            for one in (between, city.monitor.snapshot())
        )

    await with_probers(city, story)
    return outcome, city.states(), city.told, [request.address for request in city.network.sent]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    """What is to be seen of a twin whose failing reload was never asked for."""

    async def nothing() -> None:
        return

    return asyncio.run(_play(_begin(tmp_path_factory.mktemp("twin")), nothing))


@pytest.mark.parametrize(
    ("error", "where"), CASES, ids=[f"{type(error).__name__}-{where[1]}-{where[2]}" for error, where in CASES]
)
async def test_whatever_fails_wherever_nothing_has_happened(
    error: Exception,
    where: tuple[object, str, bool],
    undisturbed: tuple[object, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every probe, figure, event and entry of the journal is that of the twin.

    Both are reloaded well in the end: what failed has left nothing that stands in the way.
    """
    city, (place, name, after) = _begin(tmp_path), where

    async def reload() -> None:
        with monkeypatch.context() as patch, capture_logs() as logs:
            patch.setattr(place, name, failing(getattr(place, name), error, after))
            problems = await city.exporter.reload()
        assert problems != []
        assert not city.exporter.own.reload_successful
        assert city.exporter.overview().reload_problems == tuple(problems)
        assert [line["log_level"] for line in logs] == ["error"]

    assert await _play(city, reload) == undisturbed


async def test_a_cause_is_logged_once_until_it_changes(tmp_path: Path) -> None:
    """Asked again and again, the same mistake is one line; another is another; after a good one it is new."""
    city = City(tmp_path)
    settings = tmp_path / "pantau.yml"
    good = settings.read_text()
    told = []
    for text in (good + "a: 1\n", good + "a: 1\n", good + "b: 1\n", good, good + "b: 1\n", good + "b: 1\n"):
        settings.write_text(text)
        with capture_logs() as logs:
            await city.exporter.reload()
        told.append(sum(line["log_level"] == "error" for line in logs))
    assert told == [1, 0, 1, 0, 1, 0]


async def test_a_thousand_mistakes_are_twenty_lines_of_log(tmp_path: Path) -> None:
    """And one that says how many more; who asked is told all."""
    city = City(tmp_path)
    rows = "".join(f"  - {{id: 'no id {n}'}}\n" for n in range(200))
    (tmp_path / "inventory.yml").write_text(f"isps: []\nkecamatan: []\nhotspots:\n{rows}")
    with capture_logs() as logs:
        problems = await city.exporter.reload()
    assert len(problems) > 200
    assert sum(line["log_level"] == "error" for line in logs) == 21


async def test_no_message_shows_a_password_or_reaches_for_the_terminal(tmp_path: Path) -> None:
    """Neither the answer of a reload, nor the page, nor the log."""
    city = City(tmp_path)
    (tmp_path / "pantau.yml").write_text(
        'inventory: [inventory.yml]\n"a\\eb": 1\njournal: {url: "mysql://pantau:geheim@db/x?sslpassword=auch"}\n'
        '"postgresql://pantau:geheim@db/x": 1\n'
    )
    with capture_logs() as logs:
        problems = await city.exporter.reload()
    shown = "\n".join([*problems, *city.exporter.overview().reload_problems, *map(repr, logs)])
    assert [word for word in ("geheim", "auch", "\x1b") if word in shown] == []


class Holder:
    """Something of the exporter that changes in several ways; `other` leads in a circle."""

    def __init__(self) -> None:
        self.number = 1
        self.array: NDArray[np.float64] = np.arange(5.0)
        self.view = self.array[1:3]
        self.by_name: dict[str, list[int]] = {"a": [1]}
        self.names = {"a"}
        self.other: Holder | None = None


Holder.__module__ = "exporter.of_a_test"


def test_what_is_undone_is_the_same_object_with_the_same_content() -> None:
    """Attributes, arrays and their views, nested containers, attributes that came and went; circles end."""
    one = Holder()
    one.other = two = Holder()
    two.other = one
    array, inner = one.array, two.by_name["a"]

    def change() -> None:
        one.number, two.number = 2, 3
        array[:] = 0
        one.array = np.zeros(2)
        inner.append(2)
        two.by_name["b"] = []
        two.names.clear()
        vars(one)["extra"] = 1
        del two.view
        one.other = None
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"), undone_on_failure(one):
        change()
    assert (one.number, two.number, one.other, "extra" in vars(one)) == (1, 1, two, False)
    assert one.array is array
    assert (array.tolist(), two.view.tolist()) == ([0, 1, 2, 3, 4], [1, 2])
    assert two.by_name == {"a": [1]}
    assert two.by_name["a"] is inner
    assert two.names == {"a"}


def test_what_succeeds_stays() -> None:
    """And what is not ours is not touched at all."""
    one = Holder()
    with undone_on_failure(one, HOTSPOTS):
        one.number = 2
    assert one.number == 2
