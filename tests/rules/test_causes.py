"""The widest cause, and nothing beside it: each kind of fault that a city has, through probes, scrapes and time."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.rules.bitung import FAULT, HEAL, OVER, UPSTREAM, bitung, broken, check, hotspot, of, points, spread, wide
from tests.rules.observed import City, Fault, Point
from tests.rules.scenario import EVALUATION_SECONDS, Expected, save
from tests.rules.test_promtool import promtool
from tests.sampling import sampled

ONE_CAUSE = {
    "an ISP whole": (of(isp="indosat"), wide("IspOutage", isp="indosat")),
    "an ISP of three points": (of(isp="jinom"), wide("IspOutage", isp="jinom")),
    "an ISP with a POP that carries a part of it": (of(isp="infotek"), wide("IspOutage", isp="infotek")),
    "a kecamatan with all its ISPs": (of(kecamatan="girian"), wide("KecamatanOutage", kecamatan="girian")),
    "one ISP in one kecamatan": (
        of(isp="biznet", kecamatan="girian"),
        wide("IspKecamatanOutage", isp="biznet", kecamatan="girian"),
    ),
    "three quarters of an ISP, but in one kecamatan": (
        of(isp="pc24", kecamatan="girian"),
        wide("IspKecamatanOutage", isp="pc24", kecamatan="girian"),
    ),
    "a kecamatan that has one ISP only": (
        of(kecamatan="lembeh-utara"),
        wide("IspKecamatanOutage", isp="infotek", kecamatan="lembeh-utara"),
    ),
    "the island's link": (of(uplink="lembeh-radio"), wide("UplinkDown", uplink="lembeh-radio")),
    "both kecamatan of the island, also beside the link": (
        lambda p: p.kecamatan.startswith("lembeh"),
        wide("UplinkDown", uplink="lembeh-radio"),
    ),
    "every point of the city": (lambda _: True, wide("CityOutage")),
}

SHORT = {"an ISP whole", "the island's link", "every point of the city"}


@pytest.mark.parametrize("name", sampled(ONE_CAUSE, SHORT))
def test_one_fault_is_one_page_and_its_end(name: str, tmp_path: Path) -> None:
    """The widest cause fires once and ends once; nothing else fires, neither as it spreads nor as points come back."""
    which, expected = ONE_CAUSE[name]
    check(tmp_path, broken(Fault(which, FAULT, HEAL)), expected)


def test_one_fault_is_one_page_under_a_newer_prometheus(tmp_path: Path) -> None:
    """The chain from a probe to the widest cause; `make test-long` plays all of this folder so."""
    which, expected = ONE_CAUSE["one ISP in one kecamatan"]
    check(tmp_path, broken(Fault(which, FAULT, HEAL)), expected, version="newer")


@pytest.mark.long
def test_a_fault_after_another_is_a_page_of_its_own(tmp_path: Path) -> None:
    """An ISP whole and, a minute later, a kecamatan: two pages, and the first stays as it is."""
    faults = Fault(of(isp="indosat"), FAULT, 160), Fault(of(kecamatan="girian"), HEAL, 160)
    expected = wide("IspOutage", heal=160, isp="indosat"), wide("KecamatanOutage", HEAL, 160, kecamatan="girian")
    check(tmp_path, broken(*faults), *expected)


def test_a_part_of_an_isp_is_one_ticket(tmp_path: Path) -> None:
    """30 % of an ISP, in all its kecamatan: IspDegraded, and no ticket of its points, neither then nor at the end."""
    city = broken(Fault(spread("telkom", 0.3), FAULT, 210), seconds=340)
    expected = wide("IspDegraded", heal=210, isp="telkom", reason="down")
    check(tmp_path, city, replace(expected, by=expected.by + 120, severity="ticket"))


def with_clinics() -> list[Point]:
    """The city with a puskesmas of telkom more in each of three kecamatan."""
    more = [Point(f"puskesmas-{place}", place, "telkom", "puskesmas") for place in ("girian", "madidir", "matuari")]
    return [*bitung(), *more]


@pytest.mark.long
def test_clinics_of_a_degraded_isp_are_a_page_all_at_once(tmp_path: Path) -> None:
    """Three puskesmas among 30 % of an ISP: each fires in time, all at once, and nothing beside IspDegraded."""
    part = spread("telkom", 0.3)
    clinics = {"puskesmas-girian", "puskesmas-madidir", "puskesmas-matuari"}
    points = with_clinics()
    city = City(points, [Fault(lambda p: part(p) or p.id in clinics, FAULT, 210)], upstream=UPSTREAM, seconds=300)
    degraded = wide("IspDegraded", heal=210, isp="telkom", reason="down")
    pages = [
        Expected(
            "HotspotDown",
            {"hotspot": p.id, "kecamatan": p.kecamatan, "isp": p.isp, "reason": "degraded"},
            FAULT + 28,
            FAULT + 10.5 + 38 + 4,
            210,
            210 + OVER,
        )
        for p in points
        if p.id in clinics
    ]
    assert all(page.by + 5 < FAULT + 60 for page in pages)
    check(tmp_path, city, replace(degraded, by=degraded.by + 120, severity="ticket"), *pages)
    together(tmp_path, city, len(clinics))


def together(folder: Path, city: City, number: int) -> None:
    """At no evaluation some of these pages fire and others do not."""
    path = save(city, [], folder)
    file = yaml.safe_load(path.read_text("utf-8"))
    some = f'count(ALERTS{{alertname="HotspotDown", alertstate="firing", severity="page"}}) < {number}'
    file["tests"][0]["promql_expr_test"] = [
        {"expr": some, "eval_time": f"{time}s", "exp_samples": []} for time in range(4, 208, EVALUATION_SECONDS)
    ]
    path.write_text(yaml.safe_dump(file, width=10_000), encoding="utf-8")
    done = promtool("test", "rules", path)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]


@pytest.mark.long
def test_a_clinic_of_a_degraded_isp_is_no_page_where_a_wider_one_is_out(tmp_path: Path) -> None:
    """All of the ISP, and the same of its kecamatan: IspOutage speaks of the puskesmas, and nothing else does."""
    city = City(with_clinics(), [Fault(of(isp="telkom"), FAULT, 150)], upstream=UPSTREAM, seconds=230)
    check(tmp_path, city, wide("IspOutage", heal=150, isp="telkom"))


def test_a_hotspot_is_a_ticket_and_a_clinic_a_page(tmp_path: Path) -> None:
    """Within 60 s of the last packet for a puskesmas, later for the others; a minute's restart is neither."""
    faults = (
        Fault(lambda p: p.id in {"puskesmas", "maesa-biznet-1"}, FAULT, 124),
        Fault(lambda p: p.id == "girian-telkom-2", FAULT, FAULT + 38),
    )
    page, ticket = hotspot("puskesmas", "page", FAULT, 124), hotspot("maesa-biznet-1", "ticket", FAULT, 124)
    assert page.by <= FAULT + 60
    check(tmp_path, broken(*faults, seconds=200), page, ticket)


