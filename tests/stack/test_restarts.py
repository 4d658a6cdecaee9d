"""Prometheus is stopped and started again while the city changes: each level is told exactly, and nothing else.

promtool cannot show this: what was recorded before, and what Prometheus does not mark as ended, is half of it. Ten
times as quick as in life, all levels beside each other; `make scenarios` has each of them at its own pace, over real
packets.
"""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from lab.scenario_runner.webhook import ReceivedNotification
from pantau.stack.ports import Ports, choose
from tests.programs import newer_program, require_program
from tests.stack.quick_city import QuickCity, QuickPoint, some
from tests.stack.quick_stack import QuickStack
from tests.stack.running import require_stack, wait_for
from tests.stack.unserved_city import UnservedCity

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]

LASTING, RECOVERING, FALLING, BRIEF = "lasting", "recovering", "falling", "brief"
"""Silent from before the stop to the end; until Prometheus is away; from then on; for two seconds, a moment before."""
CASES = (LASTING, RECOVERING, FALLING, BRIEF)
Told = Counter[tuple[str, str, str]]
"""Notifications: alert, status, about."""


def faults() -> dict[str, dict[str, list[QuickPoint]]]:
    """By case, by what is told of it, the points that a fault of that level takes.

    Each puskesmas is of another ISP, so that Alertmanager tells of each alone.
    """
    isps = dict(zip(CASES, ("satu", "dua", "tiga", "empat"), strict=True))
    return {
        case: {
            f"HotspotDown puskesmas-{case}": [QuickPoint(f"puskesmas-{case}", "pusat", isps[case], "puskesmas")],
            f"UplinkDown menara-{case}": some("pusat", "dua", 5, f"menara-{case}"),
            f"IspOutage isp-{case}": [
                point for place in ("a", "b", "c", "d") for point in some(f"tepi-{place}", f"isp-{case}", 2)
            ],
            f"KecamatanOutage desa-{case}": [
                point for isp in ("dua", "tiga", "empat") for point in some(f"desa-{case}", isp, 4)
            ],
        }
        for case in CASES
    }


def well() -> list[QuickPoint]:
    """Points that stay up: enough of each ISP and kecamatan that nothing wider than what is broken is out."""
    places = [some(f"tepi-{place}", "lima", 16) for place in ("a", "b", "c", "d")]
    isps = [some("pusat", isp, 90) for isp in ("satu", "dua", "tiga", "empat")]
    return [point for group in (*places, *isps) for point in group]


def unserved() -> dict[str, dict[str, list[QuickPoint]]]:
    """By case, by what is told of it, the points that answer and do not serve; each puskesmas is of another ISP."""
    isps = dict(zip(CASES, ("satu", "dua", "tiga", "empat"), strict=True))
    return {
        case: {
            f"HotspotUnserved klinik-{case}": [QuickPoint(f"klinik-{case}", "pusat", isps[case], "puskesmas")],
            f"IspIsolated tagihan-{case}": [
                point for place in ("a", "b") for point in some(f"tepi-{place}", f"tagihan-{case}", 2)
            ],
            f"NoInternet hampa-{case}": [
                point for isp in ("dua", "tiga", "empat") for point in some(f"hampa-{case}", isp, 2)
            ],
        }
        for case in CASES
    }


def told(stack: QuickStack) -> Told:
    """All pages so far; tickets and our own are another matter."""
    return Counter(
        (one.alert, one.status, about) for one in stack.told if one.severity == "page" for about in one.about
    )


def firing(names: list[str]) -> Told:
    """Each of these once, firing."""
    return Counter((alert, "firing", about) for alert, about in map(str.split, names))


def resolved(names: list[str]) -> Told:
    """Each of these once, resolved."""
    return Counter((alert, "resolved", about) for alert, about in map(str.split, names))


def play_levels(stack: QuickStack) -> Told:
    """A stop of Prometheus within which of each level one fault ends, one begins, and one that was never told ends."""
    of = faults()
    with stack.open():
        _black_hole(stack, of[LASTING], of[RECOVERING])
        _await(stack, firing([*of[LASTING], *of[RECOVERING]]), 20)
        _black_hole(stack, of[BRIEF])
        time.sleep(2.3)
        stack.stop("prometheus")
        _heal(stack, of[RECOVERING], of[BRIEF])
        _black_hole(stack, of[FALLING])
        time.sleep(2.0)
        stack.start("prometheus")
        _await(stack, firing([*of[FALLING], *of[LASTING], *of[RECOVERING]]) + resolved([*of[RECOVERING]]), 20)
        time.sleep(2.0)
    return told(stack)


