"""Every question of every dashboard, asked of a real Prometheus about a city whose truth is known.

Two dense hours and ten minutes of a small city (`pantau/simulator/scenarios/dense.yml`) are replayed through the real
monitor and exposition; at the end of them every fault that the scenario knows goes on. It is probed every 4 s: with
10 s, outages that begin together and still last would by themselves be 0.06 points of so short a time.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dashboards.asking import defaults, questions
from dashboards.queries import (
    EVERY,
    FAULT_OF_BOTH,
    FAULT_OF_ISP,
    FAULT_OF_KECAMATAN,
    FAULT_OF_MAINTENANCE,
    FAULT_OF_PATH,
    FAULT_OF_POINTS,
    FAULT_OF_UPLINK,
    FAULT_OF_WARD,
    NOBODY_KNOWS,
)
from lab.history.prometheus import prometheus
from lab.history.recorded import HistoryPlan, RecordedHistory
from pantau.inventory import load
from pantau.simulator.scenario import find_scenario
from pantau.states import State
from tests.dashboards.conftest import ABOUT_USERS, Drawn
from tests.dashboards.dense_city import SECONDS, START_SECONDS, UNSEEN_ISP, dense_city, unjudged
from tests.dashboards.story import Story
from tests.programs import require_program

ROOT = Path(__file__).parents[2]
DAY = "city:hotspot_availability:ratio1d"

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900), pytest.mark.parametrize("drawn", ["id"], indirect=True)]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The dense hours, in a Prometheus that still runs."""
    program = require_program("prometheus")
    configuration = dense_city(load(ROOT / "examples" / "bitung" / "pantau.yml"))
    history = RecordedHistory(
        HistoryPlan(configuration, find_scenario("dense"), START_SECONDS, SECONDS, circle_seconds=60)
    )
    with prometheus(tmp_path_factory.mktemp("truth"), str(program)) as running:
        for _until in history.write(running):
            pass
        yield Story(history, running, unjudged(configuration))


PLACES = (
    {"kecamatan": "ranowulu", "isp": "infotek"},
    {"kecamatan": "maesa", "isp": "$__all"},
    {"kecamatan": "matuari", "isp": "$__all"},
)
"""One that is out, one where maintenance goes on, one with points that we cannot see."""


def _hotspots(story: Story) -> tuple[str, str]:
    """One that is down with its uplink, one that has always been up and has a neighbour."""
    carried = {one.id for one in story.history.plan.configuration.inventory.hotspots if one.upstream == "lembeh-radio"}
    down = next(row for row in story.down_now(story.where()) if story.hotspots[row].hotspot in carried)
    wards = Counter((one.kecamatan, one.kelurahan) for one in story.hotspots)
    up = next(
        row
        for row, one in enumerate(story.hotspots)
        if not story.truth.down[row] and wards[one.kecamatan, one.kelurahan] > 1
    )
    return story.hotspots[down].hotspot, story.hotspots[up].hotspot


SILENT = {
    "isolated": "no check of the service is made here",
    "no_internet": "no check of the service is made here",
    "inactive": "no hotspot can be in this state yet",
    "without_place": "every hotspot has its coordinates",
    "unknown_long": "these hours are less than a day",
    "pantau-eksekutif: panel 4 (Dua belas bulan) A": "a year's graph has a point a day, and this day has none yet",
    "pantau-gangguan: panel 3 (Gangguan luas dari waktu ke waktu) F1": "the whole city is never out here",
    "pantau-kota: panel 6 (Gangguan saat ini) D": "nobody acknowledges anything here",
    "pantau-gangguan: panel 5 (Gangguan saat ini) D": "nobody acknowledges anything here",
    "pantau-pemantau: panel 4 (Pembacaan, konfigurasi, jurnal) C": "nothing is journaled in a simulation",
    "pantau-pemantau: panel 15 (Prometheus, Alertmanager, jurnal) E": "nothing is journaled in a simulation",
    "pantau-pemantau: panel 15 (Prometheus, Alertmanager, jurnal) F": "nothing is journaled in a simulation",
}
"""Targets that may have nothing to say in these hours, by the state that is their ref or by name, and why."""


def test_every_target_answers(drawn: Drawn, story: Story) -> None:
    """With every fault going on, no question of any panel stays without data, but for `SILENT`.

    What agents tell, `test_bad_hour` asks.
    """
    down, up = _hotspots(story)
    silent: set[str] = set()
    for uid, dashboard in drawn.items():
        choices = [
            defaults(dashboard) | {"hotspot": hotspot} | place
            for hotspot, place in zip((down, up, up), PLACES, strict=True)
        ]
        asked = zip(*(questions(dashboard, story.end, chosen) for chosen in choices), strict=True)
        silent |= {
            one[0].ref if one[0].ref in SILENT else f"{uid}: {one[0].name}"
            for one in asked
            if one[0].panel not in ABOUT_USERS.get(uid, ()) and not any(story.ask(question) for question in one)
        }
    assert silent == set(SILENT)


def test_share_online_and_counts(drawn: Drawn, story: Story) -> None:
    """The wall's huge number, and the points by state, to the last one."""
    everybody = story.where()
    down = story.down_now(everybody)
    # Where packets are lost, chance decides whether a hotspot is degraded at this very moment.
    slow = set(np.flatnonzero(story.history.replay.monitor.judge.states.state == State.DEGRADED).tolist())
    certain, possible = story.where(isp="jinom"), story.where(isp="telkom", kecamatan="girian")
    assert set(certain) - set(down) <= slow <= {*certain, *possible}
    wall = drawn["pantau-kota"]
    judged = story.judged_now(everybody)
    assert story.number(wall, 1) == pytest.approx(1 - len(down) / len(judged))
    counts = {ref: story.number(wall, 2, ref) for ref in ("up", "degraded", "down", "unknown", "maintenance")}
    assert counts == {
        "up": len(judged) - len(down) - len(slow),
        "degraded": len(slow),
        "down": len(down),
        "unknown": len(story.where(isp=UNSEEN_ISP)),
        "maintenance": 1,
    }
    assert story.number(drawn["pantau-eksekutif"], 2) == len(down)