@pytest.mark.long
def test_two_points_are_no_outage(tmp_path: Path) -> None:
    """Of an ISP with three points two are down: two tickets, for two may be chance."""
    lost = {"jinom-1", "jinom-2"}
    city = broken(Fault(lambda p: p.id in lost, FAULT), seconds=180)
    check(tmp_path, city, *(hotspot(one, "ticket", FAULT) for one in sorted(lost)))


@pytest.mark.long
def test_a_fault_of_its_own_outlives_a_wider_one(tmp_path: Path) -> None:
    """A ticket that was there before its ISP's outage stays through it; no other point gets one when that ends."""
    faults = Fault(of(id="maesa-indosat-0"), FAULT), Fault(of(isp="indosat"), 120, 180)
    ticket = hotspot("maesa-indosat-0", "ticket", FAULT)
    check(tmp_path, broken(*faults, seconds=300), ticket, wide("IspOutage", 120, 180, isp="indosat"))


@pytest.mark.long
def test_thirty_points_that_come_and_go_are_flapping_and_nothing_else(tmp_path: Path) -> None:
    """20 s down, 20 s up, again and again: HotspotFlapping for each, and never HotspotDown, not even of a puskesmas."""
    mine = [p for k, p in enumerate(bitung()) if k % 7 == 0 or p.id == "puskesmas"]
    assert len(mine) >= 30
    chosen = {p.id for p in mine}
    faults = [Fault(lambda p: p.id in chosen, start, start + 20) for start in range(24, 280, 40)]
    expected = [
        Expected(
            "HotspotFlapping", {"hotspot": p.id, "kecamatan": p.kecamatan, "isp": p.isp}, 100, 250, severity="ticket"
        )
        for p in mine
    ]
    check(tmp_path, broken(*faults, seconds=320), *expected)