def play_unserved(stack: QuickStack) -> Told:
    """The same stop, of what answers and does not serve: of an ISP, of a kecamatan, of one puskesmas."""
    of, city = unserved(), stack.city
    assert isinstance(city, UnservedCity)
    with stack.open():
        for case in (LASTING, RECOVERING):
            city.lack(of[case])
        _await(stack, firing([*of[LASTING], *of[RECOVERING]]), 40)
        city.lack(of[BRIEF], 0.0)
        time.sleep(2.3)
        stack.stop("prometheus")
        city.restore(of[RECOVERING])
        city.restore(of[BRIEF])
        city.lack(of[FALLING])
        time.sleep(2.0)
        stack.start("prometheus")
        _await(stack, firing([*of[FALLING], *of[LASTING], *of[RECOVERING]]) + resolved([*of[RECOVERING]]), 40)
        time.sleep(2.0)
    return told(stack)


def play_city(stack: QuickStack) -> Told:
    """All of the city falls, answers again in a first stop of Prometheus, and falls again in a second."""
    once = Counter({("CityOutage", "firing", ""): 1})
    with stack.open():
        stack.city.black_hole(stack.city.points)
        _await(stack, once, 20)
        stack.stop("prometheus")
        stack.city.heal(stack.city.points)
        time.sleep(2.0)
        stack.start("prometheus")
        _await(stack, once + Counter({("CityOutage", "resolved", ""): 1}), 20)
        time.sleep(1.0)
        stack.stop("prometheus")
        stack.city.black_hole(stack.city.points)
        time.sleep(2.0)
        stack.start("prometheus")
        _await(stack, once + once + Counter({("CityOutage", "resolved", ""): 1}), 20)
        time.sleep(1.0)
    return told(stack)


def play_long_absence(stack: QuickStack) -> Told:
    """Six tenths of a minute, beyond the look-back, while a puskesmas and an ISP are dark; then they answer again."""
    names = [f"HotspotDown puskesmas-{LASTING}", f"IspOutage isp-{LASTING}"]
    points = [point for name in names for point in faults()[LASTING][name]]
    with stack.open():
        stack.city.black_hole(points)
        _await(stack, firing(names), 20)
        time.sleep(2.0)
        stack.stop("prometheus")
        time.sleep(36.0)
        stack.start("prometheus")
        time.sleep(6.0)
        stack.city.heal(points)
        _await(stack, firing(names) + resolved(names), 20)
        time.sleep(1.0)
    return told(stack)


def play_killed_alertmanager(stack: QuickStack) -> Told:
    """Killed half a minute after two pages, and back at once; it hears again of what fires within three minutes."""
    names = [f"HotspotDown puskesmas-{LASTING}", f"IspOutage isp-{LASTING}"]
    points = [point for name in names for point in faults()[LASTING][name]]
    with stack.open():
        stack.city.black_hole(points)
        _await(stack, firing(names), 20)
        time.sleep(3.0)
        stack.stop("alertmanager", signal.SIGKILL)
        stack.start("alertmanager")
        time.sleep(22.0)
        stack.city.heal(points)
        _await(stack, firing(names) + resolved(names), 20)
        time.sleep(1.0)
    return told(stack)


def _black_hole(stack: QuickStack, *cases: dict[str, list[QuickPoint]]) -> None:
    stack.city.black_hole([point for case in cases for points in case.values() for point in points])


def _heal(stack: QuickStack, *cases: dict[str, list[QuickPoint]]) -> None:
    stack.city.heal([point for case in cases for points in case.values() for point in points])


def _await(stack: QuickStack, wanted: Told, seconds: float) -> None:
    wait_for(lambda: wanted <= told(stack), seconds, f"{wanted - told(stack)}; told is {told(stack)}")


