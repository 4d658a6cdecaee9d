"""The scenarios that are shipped, over the example inventory that is shipped."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from exporter.probing.outcome import Outcome
from pantau.clock import NANOSECONDS
from pantau.inventory import load
from pantau.inventory.settings import DEFAULT_INVENTORY
from pantau.simulator.city import City
from pantau.simulator.hotspots import Hotspots
from pantau.simulator.scenario import SHIPPED, find_scenario, load_scenario
from pantau.simulator.truth import Interval, total
from tests.pantau.simulator.small_city import START_NS, at

CONFIG = Path(__file__).parents[3] / "examples" / "bitung"
MINUTES = 60
HOUR_NS = 3600 * NANOSECONDS


@pytest.fixture(scope="module")
def bitung(tmp_path_factory: pytest.TempPathFactory) -> Hotspots:
    """The 1000 example hotspots."""
    settings = tmp_path_factory.mktemp("config") / "pantau.yml"
    shutil.copytree(CONFIG / "inventory", settings.parent / "inventory")
    settings.write_text("inventory:\n" + "".join(f"  - {file}\n" for file in DEFAULT_INVENTORY))
    return Hotspots.from_inventory(load(settings).inventory)


def _city(bitung: Hotspots, name: str) -> City:
    return City(bitung, load_scenario(find_scenario(name)), START_NS, seed=7)


def _down(city: City, seconds: float) -> set[int]:
    return set(np.flatnonzero(city.state(at(seconds)) != Outcome.REPLY).tolist())


def _rows(column: tuple[str, ...], value: str) -> set[int]:
    return {row for row, own in enumerate(column) if own == value}


@pytest.mark.parametrize("name", sorted(file.stem for file in SHIPPED.glob("*.yml")))
def test_every_shipped_scenario_fits_the_example_city(bitung: Hotspots, name: str) -> None:
    """It loads, and a day of it has a truth for each of the 1000 hotspots."""
    assert len(_city(bitung, name).truth(START_NS, START_NS + 24 * HOUR_NS).down) == 1000


def test_calm_has_no_outage(bitung: Hotspots) -> None:
    """No hotspot is down at any time of a day, and we are never blind."""
    truth = _city(bitung, "calm").truth(START_NS, START_NS + 24 * HOUR_NS)
    assert truth.down == ((),) * 1000
    assert truth.blind == ()


def test_march_2024_is_790_to_210(bitung: Hotspots) -> None:
    """79 % answer and 21 % do not, all day, to the packet."""
    city = _city(bitung, "bitung-2024-03")
    hosts = np.arange(1000)
    for hour in (0, 12, 20):
        outcomes = city.answers(hosts, np.full(1000, START_NS + hour * HOUR_NS)).outcome
        assert np.bincount(outcomes).tolist() == [790, 210]
    assert sorted(city.truth(START_NS, START_NS + HOUR_NS).down_ns().tolist()) == [0] * 790 + [HOUR_NS] * 210


def test_the_demo_has_its_faults_in_turn(bitung: Hotspots) -> None:
    """60 hotspots dead, then an ISP, an island, a ward and our own uplink fail, each alone and in full; and again."""
    city = _city(bitung, "demo")
    dead = {
        row for row, intervals in enumerate(city.truth(START_NS, at(1800)).down) if intervals == ((START_NS, at(1800)),)
    }
    assert len(dead) == 60
    story = {
        "indosat": (75, 255, _rows(bitung.isp, "indosat")),
        "lembeh": (330, 480, set(bitung.carried_by("lembeh-radio"))),
        "ward": (540, 690, _rows(bitung.kelurahan, "Girian Weru Dua")),
    }
    assert [len(rows) for _, _, rows in story.values()] == [143, 204, 15]
    for loop in (0, 900):
        assert 60 <= len(_down(city, loop)) <= 66
        for begin, end, rows in story.values():
            assert rows <= _down(city, loop + begin)
            assert rows <= _down(city, loop + end - 0.001)
            # Flapping hotspots and single outages are others' doing: at most 6 + 12 + 4 of them.
            assert len(rows & _down(city, loop + begin - 0.001) - dead) <= 22
            assert len(rows & _down(city, loop + end) - dead) <= 22
            assert len(_down(city, loop + begin + 30) - rows - dead) <= 22
    assert city.truth(START_NS, at(1800)).blind == (Interval(at(780), at(820)), Interval(at(1680), at(1720)))


def test_the_day_has_its_outages(bitung: Hotspots) -> None:
    """Each scripted fault takes its hotspots for its time, on the first day and on the third."""
    city = _city(bitung, "day")
    faults = [
        (3 * HOUR_NS + 40 * MINUTES * NANOSECONDS, 75, set(bitung.carried_by("lembeh-radio"))),
        (13 * HOUR_NS, 90, _rows(bitung.kelurahan, "Manembo-nembo")),
        (14 * HOUR_NS + 20 * MINUTES * NANOSECONDS, 47, _rows(bitung.isp, "icon")),
    ]
    for day in (0, 2):
        midnight_ns = START_NS + day * 24 * HOUR_NS
        for begin_ns, minutes, rows in faults:
            begin_ns += midnight_ns
            end_ns = begin_ns + minutes * MINUTES * NANOSECONDS
            truth = city.truth(begin_ns, end_ns)
            assert all(truth.down[row] == (Interval(begin_ns, end_ns),) for row in rows)
        truth = city.truth(midnight_ns, midnight_ns + 24 * HOUR_NS)
        assert total(truth.blind) == (180 + 5 + 4) * NANOSECONDS
        availability = 1 - truth.down_ns().sum() / (1000 * 24 * HOUR_NS)
        assert 0.93 < availability < 0.95


@pytest.mark.parametrize(("name", "from_s", "to_s"), [("demo", 0, 900), ("day", 13.9 * 3600, 15.3 * 3600)])
def test_probing_finds_the_truth(bitung: Hotspots, name: str, from_s: float, to_s: float) -> None:
    """Probed every 5 s, each hotspot fails in all scripted down times; outside them only random loss fails."""
    city = _city(bitung, name)
    truth = city.truth(at(from_s), at(to_s))
    steps = np.arange(at(from_s), at(to_s), 5 * NANOSECONDS)
    hosts, times_ns = (grid.ravel() for grid in np.meshgrid(np.arange(1000), steps, indexing="ij"))
    missed = (city.answers(hosts, times_ns).outcome != Outcome.REPLY).reshape(1000, len(steps))
    down = np.zeros_like(missed)
    for row, intervals in enumerate(truth.down):
        for interval in intervals:
            down[row] |= (steps >= interval.start_ns) & (steps < interval.end_ns)
    blind = np.zeros(len(steps), np.bool_)
    for interval in truth.blind:
        blind |= (steps >= interval.start_ns) & (steps < interval.end_ns)
    assert missed[down].all()
    assert missed[:, blind].all()
    by_chance = missed & ~down & ~blind
    assert 0 < by_chance.mean() < 0.02
