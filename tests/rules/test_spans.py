"""What alerts say of time: since the first lost probe, and at the end whether the points answer, whatever ended it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rules.bitung import HEAL, bitung, broken, of, spread
from tests.rules.observed import City, Fault, Which, Window
from tests.rules.scenario import written
from tests.rules.test_promtool import promtool

FAULT = 24
SINCE = "01-01-1970 08:00:24 WITA"
SPANS = ("since", "ended", "silent", "until", "lasted", "window")
Said = dict[str, str]


def told(folder: Path, city: City, alert: str, times: Iterable[int], **labels: str) -> list[Said]:
    """What the alert says of time at each of these seconds, if it fires: promtool shows what it did not expect."""
    file = written(city, [])
    nothing = [{"exp_labels": {"none": "such"}}]
    file["tests"][0] |= {
        "promql_expr_test": [],
        "alert_rule_test": [{"alertname": alert, "eval_time": f"{t}s", "exp_alerts": nothing} for t in times],
    }
    path = folder / "spans.test.yml"
    path.write_text(yaml.safe_dump(file, width=10_000), encoding="utf-8")
    done = promtool("test", "rules", path)
    found = []
    for alerts in re.findall(r"got:\[(.*?)\n            \]", done.stdout + done.stderr, re.DOTALL):
        for one, notes in re.findall(r"Labels:\{(.*)\}\n\s*Annotations:\{(.*)\}", alerts):
            if "none=" not in one and labels.items() <= dict(re.findall(r'(\w+)="([^"]*)"', one)).items():
                said = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', notes))
                found.append({name: said.get(name, "") for name in SPANS})
    return found


def open_since(since: str) -> Said:
    """Of a fault that goes on."""
    return {**dict.fromkeys(SPANS, ""), "since": since}


def end_of(folder: Path, city: City, alert: str, begins: float, **labels: str) -> Said:
    """The last that the alert says, some time after `begins`; before that it has always said the same."""
    *before, last = told(folder, city, alert, range(int(begins), int(begins) + 60, 4), **labels)
    assert before
    assert all(said == open_since(last["since"]) for said in before)
    return last


LEVELS: dict[str, tuple[Which, int, dict[str, str]]] = {
    "CityOutage": (lambda _: True, 180, {}),
    "KecamatanOutage": (of(kecamatan="girian"), 21, {"kecamatan": "girian"}),
    "IspOutage": (of(isp="indosat"), 28, {"isp": "indosat"}),
    "IspKecamatanOutage": (of(isp="biznet", kecamatan="girian"), 6, {"isp": "biznet"}),
    "UplinkDown": (of(uplink="lembeh-radio"), 41, {"uplink": "lembeh-radio"}),
    "HotspotDown": (lambda p: p.id == "puskesmas", 1, {"hotspot": "puskesmas"}),
}
"""A fault of each level: its points and how many they are."""


def levels(*fast: str) -> list[Any]:
    """Every level, those that `make test` has no time for as long tests: each is a city's minutes in promtool."""
    return [pytest.param(alert, marks=[] if alert in fast else pytest.mark.long) for alert in LEVELS]


def seconds(text: str) -> int:
    """Of the model's clock."""
    hours, minutes, rest = re.findall(r" (\d+):(\d+):(\d+) ", text)[0]
    return (int(hours) - 8) * 3600 + int(minutes) * 60 + int(rest)


@pytest.mark.parametrize("alert", levels("IspOutage", "HotspotDown"))
def test_an_outage_lasts_from_its_first_lost_probe_to_its_first_answer(alert: str, tmp_path: Path) -> None:
    """At every level, though the alert fires half a minute later and ends half a minute later."""
    which, _, labels = LEVELS[alert]
    end = end_of(tmp_path, broken(Fault(which, FAULT, HEAL)), alert, HEAL, **labels)
    assert end["ended"] == "recovered"
    assert (end["silent"], end["window"]) == ("", "")
    assert FAULT <= seconds(end["since"]) < FAULT + 10
    assert HEAL <= seconds(end["until"]) < HEAL + 10
    minutes, rest = divmod(seconds(end["until"]) - seconds(end["since"]), 60)
    assert end["lasted"] == (f"{minutes}m {rest}s" if minutes else f"{rest}s")


@pytest.mark.parametrize("alert", levels("IspOutage"))
def test_a_window_that_opens_ends_no_outage(alert: str, tmp_path: Path) -> None:
    """The alert ends, for the points are nobody's outage now; that they answer is not said, and all are counted."""
    which, count, labels = LEVELS[alert]
    city = broken(Fault(which, FAULT, 1e9))
    city.windows.append(Window("kerja", "isp", "indosat", which, 90, 1e9))
    end = end_of(tmp_path, city, alert, 84, **labels)
    assert end["ended"] == "maintenance"
    assert end["silent"] == f"{_all(alert, count)} dari {_all(alert, count)} titik"
    assert (end["until"], end["lasted"]) == ("", "")
    assert end["window"] == ("kerja" if alert in ("IspOutage", "CityOutage") else "")


