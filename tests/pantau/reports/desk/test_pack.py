"""What is to be settled about each point of a kecamatan, and what is not."""

from dataclasses import replace

import pytest

from lab.samples.accounting import WITA, at
from lab.samples.evidence import CITY, TELKOM, Recorded, dark
from pantau.inventory import Hotspot, Inventory
from pantau.reports.accounting import Condition, Month, Span, Stretch
from pantau.reports.desk import DeskPack, make_packs
from pantau.reports.desk.issues import Issue, OpenIssue
from pantau.reports.statement import survey
from pantau.reports.statement.nearness import neighbours
from pantau.reports.statement.rows import Ratio

DAY = 86_400
APRIL = Month(2024, 4)
ALWAYS = (at("03-01"), at("05-31"))
PLACED = replace(
    CITY,
    hotspots=tuple(
        one.model_copy(update={"latitude": 1.45 + 0.01 * number, "longitude": 125.16})
        for number, one in enumerate(CITY.hotspots)
    ),
)
"""The small city, each point a kilometre from the next."""


def packed(inventory: Inventory = PLACED, month: Month = APRIL, **down: list[Stretch]) -> DeskPack:
    """Maesa's pack."""
    evidence = Recorded({name.replace("_", "-"): found for name, found in down.items()})
    (pack,) = make_packs(survey(inventory, evidence, month, WITA), ["maesa"])
    return pack


def found(pack: DeskPack, point: str) -> dict[Issue, OpenIssue]:
    """What is to be settled about a point."""
    (row,) = (row for row in pack.rows if row.point == point)
    return {one.issue: one for one in row.findings}


def shorts(count: int, seconds: int) -> list[Span]:
    """So many short outages on one day."""
    return [(at("04-10") + 1000 * number, at("04-10") + 1000 * number + seconds) for number in range(count)]


def test_a_point_that_is_well_has_nothing_to_settle() -> None:
    """Points without issues have no findings; sums by ISP agree."""
    pack = packed()
    assert {row.point: [one.issue for one in row.findings] for row in pack.rows} == {
        "P-1": [],
        "P-2": [Issue.PARTLY_NO_CONTRACT],
        "P-3": [],
        "P-4": [],
        "P-5": [Issue.PARTLY_NO_CONTRACT],
    }
    assert [(isp.name, isp.points, isp.dead) for isp in pack.isps] == [("Biznet", 2, 0), ("Telkom", 3, 0)]


def test_dead_all_month_and_never_seen_are_two_things() -> None:
    """A point down in every observed second is dead; one never observed has no data."""
    pack = packed(P_1=dark(ALWAYS, unseen=[(at("04-05"), at("04-06"))]), P_4=dark(unseen=[ALWAYS]))
    assert Issue.DEAD in found(pack, "P-1")
    assert Issue.LITTLE_DATA not in found(pack, "P-1")
    assert found(pack, "P-4").keys() == {Issue.NO_DATA}
    (row,) = (row for row in pack.rows if row.point == "P-4")
    assert (row.availability, row.coverage) == (None, Ratio(0, 1, "0.0000"))
    assert pack.count(Issue.DEAD) == pack.count(Issue.NO_DATA) == 1


def test_what_was_seen_too_little_is_told_with_its_share() -> None:
    """Three of thirty days unobserved: the coverage stands beside its limit."""
    finding = found(packed(P_1=dark(unseen=[(at("04-05"), at("04-08"))])), "P-1")[Issue.LITTLE_DATA]
    assert (finding.measured, finding.limit) == (Ratio(9, 10, "90.0000"), Ratio(19, 20, "95.0000"))


def test_an_sla_that_was_missed_names_the_contract() -> None:
    """Three days down: 90 % under 98 %."""
    finding = found(packed(P_1=dark((at("04-05"), at("04-08")))), "P-1")[Issue.SLA_MISSED]
    assert finding == OpenIssue(Issue.SLA_MISSED, Ratio(9, 10, "90.0000"), Ratio(49, 50, "98.0000"), (TELKOM,))