def untrue(notifications: Sequence[ReceivedNotification]) -> list[str]:
    """What the pages say that is not so: since when, how many, and that all answers at the end."""
    began: dict[tuple[str, tuple[str, ...]], str] = {}
    wrong = []
    for one in (one for one in notifications if one.severity == "page"):
        for said in one.said:
            since = said.get("since", "")
            if one.status == "firing":
                began[one.alert, one.about] = since
                right = bool(since) and not said["count"].startswith("0 ") and not said.get("ended")
            else:
                right = since == began[one.alert, one.about] and said["ended"] == "recovered" and bool(said["lasted"])
            if not right:
                wrong.append(f"{one.alert} {one.status} {one.about} says {said}")
    return wrong


Play = Callable[[QuickStack], Told]


def start(play: Play, city: QuickCity, folder: Path, ports: Ports, prometheus: Path) -> Told:
    """Play it over a city."""
    stack = QuickStack(city, folder, ports, prometheus, require_program("prometheus-alertmanager"))
    found = play(stack)
    assert untrue(stack.told) == []
    return found


VERSIONS = [
    "installed",
    pytest.param("newer", marks=pytest.mark.long),
]


@pytest.fixture(scope="module", params=VERSIONS)
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Told]]]:
    """All cities at the same time, each with programs of its own."""
    require_stack()
    program = {"installed": require_program, "newer": newer_program}[request.param]("prometheus")
    everything = [point for case in faults().values() for points in case.values() for point in points] + well()
    small = [point for place in ("a", "b", "c") for isp in ("satu", "dua", "tiga") for point in some(place, isp, 4)]
    looked_at = [point for case in unserved().values() for points in case.values() for point in points]
    looked_at += [point for isp in ("satu", "dua", "tiga", "empat") for point in some("pusat", isp, 16)]
    plays: dict[str, tuple[Play, QuickCity]] = {
        "levels": (play_levels, QuickCity(everything)),
        "city": (play_city, QuickCity(small)),
        "unserved": (play_unserved, UnservedCity(looked_at)),
    }
    with ThreadPoolExecutor(len(plays)) as pool:
        yield {
            name: pool.submit(start, play, city, tmp_path_factory.mktemp(name), _ports(1000 * place), program)
            for place, (name, (play, city)) in enumerate(plays.items())
        }


@pytest.mark.long
@pytest.mark.parametrize("play", [play_long_absence, play_killed_alertmanager])
@pytest.mark.parametrize("version", ["installed", "newer"])
def test_what_lasts_is_told_once(version: str, play: Play, tmp_path: Path) -> None:
    """Not as over while Prometheus is away, and not again after, nor by an Alertmanager that was killed."""
    require_stack()
    program = {"installed": require_program, "newer": newer_program}[version]("prometheus")
    names = [f"HotspotDown puskesmas-{LASTING}", f"IspOutage isp-{LASTING}"]
    points = [point for name in names for point in faults()[LASTING][name]] + well()
    assert start(play, QuickCity(points), tmp_path, _ports(3000), program) == firing(names) + resolved(names)


def _ports(more: int) -> Ports:
    return choose(Ports(22_810 + more, 22_090 + more, 22_093 + more, 22_811 + more), "127.0.0.1")


def test_each_level_is_told_as_it_is_after_a_start(played: dict[str, Future[Told]]) -> None:
    """What lasts is told once, what ended meanwhile as over, what began meanwhile once, what was never told never."""
    of = faults()
    expected = firing([*of[LASTING], *of[RECOVERING], *of[FALLING]]) + resolved([*of[RECOVERING]])
    assert played["levels"].result() == expected


def test_what_does_not_serve_is_told_as_it_is_after_a_start(played: dict[str, Future[Told]]) -> None:
    """The same of points that answer: suspended, or without internet."""
    of = unserved()
    expected = firing([*of[LASTING], *of[RECOVERING], *of[FALLING]]) + resolved([*of[RECOVERING]])
    assert played["unserved"].result() == expected


def test_the_city_is_told_as_it_is_after_a_start(played: dict[str, Future[Told]]) -> None:
    """Two outages are two pages, and the end of the first one is told, whenever Prometheus was away."""
    assert played["city"].result() == {("CityOutage", "firing", ""): 2, ("CityOutage", "resolved", ""): 1}
