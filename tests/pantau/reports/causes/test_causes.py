"""From facts to a proposed cause: each pattern, what stands above it, and what devices' uptimes change."""

from dataclasses import replace
from typing import get_args

import pytest

from lab.samples.accounting import WITA, at
from pantau.inventory import Cause as InventoryCause
from pantau.reports.accounting import Spans
from pantau.reports.causes import (
    Cause,
    Charge,
    OutageFact,
    Pattern,
    Proposal,
    Site,
    Strength,
    Watch,
    own_faults,
    propose,
)

HOUR = 3600
NIGHT = at("04-10 02:00")
ISPS = ("telkom", "biznet", "icon")
CITY = {
    f"{isp}-{ward}-{number}": Site(
        f"{isp}-{ward}-{number}", isp, f"maesa/{ward}", radio=isp == "icon", uplinks=("pop",)
    )
    for isp in ISPS
    for ward in ("a", "b")
    for number in range(10)
}
"""60 points: three ISPs with ten points in each of two kelurahan."""


def outage(point: str, start: int = NIGHT, seconds: int = HOUR, uptime: int | None = None) -> OutageFact:
    """One outage."""
    return OutageFact(f"{point}@{start}", point, start, start + seconds, uptime=uptime)


def together(points: list[str], spread: int = 250, uptime: int | None = None) -> list[OutageFact]:
    """These points fall silent within `spread` seconds."""
    return [outage(point, NIGHT + n * spread // len(points), uptime=uptime) for n, point in enumerate(points)]


def points(*prefixes: str) -> list[str]:
    """The ids that begin so."""
    return [name for name in CITY if name.startswith(prefixes)]


def only(found: dict[str, Proposal]) -> tuple[Pattern, Cause, Strength]:
    """What all proposals have in common."""
    (common,) = {(one.pattern, one.cause, one.strength) for one in found.values()}
    return common


def with_ours(outages: list[OutageFact]) -> dict[str, Proposal]:
    """What is proposed where our own faults were looked for before."""
    return propose(outages, CITY, WITA, ours=own_faults(outages, CITY, Watch()))


def test_the_list_is_closed_and_the_inventory_s() -> None:
    """The causes are those of the inventory, each with who is charged by default."""
    assert tuple(cause.value for cause in Cause) == get_args(InventoryCause)
    assert {cause for cause in Cause if cause.charge is Charge.NEVER} == {Cause.PEMANTAU}
    assert {cause for cause in Cause if cause.charge is Charge.ISP} == {
        Cause.FO_PUTUS,
        Cause.RESTART,
        Cause.ONT_HANG,
        Cause.AKTIVASI_TERTUNDA,
        Cause.CUACA_RADIO,
        Cause.KABEL_LAUT,
        Cause.BELUM_TERVERIFIKASI,
    }


def test_a_third_of_the_city_at_once_is_our_own_fault() -> None:
    """19 of 60 points of three ISPs within two minutes; 18 are not more than 30 %."""
    fallen = [*points("telkom-a"), *points("biznet-a")[:5], *points("icon-b")[:4]]
    assert only(with_ours(together(fallen, 100))) == (Pattern.CITY, Cause.PEMANTAU, Strength.LIKELY)
    fewer = with_ours(together(fallen[:-1], 100))
    assert {one.pattern for one in fewer.values()}.isdisjoint({Pattern.CITY})


def test_a_slower_fall_is_not_our_fault() -> None:
    """The same points over four minutes."""
    fallen = [*points("telkom"), *points("biznet")[:9], *points("icon")[:9]]
    assert Pattern.CITY not in {one.pattern for one in with_ours(together(fallen, 260)).values()}


def test_an_isp_wide_fault_is_one_incident() -> None:
    """Six of Telkom's twenty in two kelurahan within five minutes."""
    found = propose(together([*points("telkom-a")[:3], *points("telkom-b")[:3]]), CITY, WITA)
    assert only(found) == (Pattern.ISP, Cause.FO_PUTUS, Strength.LIKELY)
    assert {(one.incident, one.points) for one in found.values()} == {(f"isp:telkom@{NIGHT}", 6)}


@pytest.mark.parametrize("fallen", [points("telkom-a")[:6], [*points("telkom-a")[:3], *points("telkom-b")[:2]]])
def test_a_handful_or_one_kelurahan_is_no_isp_wide_fault(fallen: list[str]) -> None:
    """Fewer than 30 % of the points, or points of one kelurahan only, are no ISP-wide fault."""
    assert {one.pattern for one in propose(together(fallen), CITY, WITA).values()} == {Pattern.SINGLE}


WARD = [*points("telkom-a")[:5], *points("biznet-a")[:5], *points("icon-a")[:5]]


@pytest.mark.parametrize(
    ("uptime", "pattern", "cause", "strength"),
    [
        (None, Pattern.KELURAHAN, Cause.BELUM_TERVERIFIKASI, Strength.WEAK),
        (600, Pattern.KELURAHAN, Cause.LISTRIK_PLN, Strength.STRONG),
    ],
)
def test_a_kelurahan_across_isps_is_power_only_where_devices_restarted(
    uptime: int | None, pattern: Pattern, cause: Cause, strength: Strength
) -> None:
    """Half of a kelurahan, of three ISPs, within five minutes: open while nobody could ask."""
    assert only(propose(together(WARD, 290, uptime), CITY, WITA)) == (pattern, cause, strength)


def test_devices_that_stayed_on_had_no_power_cut() -> None:
    """The same fall: the link of each had failed, whatever else is near."""
    found = propose(together(WARD, 290, 90_000), CITY, WITA).values()
    assert {(one.cause, one.strength) for one in found if not CITY[one.outage.partition("@")[0]].radio} == {
        (Cause.FO_PUTUS, Strength.STRONG)
    }
    assert {one.cause for one in found} == {Cause.FO_PUTUS, Cause.CUACA_RADIO}


def test_power_is_each_point_s_own_evidence() -> None:
    """Two of two ISPs restarted; one stayed on, one restarted an hour later, one could not be asked."""
    telkom, biznet, icon = points("telkom-a"), points("biznet-a"), points("icon-a")
    facts = [
        outage(telkom[0], uptime=600),
        outage(biznet[0], uptime=590),
        outage(icon[0], uptime=90_000),
        outage(telkom[1], seconds=2 * HOUR, uptime=600),
        outage(biznet[1]),
    ]
    causes = {name.partition("@")[0]: one.cause for name, one in propose(facts, CITY, WITA).items()}
    assert causes == {
        telkom[0]: Cause.LISTRIK_PLN,
        biznet[0]: Cause.LISTRIK_PLN,
        icon[0]: Cause.CUACA_RADIO,
        telkom[1]: Cause.RESTART,
        biznet[1]: Cause.BELUM_TERVERIFIKASI,
    }


@pytest.mark.parametrize(
    ("others", "why"),
    [
        (["telkom-a-1"], "one ISP may have restarted its own"),
        (["biznet-b-0"], "another kelurahan"),
    ],
)
def test_restarts_that_share_no_mains_are_no_power_cut(others: list[str], why: str) -> None:
    """Charged until somebody has verified them."""
    facts = [outage(point, uptime=600) for point in ("telkom-a-0", *others)]
    assert {one.cause for one in propose(facts, CITY, WITA).values()} == {Cause.RESTART}, why


def test_what_restarts_each_night_does_so_by_its_own_clock() -> None:
    """Two ISPs whose devices restart at four, three nights in a row, are no three power cuts."""
    nights = [at(f"04-{day} 04:00") for day in (10, 11, 12)]
    facts = [outage(point, night, 600, uptime=60) for point in ("telkom-a-0", "biznet-a-0") for night in nights]
    assert {one.cause for one in propose(facts, CITY, WITA).values()} == {Cause.RESTART}
    assert {one.cause for one in propose(facts[1:3] + facts[4:], CITY, WITA).values()} == {Cause.LISTRIK_PLN}


def test_a_power_cut_stands_above_the_uplink_that_it_took_along() -> None:
    """The POP hung on the same mains."""
    pop = OutageFact("pop@1", "pop", NIGHT, NIGHT + HOUR)
    found = propose([outage("telkom-a-0", uptime=600), outage("biznet-a-0", uptime=600)], CITY, WITA, uplinks=[pop])
    assert only(found) == (Pattern.KELURAHAN, Cause.LISTRIK_PLN, Strength.STRONG)


def test_a_kelurahan_of_one_isp_is_not_power() -> None:
    """Ten of thirty points, all of one ISP: fewer than half, and no second ISP."""
    found = propose(together(points("icon-b"), uptime=90_000), CITY, WITA)
    assert only(found) == (Pattern.SINGLE, Cause.CUACA_RADIO, Strength.STRONG)


def test_an_uplink_explains_what_it_carries() -> None:
    """Its fall, five minutes before or after, stands above an ISP-wide fault."""
    fallen = [*points("telkom-a")[:3], *points("telkom-b")[:3]]
    pop = OutageFact("pop@1", "pop", NIGHT + 200, NIGHT + 2 * HOUR)
    found = propose(together(fallen), CITY, WITA, uplinks=[pop])
    assert only(found) == (Pattern.UPLINK, Cause.FO_PUTUS, Strength.LIKELY)
    assert {(one.incident, one.points) for one in found.values()} == {(f"uplink:pop@{NIGHT + 200}", 6)}
    over = replace(pop, end=NIGHT)
    assert {one.pattern for one in propose(together(fallen), CITY, WITA, uplinks=[over]).values()} == {Pattern.ISP}
    assert only(propose([outage("icon-a-1")], CITY, WITA, uplinks=[pop]))[1] is Cause.CUACA_RADIO


def test_maintenance_and_isolation_say_so_themselves() -> None:
    """An announced window and an answering suspension page decide the proposal."""
    window = {"telkom-a-1": Spans.of([(NIGHT, NIGHT + HOUR)])}
    found = propose([outage("telkom-a-1"), outage("telkom-a-1", NIGHT + HOUR)], CITY, WITA, maintenance=window)
    assert [one.pattern for one in found.values()] == [Pattern.MAINTENANCE, Pattern.SINGLE]
    isolated = replace(outage("telkom-a-1"), isolated=True)
    assert only(propose([isolated], CITY, WITA)) == (Pattern.ISOLATED, Cause.ISOLIR, Strength.STRONG)


@pytest.mark.parametrize(
    ("start", "uptime", "cause", "strength"),
    [
        ("04-10 02:00", None, Cause.BELUM_TERVERIFIKASI, Strength.WEAK),
        ("04-10 02:00", 90_000, Cause.FO_PUTUS, Strength.STRONG),
        ("04-10 02:00", HOUR + 120, Cause.FO_PUTUS, Strength.STRONG),
        ("04-10 02:00", HOUR + 119, Cause.RESTART, Strength.WEAK),
        ("04-10 09:00", 60, Cause.RESTART, Strength.WEAK),
    ],
)
def test_a_single_point_by_its_uptime(start: str, uptime: int | None, cause: Cause, strength: Strength) -> None:
    """At recovery, against the outage's length and how late its first lost probe is: no proof of PLN."""
    found = propose([outage("telkom-a-1", at(start), uptime=uptime)], CITY, WITA)
    assert only(found) == (Pattern.SINGLE, cause, strength)


def test_the_same_hours_on_three_days_are_a_habit() -> None:
    """A point that is switched off daily is a hint from the third day on, and no power cut by that alone."""
    days = [at(f"04-{day} 06:{minute}") for day, minute in (("10", "00"), ("11", "20"), ("12", "30"))]
    hint = "at the same time of day on three days or more"

    def hinted(starts: list[int], uptime: int | None = None) -> set[tuple[Cause, bool]]:
        found = propose([outage("telkom-a-1", start, 10 * HOUR, uptime) for start in starts], CITY, WITA)
        return {(one.cause, hint in one.facts) for one in found.values()}

    assert hinted(days) == {(Cause.BELUM_TERVERIFIKASI, True)}
    assert hinted(days, 60) == {(Cause.RESTART, True)}
    assert hinted(days[:2]) == {(Cause.BELUM_TERVERIFIKASI, False)}
    assert hinted([*days[:2], at("04-12 06:31")]) == {(Cause.BELUM_TERVERIFIKASI, False)}


def test_each_outage_of_a_known_point_has_one_proposal_in_any_order() -> None:
    """The order of the facts changes nothing; outages of unknown points are left out."""
    facts = [*together(WARD), *together(points("telkom-b")), outage("elsewhere")]
    assert propose(facts[::-1], CITY, WITA) == propose(facts, CITY, WITA)
    assert set(propose(facts, CITY, WITA)) == {fact.id for fact in facts if fact.point in CITY}


@pytest.mark.parametrize(
    ("failed", "cause"),
    [
        (NIGHT, Cause.LISTRIK_LOKASI),
        (NIGHT - 120, Cause.LISTRIK_LOKASI),
        (NIGHT + 120, Cause.LISTRIK_LOKASI),
        (NIGHT - 121, Cause.FO_PUTUS),
        (NIGHT + 121, Cause.FO_PUTUS),
        (None, Cause.FO_PUTUS),
    ],
)
def test_a_sensor_of_the_mains_says_why(failed: int | None, cause: Cause) -> None:
    """Where the mains failed as the point fell. A fibre that was cut within a power cut, or before it, was cut."""
    fell = replace(outage("telkom-a-0", uptime=10**7), mains_failed=failed)
    (proposal,) = propose([fell], CITY, WITA).values()
    assert (proposal.cause, proposal.pattern, proposal.strength) == (cause, Pattern.SINGLE, Strength.STRONG)