def test_many_short_outages_are_flapping_and_a_few_are_not() -> None:
    """Eleven short outages on a day are flapping, ten are not; neither are listed as outages."""
    assert found(packed(P_1=dark(*shorts(11, 60))), "P-1")[Issue.FLAPPING] == OpenIssue(
        Issue.FLAPPING, episodes=11, seconds=660
    )
    calm = packed(P_1=dark(*shorts(10, 60)))
    assert found(calm, "P-1") == {}
    assert calm.rows[0].outages == 0


def test_outages_are_counted_as_whole_ones() -> None:
    """One of 200 s in April is 400 s long, and began in March."""
    pack = packed(P_1=dark((at("04-01") - 200, at("04-01") + 200), (at("04-20"), at("04-20") + 7200)))
    (row,) = (row for row in pack.rows if row.point == "P-1")
    assert (row.outages, row.longest_seconds, row.down_seconds) == (2, 7200, 7400)


def test_before_the_contracts_nobody_pays_for_anybody() -> None:
    """In March each point is without a contract, and has its availability."""
    pack = packed(month=Month(2024, 3), P_1=dark((at("03-05"), at("03-06"))))
    assert all(found(pack, row.point).keys() == {Issue.NO_CONTRACT} for row in pack.rows)
    assert pack.rows[0].availability is not None
    assert pack.rows[0].availability.percent == "96.7742"


def test_days_without_a_contract_are_told() -> None:
    """P-2 is paid for from the 11th on."""
    assert found(packed(), "P-2").keys() == {Issue.PARTLY_NO_CONTRACT}


def test_points_at_one_place_name_each_other() -> None:
    """Active points ten metres apart are duplicates, also across the edge of a grid cell."""
    places = {"P-1": (1.45, 125.16), "P-2": (1.45009, 125.16), "P-3": (1.4502, 125.16), "P-4": (1.45, 125.16)}
    hotspots = tuple(
        one.model_copy(
            update=dict(zip(("latitude", "longitude"), places.get(one.id, (None, None)), strict=True))
            | ({"status": "retired"} if one.id == "P-4" else {})
        )
        for one in CITY.hotspots
    )
    assert neighbours(hotspots) == {"P-1": ["P-2"], "P-2": ["P-1", "P-3"], "P-3": ["P-2"]}
    pack = packed(replace(CITY, hotspots=hotspots))
    assert found(pack, "P-2")[Issue.DUPLICATE].ids == ("P-1", "P-3")
    assert Issue.NO_COORDINATES in found(pack, "P-5")
    assert found(pack, "P-4") == {}  # retired: nothing is settled about it any more


def test_a_planned_point_stands_in_the_table_and_nothing_is_known_of_it() -> None:
    """A planned point has no issues and no coverage."""
    planned = Hotspot.model_validate(
        {
            "id": "P-9",
            "name": "=1+1",
            "address": "10.77.0.9",
            "kecamatan": "maesa",
            "isp": "telkom",
            "status": "planned",
        }
    )
    pack = packed(replace(PLACED, hotspots=(*PLACED.hotspots, planned)))
    row = pack.rows[-1]
    assert (row.point, row.status, row.availability, row.coverage, row.findings) == ("P-9", "planned", None, None, ())
    assert sum(isp.points for isp in pack.isps) == 5


def test_an_outage_that_is_held_to_be_ours_is_not_counted_down() -> None:
    """Isolated counts as down, as by default."""
    pack = packed(P_1=dark((at("04-05"), at("04-06")), condition=Condition.ISOLATED))
    assert pack.rows[0].down_seconds == DAY


def test_an_unknown_kecamatan_is_refused() -> None:
    """The error names the known ones."""
    with pytest.raises(ValueError, match="'utara' is not a known kecamatan; known are maesa"):
        make_packs(survey(CITY, Recorded(), APRIL, WITA), ["utara"])