def test_the_matrix_is_the_scripts(drawn: Drawn, story: Story) -> None:
    """Share online of each ISP in each kecamatan, and of each of both."""
    for labels, share in story.rows(drawn["pantau-kota"], 7):
        place = {name: value for name, value in labels if name in {"kecamatan", "isp"} and value != EVERY}
        rows = story.judged_now(story.where(**place))
        if share == NOBODY_KNOWS:
            assert rows == [], labels
            assert story.where(**place) != [], labels
            continue
        assert share == pytest.approx(1 - len(story.down_now(rows)) / len(rows)), labels


def test_the_worst(drawn: Drawn, story: Story) -> None:
    """Those that were down for longest, with what was left to them."""
    shown = {dict(labels)["hotspot"]: value for labels, value in story.rows(drawn["pantau-kota"], 8)}
    assert len(shown) == 8
    scripted = sorted(story.availability([row]) for row in story.where())[: len(shown)]
    assert sorted(shown.values()) == pytest.approx(scripted, abs=story.of_one)
    for name, value in shown.items():
        assert value == pytest.approx(story.availability(story.where(hotspot=name)), abs=story.of_one)


def test_availability(drawn: Drawn, story: Story) -> None:
    """Within 0.05 points of the script, and a scrape at the edges: of every kecamatan and of every ISP."""
    kecamatan, isp, until = drawn["pantau-kecamatan"], drawn["pantau-isp"], story.evaluations(DAY)[-1]
    for id_ in {one.kecamatan for one in story.hotspots}:
        scripted = story.availability(story.where(kecamatan=id_), until)
        assert story.number(kecamatan, 3, kecamatan=id_, isp="$__all") == pytest.approx(scripted, abs=story.of_many), (
            id_
        )
    for id_ in {one.isp for one in story.hotspots}:
        scripted = story.availability(story.where(isp=id_), until)
        shown = story.number(isp, 3, isp=id_, kecamatan="$__all")
        assert shown == pytest.approx(scripted, abs=story.of_many), id_


def test_the_month_to_date(drawn: Drawn, story: Story) -> None:
    """Delivered and budget left, of the whole hours that the SLA dashboard sums."""
    sla = drawn["pantau-sla"]
    hour = story.evaluations("contract:available_seconds:hourly")[-1]
    until = max(at for at in story.evaluations(DAY) if at <= hour)
    hours = (until - story.start) / 3600
    scripted = story.availability(story.where(), until)
    assert story.number(sla, 1) == pytest.approx(scripted, abs=0.0005)
    promised = {dict(labels)["contract"]: value for labels, value in story.rows(sla, 6, "B")}
    allowed = sum((1 - value) * len(story.where(contract=id_)) * 30 * 24 for id_, value in promised.items())
    lost = sum(story.lost_hours(story.where(contract=id_), until) for id_ in promised)
    assert story.number(sla, 2) == pytest.approx(allowed - lost, abs=0.0005 * len(story.hotspots) * hours)


def test_the_number_of_outages(drawn: Drawn, story: Story) -> None:
    """Every one of the script, those of the dead and those that still last included."""
    lossy = ("girian", "telkom")  # where packets are lost, chance makes outages that no script knows
    for kecamatan, isp in {(one.kecamatan, one.isp) for one in story.hotspots} - {lossy}:
        counted = story.number(drawn["pantau-kecamatan"], 5, "A", kecamatan=kecamatan, isp=isp)
        assert counted == story.outages(story.where(kecamatan=kecamatan, isp=isp)), (kecamatan, isp)


def test_the_present_faults(drawn: Drawn, story: Story) -> None:
    """One line for each wide fault that goes on, with all its points; one that has never answered is in no outage."""
    answered = story.history.replay.monitor.judge.answered()
    lines = {
        tuple(dict(labels)[name] for name in ("fault", "kecamatan", "isp")): value
        for labels, value in story.rows(drawn["pantau-kota"], 6)
    }
    carried = {one.id for one in story.history.plan.configuration.inventory.hotspots if one.upstream == "lembeh-radio"}
    beyond = [
        row for row in story.where(isp="indosat") if story.hotspots[row].kecamatan != "ranowulu" and answered[row]
    ]
    assert len(beyond) < len([row for row in story.where(isp="indosat") if story.hotspots[row].kecamatan != "ranowulu"])
    gathered = {key for key in lines if key[0] == FAULT_OF_POINTS or key[0].startswith(FAULT_OF_WARD)}
    wide = {key: value for key, value in lines.items() if key not in gathered}
    silent = Counter((one.kecamatan, one.isp) for one in story.hotspots if one.hotspot in carried)
    assert wide == {
        (FAULT_OF_ISP, EVERY, "indosat"): len(beyond),
        (FAULT_OF_KECAMATAN, "ranowulu", EVERY): len(story.where(kecamatan="ranowulu")),
        (FAULT_OF_BOTH, "aertembaga", "icon"): len(story.where(kecamatan="aertembaga", isp="icon")),
        **{(f"{FAULT_OF_UPLINK}Jalur radio Lembeh (contoh)", *place): count for place, count in silent.items()},
        (FAULT_OF_PATH, EVERY, UNSEEN_ISP): len(story.where(isp=UNSEEN_ISP)),
        (FAULT_OF_MAINTENANCE, "matuari", "telkom"): 1,
    }
