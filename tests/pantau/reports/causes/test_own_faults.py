"""Our own fault: only what falls together and rises together, of the points that were watched, and never the tail."""

from dataclasses import replace

import pytest

from lab.samples.accounting import APRIL, WITA, at, span
from lab.samples.evidence import CITY as TOWN
from lab.samples.evidence import TELKOM, Recorded, dark
from pantau.inventory import Hotspot
from pantau.reports.accounting import Condition, Spans, Stretch
from pantau.reports.causes import Cause, OutageFact, Proposal, Site, Strength, Watch, own_faults
from pantau.reports.statement import make_statement, survey

HOUR = 3600
NIGHT = at("04-10 02:00")
CITY = {f"{isp}-{number}": Site(f"{isp}-{number}", isp) for isp in ("telkom", "biznet", "icon") for number in range(8)}
"""24 points of three ISPs."""
NINE = [f"{isp}-{number}" for isp in ("telkom", "biznet", "icon") for number in range(3)]


def outage(point: str, start: int = 0, seconds: int | None = HOUR) -> OutageFact:
    """One outage, in seconds after the night's two o'clock."""
    begin = NIGHT + start
    return OutageFact(f"{point}#{begin}", point, begin, None if seconds is None else begin + seconds)


def found(outages: list[OutageFact], **more: object) -> dict[str, Proposal]:
    """By the point."""
    watch = more.pop("watch", Watch())
    assert isinstance(watch, Watch)
    blind = more.pop("blind", Spans())
    assert isinstance(blind, Spans)
    return {name.partition("#")[0]: one for name, one in own_faults(outages, CITY, watch, blind).items()}


def test_nine_of_24_fall_and_rise_and_one_stays_dead() -> None:
    """Letter B: the tail of 34 hours was excused whole; now only the hour until the others rose is proposed."""
    outages = [outage(point, start=number) for number, point in enumerate(NINE[:-1])]
    outages.append(outage(NINE[-1], start=8, seconds=34 * HOUR))
    proposed = found(outages)
    assert set(proposed) == set(NINE)
    assert {one.cause for one in proposed.values()} == {Cause.PEMANTAU}
    assert proposed[NINE[-1]].span == (NIGHT + 8, NIGHT + 7 + HOUR)
    assert proposed[NINE[0]].span == (NIGHT, NIGHT + HOUR)
    lasting = [*outages[:-1], outage(NINE[-1], start=8, seconds=None)]
    assert found(lasting)[NINE[-1]].span == (NIGHT + 8, NIGHT + 7 + HOUR)


def test_what_falls_together_and_rises_apart_is_no_fault_of_ours() -> None:
    """Power that comes back street by street, over an hour."""
    assert found([outage(point, seconds=HOUR + 400 * number) for number, point in enumerate(NINE)]) == {}


def test_a_point_that_rose_before_the_others_could_be_seen() -> None:
    """It is not excused; those that rose with the others are."""
    outages = [outage(NINE[0], seconds=600), *(outage(point) for point in NINE[1:])]
    assert set(found(outages)) == set(NINE[1:])


def test_those_that_rise_together_are_of_three_isps_too() -> None:
    """Two ISPs rise together, the third's points one by one: their links were cut, not ours."""
    outages = [outage(point, seconds=HOUR if point < "telkom" else (2 + int(point[-1])) * HOUR) for point in NINE]
    assert found(outages) == {}


def test_only_points_that_were_watched_count() -> None:
    """Eight of 24 are a third; of 27 they are not more than 30 %, but for three that were retired, or came later."""
    eight = [outage(point) for point in NINE[:-1]]
    assert set(found(eight)) == set(NINE[:-1])
    sites = {**CITY, **{f"old-{number}": Site(f"old-{number}", "telkom") for number in range(3)}}
    always = Spans.of([APRIL.span(WITA)])
    for apart in (Spans(), Spans.of([span("03-01", "04-09")]), Spans.of([span("04-20", "04-30")])):
        watched = dict.fromkeys(CITY, always) | {f"old-{number}": apart for number in range(3)}
        assert len(own_faults(eight, sites, Watch(watched))) == 8
    assert own_faults(eight, sites, Watch(dict.fromkeys(sites, always))) == {}


def test_silent_canaries_make_it_strong() -> None:
    """Falls and rises together are likely ours; with our canaries silent in that time there is no doubt."""
    outages = [outage(point) for point in NINE]
    assert {one.strength for one in found(outages).values()} == {Strength.LIKELY}
    silent = Spans.of([(NIGHT + 60, NIGHT + 120)])
    assert {one.strength for one in found(outages, blind=silent).values()} == {Strength.STRONG}


@pytest.mark.parametrize("later", [0, 40])
def test_the_tail_is_charged_and_what_we_may_have_missed_is_held(later: int) -> None:
    """P-1 falls with all others for an hour and stays dead for 34: before, Rp500,000 were paid in full.

    Now Rp23,611 less the hour in dispute are deducted, however many points are added later to the inventory.
    """
    hour, dead = span("04-10 02:00", "04-10 03:00"), span("04-10 02:00", "04-11 12:00")
    isps = dict(zip("123456", ("telkom", "telkom", "telkom", "biznet", "biznet", "icon"), strict=True))
    hotspots = [one.model_copy(update={"isp": isps[one.id[-1]]}) for one in TOWN.hotspots]
    hotspots.append(Hotspot.model_validate({**hotspots[0].model_dump(), "id": "P-6", "isp": "icon", "contract": None}))
    new = [hotspots[0].model_copy(update={"id": f"N-{number}"}) for number in range(later)]
    by_point = {f"P-{number}": dark(hour) for number in range(2, 7)} | {"P-1": dark(dead)}
    not_yet = [Stretch(*APRIL.span(WITA), Condition.UNSEEN, (), reason="added")]
    evidence = Recorded(by_point | {one.id: not_yet for one in new})
    made = make_statement(TELKOM, survey(replace(TOWN, hotspots=(*hotspots, *new)), evidence, APRIL, WITA))
    (row,) = [row for row in made.points if row.point == "P-1"]
    assert (row.charged_seconds, row.unobserved_seconds) == (34 * HOUR, 0)
    assert (row.restitution, row.held, row.payable) == (22_917, 694, 476_389)
    (proposed,) = [row for row in made.decisions if row.point == "P-1"]
    assert (proposed.status, proposed.proposed_by, proposed.effect) == ("proposed", "", 694)
    assert (proposed.start, proposed.end) == hour
    (event,) = [row for row in made.events if row.point == "P-1"]
    assert (event.decision, event.cause != "pemantau") == ("proposed", True)