@pytest.mark.parametrize("alert", levels())
def test_points_that_are_taken_out_have_not_recovered(alert: str, tmp_path: Path) -> None:
    """A reload that loses them from the inventory ends the alert, and the message says so."""
    which, count, labels = LEVELS[alert]
    city = broken(Fault(which, FAULT, 1e9))
    city.removed.append((which, 90))
    end = end_of(tmp_path, city, alert, 84, **labels)
    assert end["ended"] == "removed"
    assert end["silent"] == f"{_all(alert, count)} dari {_all(alert, count)} titik"


def _all(alert: str, count: int) -> int:
    return len(bitung()) if alert == "CityOutage" else count


@pytest.mark.parametrize("alert", levels("IspOutage")[:-1])
def test_a_recovery_in_part_says_how_many_are_left(alert: str, tmp_path: Path) -> None:
    """A quarter stays dark: too few for the outage to go on, and each of them is counted."""
    which, count, labels = LEVELS[alert]
    mine = [point.id for point in bitung() if which(point)]
    left = set(mine[::4])
    city = broken(Fault(_in(left), FAULT, 1e9), Fault(_in(set(mine) - left), FAULT, HEAL))
    end = end_of(tmp_path, city, alert, HEAL, **labels)
    assert (end["ended"], end["silent"]) == ("partly", f"{len(left)} dari {_all(alert, count)} titik")
    assert HEAL <= seconds(end["until"]) < HEAL + 10


def _in(ids: set[str]) -> Which:
    return lambda point: point.id in ids


@pytest.mark.long
def test_what_goes_over_into_another_cause_has_not_recovered(tmp_path: Path) -> None:
    """A kecamatan's outage whose ISPs then fail everywhere is theirs: its own alert ends with all of it silent."""
    city = City(bitung(), seconds=400)
    city.faults += [Fault(of(kecamatan="girian"), FAULT, 1e9)]
    city.faults += [Fault(of(isp=isp), 120, 1e9) for isp in ("telkom", "indosat", "biznet", "pc24")]
    *_, end = told(tmp_path, city, "KecamatanOutage", range(120, 300, 4), kecamatan="girian")
    assert end["ended"] == "elsewhere"
    assert end["silent"] == "21 dari 21 titik"


@pytest.mark.long
def test_what_was_dead_before_is_no_part_of_an_outage(tmp_path: Path) -> None:
    """A fifth of the ISP has been silent for long: since when is the cable's hour, and at its end nothing is left."""
    mine = [point.id for point in bitung() if point.isp == "indosat"]
    dead = set(mine[::5])
    city = broken(Fault(_in(dead), -1e9, 1e9), Fault(_in(set(mine) - dead), 400, 480), seconds=620)
    end = end_of(tmp_path, city, "IspOutage", 460, isp="indosat")
    assert 400 <= seconds(end["since"]) < 410
    assert (end["ended"], end["silent"]) == ("recovered", "")


@pytest.mark.long
def test_what_has_never_answered_is_no_part_of_an_outage(tmp_path: Path) -> None:
    """Most of the ISP's points are planned ones: since when, and how many a window hides, is told of the others."""
    mine = [point.id for point in bitung() if point.isp == "indosat"]
    real = set(mine[::3])
    city = broken(Fault(_in(set(mine) - real), -1e9, 1e9), Fault(_in(real), 400, 1e9), seconds=620)
    city.never = _in(set(mine) - real)
    city.windows.append(Window("kerja", "isp", "indosat", of(isp="indosat"), 470, 1e9))
    end = end_of(tmp_path, city, "IspOutage", 460, isp="indosat")
    assert 400 <= seconds(end["since"]) < 410
    assert (end["ended"], end["silent"]) == ("maintenance", f"{len(real)} dari {len(real)} titik")


@pytest.mark.long
def test_a_restart_of_the_exporter_moves_no_beginning(tmp_path: Path) -> None:
    """It knows only its own start then; what was known before holds, at the end too."""
    city = replace(broken(Fault(of(isp="indosat"), FAULT, 240), seconds=380), dead=[(120, 140)])
    end = end_of(tmp_path, city, "IspOutage", 220, isp="indosat")
    assert (end["ended"], end["since"]) == ("recovered", SINCE)
    assert 240 <= seconds(end["until"]) < 250


def test_our_own_sight_is_lost_since_the_points_are_unknown(tmp_path: Path) -> None:
    """As the exporter dates it back; and it is back when canaries answer."""
    city = City(bitung(), blind=[(60, 120)], seconds=220)
    *before, last = told(tmp_path, city, "VantageDown", range(70, 180, 4))
    assert before
    assert (last["ended"], last["silent"]) == ("recovered", "")


@pytest.mark.long
def test_a_part_of_an_isp_has_a_beginning_and_an_end(tmp_path: Path) -> None:
    """The ticket too."""
    city = broken(Fault(spread("telkom", 0.3), FAULT, 210), seconds=340)
    end = end_of(tmp_path, city, "IspDegraded", 200, isp="telkom")
    assert (end["ended"], end["since"]) == ("recovered", SINCE)
