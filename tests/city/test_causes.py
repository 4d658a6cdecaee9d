"""Causes in the data, over real packets: a probed uplink, the path to an ISP, and a window that overruns."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import ExporterProcess
from tests.city.inventories import QUICK, write_configuration

pytestmark = [pytest.mark.city, pytest.mark.timeout(180)]

WITA = timezone(timedelta(hours=8))
TOWER, GATEWAY, REFERENCE = "10.77.240.1", "10.77.250.1", "10.77.250.2"
LAND = {f"k{n}": f"10.77.1.{n + 1}" for n in range(10)}
"""Kotanet's; the first five hang on the tower."""
SEA = {f"l{n}": f"10.77.2.{n + 1}" for n in range(10)}
"""Lautnet's."""
CARRIED, FREE = tuple(LAND)[:5], tuple(LAND)[5:]
LEAD_SECONDS, WINDOW_SECONDS = 3, 10
SECONDS_TO_VERDICT = 20.0
"""2.4 s are enough for a silent hotspot; a busy machine takes longer to read the log."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration of two ISPs, a tower, a gateway of ours and a reference in Lautnet's network."""
    folder = tmp_path_factory.mktemp("causes")
    settings = write_configuration(folder, {}, QUICK)
    (folder / "isps.yml").write_text("isps:\n  - {id: kotanet, name: Kotanet}\n  - {id: lautnet, name: Lautnet}\n")
    (folder / "uplinks.yml").write_text(f"uplinks:\n  - {{id: tower, name: Menara, isp: kotanet, address: {TOWER}}}\n")
    (folder / "maintenance.yml").write_text("maintenance: []\n")
    rows = ["id,name,address,kecamatan,isp,upstream"]
    rows += [f"{name},Titik,{at},pusat,kotanet,{'tower' if name in CARRIED else ''}" for name, at in LAND.items()]
    rows += [f"{name},Titik,{at},pusat,lautnet," for name, at in SEA.items()]
    (folder / "hotspots.csv").write_text("\n".join(rows) + "\n")
    probing = "\n".join(f"  {key}: {value}" for key, value in QUICK.items())
    settings.write_text(
        f"probing:\n{probing}\nvantage:\n  canaries:\n    - {{name: gateway, address: {GATEWAY}}}\n"
        f"    - {{name: reference, address: {REFERENCE}, isp: lautnet}}\n"
        "inventory: [isps.yml, kecamatan.yml, uplinks.yml, hotspots.csv, maintenance.yml]\n"
    )
    return folder


@pytest.fixture(scope="module")
def exporter(city: CityNamespace, folder: Path) -> Iterator[ExporterProcess]:
    """One exporter for all these tests, each of which leaves the city healed."""
    city.allow_datagram_sockets(True)
    with ExporterProcess(city, folder / "pantau.yml") as running:
        yield running


@pytest.fixture(autouse=True)
def _all_up(exporter: ExporterProcess, city: CityNamespace) -> Iterator[None]:
    """Before each test everything is up."""
    exporter.wait_until(lambda: all_up(exporter), SECONDS_TO_VERDICT, "see all up", 0.5)
    yield
    city.heal()


def all_up(exporter: ExporterProcess) -> bool:
    """Whether each hotspot and the tower are in the state up."""
    scrape = exporter.scrape()
    states = scrape.by("hotspot", "hotspot_state") | scrape.by("uplink", "uplink_state")
    return states == dict.fromkeys((*LAND, *SEA, "tower"), 1.0)


def test_a_cut_uplink_is_down_with_all_that_it_carries(exporter: ExporterProcess, city: CityNamespace) -> None:
    """And nothing else is; which hotspots it carries can be read off the metrics."""
    city.black_hole([TOWER, *(LAND[name] for name in CARRIED)])
    exporter.wait_until(lambda: exporter.scrape().value("uplink_up", uplink="tower") == 0, SECONDS_TO_VERDICT, "see it")
    exporter.wait_until(lambda: exporter.scrape().total("hotspot_up") == 15, SECONDS_TO_VERDICT, "see its hotspots")
    scrape = exporter.scrape()
    down = {name for name, up in scrape.by("hotspot", "hotspot_up").items() if not up}
    assert down == set(CARRIED) == set(scrape.by("hotspot", "hotspot_uplink_info", uplink="tower"))
    assert scrape.value("uplink_state", uplink="tower") == 0
    assert abs(scrape.value("uplink_state_since_timestamp_seconds", uplink="tower") - time.time()) < 60
    city.heal()
    exporter.wait_until(lambda: all_up(exporter), SECONDS_TO_VERDICT, "recover", 0.5)