def behind_pop() -> City:
    """A POP that carries the island's link, and nine points of ranowulu beside it."""
    rest = [p for p in bitung() if (p.kecamatan, p.isp) != ("ranowulu", "infotek")]
    return City([*rest, *points("ranowulu", "infotek", 9, "pop-infotek")], upstream=UPSTREAM, seconds=200)


@pytest.mark.long
@pytest.mark.parametrize(("broken_uplink", "lost"), [("lembeh-radio", "lembeh-radio"), ("pop-infotek", "pop-infotek")])
def test_of_uplinks_that_carry_each_other_the_one_that_explains_is_named(
    broken_uplink: str, lost: str, tmp_path: Path
) -> None:
    """The narrower one while the points beside it are well, the wider one when they are not."""
    city = behind_pop()
    city.faults.append(Fault(of(uplink=broken_uplink), FAULT, HEAL))
    check(tmp_path, city, wide("UplinkDown", uplink=lost))


@pytest.mark.long
def test_a_pop_that_carries_a_whole_isp_is_that_isp(tmp_path: Path) -> None:
    """The wider cause is told: IspOutage, not UplinkDown."""
    rest = [p for p in bitung() if p.isp != "biznet"]
    mine = [*points("girian", "biznet", 6, "pop-biznet"), *points("maesa", "biznet", 6, "pop-biznet")]
    city = City([*rest, *mine], [Fault(of(isp="biznet"), FAULT, HEAL)], seconds=200)
    check(tmp_path, city, wide("IspOutage", isp="biznet"))


def test_an_uplink_that_is_probed_and_silent_needs_fewer_points(tmp_path: Path) -> None:
    """Two points behind a tower are no pattern, but with the tower's own silence they are one page."""
    rest = [p for p in bitung() if (p.kecamatan, p.isp) != ("maesa", "icon")]
    city = City([*rest, *points("maesa", "icon", 2, "menara"), *points("maesa", "icon", 3)], seconds=200)
    city.faults.append(Fault(of(uplink="menara"), FAULT, HEAL))
    city.uplinks_down.append(("menara", FAULT + 10, HEAL + OVER))
    check(tmp_path, city, wide("UplinkDown", uplink="menara"))


@pytest.mark.long
def test_a_first_start_with_dead_points_is_no_outage(tmp_path: Path) -> None:
    """The dead are known before the living: only what is down for good is told, point by point."""
    lost = {"maesa-indosat-0", "girian-indosat-1", "matuari-indosat-2"}
    city = City(bitung(), [Fault(lambda p: p.id in lost, 0)], dead=[(0, 20)], upstream=UPSTREAM, seconds=180)
    tickets = [replace(hotspot(one, "ticket", 20), by=20 + 10 + 60 + 18) for one in sorted(lost)]
    check(tmp_path, city, *tickets)


@pytest.mark.long
def test_an_outage_that_half_heals_is_still_the_same_one(tmp_path: Path) -> None:
    """Between closing and opening nothing changes: half of it comes back, and the page stays until the rest does."""
    mine = [p.id for p in bitung() if p.isp == "indosat"]
    half = set(mine[::2])
    faults = Fault(of(isp="indosat"), FAULT, HEAL), Fault(lambda p: p.id in half, FAULT, 180)
    check(tmp_path, broken(*faults, seconds=260), wide("IspOutage", heal=180, isp="indosat"))


def test_half_of_an_isp_is_no_outage_of_it(tmp_path: Path) -> None:
    """What would keep an outage open does not open one: not quite half, in every kecamatan, is a ticket."""
    mine = [p for p in bitung() if p.isp == "indosat"]
    beside = {p.id: [q.id for q in mine if q.kecamatan == p.kecamatan] for p in mine}
    half = {name for name, there in beside.items() if there.index(name) < len(there) // 2}
    assert 0.4 < len(half) / len(mine) < 0.5
    expected = wide("IspDegraded", heal=230, isp="indosat", reason="down")
    city = broken(Fault(lambda p: p.id in half, FAULT, 230), seconds=260)
    check(tmp_path, city, replace(expected, by=expected.by + 120, severity="ticket"))
