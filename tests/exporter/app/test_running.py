"""The running exporter from outside: start, scrape, reload in its three ways, stop."""

import os
import signal
from pathlib import Path

import pytest

from tests.exporter.app.conftest import HEAD, ROWS
from tests.exporter.app.running import Running, running


def _simulated(city: Path) -> tuple[Path, Path, str, str]:
    return city, city.parent, "--simulate", str(city.parent / "calm.yml")


def _ready(exporter: Running) -> bool:
    return exporter.request("/-/ready")[0] == 200


def test_every_hotspot_comes_up_and_readiness_follows_the_first_full_round(city: Path) -> None:
    """/-/healthy answers at once, /-/ready when each hotspot has had a round, and all five are up."""
    with running(*_simulated(city)) as exporter:
        assert exporter.request("/-/healthy")[0] == 200
        exporter.wait_until(lambda: _ready(exporter), "ready")
        assert exporter.samples("hotspot_up") == dict.fromkeys(("h1", "h2", "h3", "h4", "h5"), 1.0)
        assert exporter.samples("pantau_engine_info") == {"batch,simulated": 1.0}


@pytest.mark.parametrize("way", ["signal", "post", "file"])
def test_a_good_reload_adds_and_removes_and_keeps_counters(city: Path, way: str) -> None:
    """After SIGHUP, POST /-/reload or a changed file h5 is gone, h6 is there, h1 has kept its counters."""
    with running(*_simulated(city)) as exporter:
        exporter.wait_until(lambda: exporter.samples("hotspot_probe_replies_total")["h1"] >= 3, "three replies of h1")
        before = exporter.samples("hotspot_probe_replies_total")["h1"]
        csv = city.parent / "hotspots.csv"
        if way != "file":
            # the watcher must not do it first: the old file's time and text come back only with the signal
            csv.write_text(HEAD + "".join(ROWS[:4]) + "h6,Titik 6,10.77.0.6,maesa,infotek,active\n", encoding="utf-8")
        if way == "signal":
            exporter.process.send_signal(signal.SIGHUP)
        elif way == "post":
            assert exporter.request("/-/reload", "POST") == (200, "dimuat ulang / reloaded\n")
        else:
            fresh = city.parent / "fresh.csv"
            fresh.write_text(HEAD + "".join(ROWS[:4]) + "h6,Titik 6,10.77.0.6,maesa,infotek,active\n", encoding="utf-8")
            fresh.replace(csv)
        exporter.wait_until(lambda: exporter.samples("hotspot_up").get("h6") == 1.0, "h6 up")
        after = exporter.samples("hotspot_probe_replies_total")
        assert set(after) == {"h1", "h2", "h3", "h4", "h6"}
        assert after["h1"] >= before


def test_a_bad_reload_changes_nothing_but_the_metric_and_the_log(city: Path) -> None:
    """A duplicate address is answered with its file and line; all five hotspots go on, and a mended file heals it."""
    csv = city.parent / "hotspots.csv"
    with running(*_simulated(city)) as exporter:
        exporter.wait_until(lambda: _ready(exporter), "ready")
        csv.write_text(HEAD + "".join(ROWS) + "h9,Titik 9,10.77.0.1,maesa,telkom,active\n", encoding="utf-8")
        status, body = exporter.request("/-/reload", "POST")
        assert status == 400
        assert body.startswith(f"{csv}:7: address: ")
        assert exporter.samples("pantau_config_last_reload_successful") == {"": 0.0}
        assert exporter.samples("hotspot_up") == dict.fromkeys(("h1", "h2", "h3", "h4", "h5"), 1.0)
        assert any(str(line.get("problem", "")).startswith(f"{csv}:7: address: ") for line in exporter.log())
        csv.write_text(HEAD + "".join(ROWS), encoding="utf-8")
        exporter.wait_until(lambda: exporter.samples("pantau_config_last_reload_successful") == {"": 1.0}, "healed")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_in_under_two_seconds(city: Path, number: signal.Signals) -> None:
    """SIGTERM and SIGINT end it with status 0 and no word of a lost task or an open socket."""
    os.environ["PYTHONDEVMODE"] = "1"
    try:
        with running(*_simulated(city)) as exporter:
            exporter.wait_until(lambda: _ready(exporter), "ready")
            assert exporter.stop(number) < 2.0
            assert exporter.process.returncode == 0
            # asyncio's debug mode also tells of slow steps, which on a busy machine there are
            lines = exporter.text().splitlines()
            noise = [line for line in lines if not line.startswith(("{", "Executing <"))]
            assert noise == []
    finally:
        del os.environ["PYTHONDEVMODE"]


def test_the_hotspot_endpoint_tells_the_last_verdict(city: Path) -> None:
    """What `pantau probe` asks for: state, since, counts; 404 for one that is not there."""
    with running(*_simulated(city)) as exporter:
        exporter.wait_until(lambda: _ready(exporter), "ready")
        # A round that a starved machine missed is unknown, until the next.
        exporter.wait_until(lambda: '"state": "up"' in exporter.request("/api/hotspots/h1")[1], "h1 up")
        assert exporter.request("/api/hotspots/h1")[0] == 200
        assert exporter.request("/api/hotspots/h99")[0] == 404


def test_an_inventory_that_shrinks_is_taken_and_one_that_is_empty_is_not(city: Path) -> None:
    """The removed are gone from the very next scrape, which says how many are left; nothing to probe is a mistake."""
    csv = city.parent / "hotspots.csv"
    with running(*_simulated(city)) as exporter:
        exporter.wait_until(lambda: _ready(exporter), "ready")
        csv.write_text(HEAD + "".join(ROWS[:2]) + ROWS[2].replace("active", "retired"))
        assert exporter.request("/-/reload", "POST")[0] == 200
        assert exporter.samples("hotspot_state") == dict.fromkeys(("h1", "h2"), 1.0)
        assert exporter.samples("hotspot_info").keys() == {"h1", "h2"}
        left = {"planned": 0.0, "active": 2.0, "retired": 1.0}
        assert exporter.samples("pantau_inventory_hotspots") == left
        csv.write_text(HEAD)
        status, body = exporter.request("/-/reload", "POST")
        assert (status, "no hotspot is active" in body) == (400, True)
        assert exporter.samples("pantau_inventory_hotspots") == left
        assert exporter.samples("hotspot_up").keys() == {"h1", "h2"}


def test_a_release_that_is_swapped_by_a_link_is_loaded_each_time(city: Path) -> None:
    """``current`` leads to one release, then to the next, and back: the inventory of each is in force."""
    releases = city.parent / "releases"
    for number in (1, 2):
        release = releases / str(number)
        release.mkdir(parents=True)
        for name in ("pantau.yml", "isps.yml", "kecamatan.yml"):
            (release / name).write_text((city.parent / name).read_text())
        (release / "hotspots.csv").write_text(HEAD + "".join(ROWS[:number]))
    link = city.parent / "current"
    link.symlink_to("releases/1")
    with running(link / "pantau.yml", city.parent, "--simulate", str(city.parent / "calm.yml")) as exporter:
        for number in (2, 1):
            (city.parent / "fresh").symlink_to(f"releases/{number}")
            (city.parent / "fresh").replace(link)
            exporter.wait_until(
                lambda number=number: exporter.samples("pantau_inventory_hotspots")["active"] == number,  # type: ignore[misc]
                f"release {number}",
            )
        assert exporter.samples("pantau_config_last_reload_successful") == {"": 1.0}