def test_a_cut_path_to_an_isp_makes_its_hotspots_unknown(exporter: ExporterProcess, city: CityNamespace) -> None:
    """Its canary is silent, our gateway is not: no hotspot goes down, and other ISPs are judged as before."""
    city.black_hole([REFERENCE, *SEA.values()])
    exporter.wait_until(
        lambda: exporter.scrape().by("hotspot", "hotspot_state", isp="lautnet") == dict.fromkeys(SEA, 5.0),
        SECONDS_TO_VERDICT,
        "see nothing of them",
        0.3,
    )
    scrape = exporter.scrape()
    assert (scrape.value("pantau_peering_up", isp="lautnet"), scrape.value("pantau_vantage_up")) == (0, 1)
    assert scrape.value("pantau_canary_up", canary="reference", isp="lautnet") == 0
    assert set(scrape.by("hotspot", "hotspot_up").values()) == {1.0}
    assert scrape.by("hotspot", "hotspot_state", isp="kotanet") == dict.fromkeys(LAND, 1.0)
    city.heal()
    exporter.wait_until(lambda: all_up(exporter), SECONDS_TO_VERDICT, "recover", 0.5)
    assert exporter.scrape().value("pantau_peering_up", isp="lautnet") == 1
    assert exporter.ever("down") & set(SEA) == set()
    assert exporter.scrape().total("hotspot_state_seconds_total", isp="lautnet", state="down") == 0


def test_an_isp_outage_is_down_while_its_canary_answers(exporter: ExporterProcess, city: CityNamespace) -> None:
    """The canary answers, so the path to the ISP is not what is cut."""
    city.black_hole(SEA.values())
    exporter.wait_until(
        lambda: exporter.scrape().by("hotspot", "hotspot_state", isp="lautnet") == dict.fromkeys(SEA, 0.0),
        SECONDS_TO_VERDICT,
        "find them down",
        0.3,
    )
    assert exporter.scrape().value("pantau_peering_up", isp="lautnet") == 1
    city.heal()
    exporter.wait_until(lambda: all_up(exporter), SECONDS_TO_VERDICT, "recover", 0.5)


def test_a_window_hides_an_outage_until_it_ends(exporter: ExporterProcess, city: CityNamespace, folder: Path) -> None:
    """Maintenance for exactly its time; what is down at its end is down from then on, and an overrun."""
    start = int(time.time()) + LEAD_SECONDS
    end = start + WINDOW_SECONDS
    write_window(folder, start, end)
    exporter.fetch("/-/reload", "POST")
    assert exporter.scrape().value("pantau_maintenance_active", window="works", scope="isp", target="kotanet") == 0
    exporter.wait_until(
        lambda: exporter.scrape().by("hotspot", "hotspot_state", isp="kotanet") == dict.fromkeys(LAND, 4.0),
        LEAD_SECONDS + 5,
        "open the window",
        0.2,
    )
    city.black_hole(LAND[name] for name in FREE)
    exporter.wait_until(lambda: exporter.scrape().total("hotspot_up") == 15, WINDOW_SECONDS - 2, "judge beneath it")
    scrape = exporter.scrape()
    assert set(scrape.by("hotspot", "hotspot_state", isp="kotanet").values()) == {4.0}
    assert scrape.value("uplink_state", uplink="tower") == 4
    assert scrape.value("pantau_maintenance_active", window="works", scope="isp", target="kotanet") == 1
    assert (
        scrape.value("pantau_maintenance_end_timestamp_seconds", window="works", scope="isp", target="kotanet") == end
    )
    assert scrape.by("hotspot", "hotspot_maintenance_overrun") == {}
    time.sleep(max(end + 0.5 - time.time(), 0))
    scrape = exporter.scrape()
    assert scrape.by("hotspot", "hotspot_maintenance_overrun", window="works") == dict.fromkeys(FREE, 1.0)
    states = {name: 0.0 if name in FREE else 1.0 for name in LAND}
    assert scrape.by("hotspot", "hotspot_state", isp="kotanet") == states
    since = scrape.by("hotspot", "hotspot_state_since_timestamp_seconds", isp="kotanet")
    assert {name: since[name] for name in FREE} == dict.fromkeys(FREE, pytest.approx(end, abs=0.1))
    city.heal()
    exporter.wait_until(lambda: all_up(exporter), SECONDS_TO_VERDICT, "recover", 0.5)
    scrape = exporter.scrape()
    assert scrape.by("hotspot", "hotspot_maintenance_overrun") == {}
    hidden = scrape.by("hotspot", "hotspot_state_seconds_total", isp="kotanet", state="maintenance")
    assert hidden == dict.fromkeys(LAND, pytest.approx(WINDOW_SECONDS, abs=1e-6))


def test_a_reload_accepts_a_window_that_has_passed(exporter: ExporterProcess, folder: Path) -> None:
    """It is still in the file a moment after its end: the reload succeeds."""
    now = int(time.time())
    write_window(folder, now - 10, now - 1)
    exporter.fetch("/-/reload", "POST")
    assert exporter.scrape().value("pantau_config_last_reload_successful") == 1


def write_window(folder: Path, start: int, end: int) -> None:
    """A window on Kotanet between these Unix seconds."""
    begins, ends = (datetime.fromtimestamp(seconds, WITA).strftime("%Y-%m-%d %H:%M:%S") for seconds in (start, end))
    (folder / "maintenance.yml").write_text(
        f"maintenance:\n  - {{id: works, scope: isp, target: kotanet, start: {begins}, end: {ends}, "
        "reason: Router baru, filed_at: 2024-04-01 08:00, approved_by: Diskominfo}\n"
    )
