"""Points that come and go, from probe to rupiah: what is charged is the time in which they were dead, and no more.

The real monitor on a virtual clock, a real journal, the real accounting: each point has a script of its own.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from random import Random

import pytest

from exporter.verdicts.events import Relapsed
from lab.samples.accounting import WITA
from lab.samples.journal import Place
from pantau.journal import Kind, Reader
from pantau.reports.accounting import (
    Account,
    AssignmentSpan,
    ContractDates,
    Method,
    Month,
    Terms,
    TermsVersion,
    account,
    segments_of,
)
from pantau.reports.statement import JournalEvidence
from pantau.states import State
from tests.exporter.monitor.watched import CANARY, EPOCH_SECONDS, hotspots, plan_of
from tests.exporter.recording.heard import Heard
from tests.network import MS, SECOND, Arrival, Request, answers, silent

CALM, INTERVAL = 60, 10
STEP_NS = 200 * MS
LASTS = 1200
FEE = 500_000
TERMS = Terms(objective=Fraction(98, 100), method=Method.R3)
Script = Callable[[float], bool]
"""Whether a point answers, at so many seconds after the calm beginning."""


def cycle(up: float, down: float, later: float = 0) -> Script:
    """Dead first, and again and again; `later` shifts it against the rounds."""
    return lambda seconds: seconds < later or (seconds - later) % (up + down) >= down


def at_random(seed: int, shortest: float, longest: float) -> Script:
    """Dead and alive by turns, each for a time of its own."""
    random = Random(seed)
    turns = list(accumulate(random.uniform(shortest, longest) for _ in range(4000)))
    return lambda seconds: bisect_right(turns, seconds) % 2 == 1


SCRIPTS: Mapping[str, Script] = {
    "10/10": cycle(10, 10, 4),
    **{f"10/10, {later} s later": cycle(10, 10, later) for later in (0, 2, 6, 8)},
    "10/20": cycle(10, 20),
    "20/10": cycle(20, 10),
    "30/30": cycle(30, 30),
    "5/5": cycle(5, 5),
    "5/15": cycle(5, 15),
    "11/7": cycle(11, 7),
    "3/60": cycle(3, 60),
    "random 5..15": at_random(1, 5, 15),
    "random 8..40": at_random(2, 8, 40),
    "random 1..90": at_random(3, 1, 90),
}


def of_script(script: Script, city: Heard) -> Callable[[Request], Iterator[Arrival]]:
    """A host that answers as the script says."""
    alive = answers()
    began_ns = city.clock.monotonic_ns() + CALM * SECOND

    def host(request: Request) -> Iterator[Arrival]:
        seconds = (request.at_ns - began_ns) / SECOND
        yield from alive(request) if seconds < 0 or script(seconds) else silent(request)

    return host


def played(scripts: Mapping[str, Script], seconds: int) -> Heard:
    """A city whose points follow their scripts for so long, after a calm minute and before another."""
    city = Heard(plan_of(hotspots(len(scripts))))
    for address, script in zip(hotspots(len(scripts)).values(), scripts.values(), strict=True):
        city.network.hosts[address] = of_script(script, city)
    for _ in range((CALM + seconds) * SECOND // STEP_NS):
        city.clock.advance(STEP_NS)
        city.tick()
    city.network.hosts.clear()
    for _ in range(CALM * SECOND // STEP_NS):
        city.clock.advance(STEP_NS)
        city.tick()
    return city


def accounts_of(city: Heard, folder: Path) -> list[Account]:
    """What each point's month comes to, out of a journal in a file."""
    place = Place("sqlite:///data/journal.sqlite", folder)
    with place.store() as store:
        store.append(city.told, alive_ns=city.clock.wall_ns())
    month = Month(2023, 11)
    span = month.span(WITA)
    dates = ContractDates("c", span, (TermsVersion(span[0], TERMS),))
    names = list(hotspots(len(city.monitor.plan.ids)))
    with Reader(place.url, folder) as reader:
        stretches = dict(JournalEvidence(reader).stretches(names, span))
    return [
        account(segment, stretches[name], zone=WITA)
        for name in names
        for segment in segments_of(span, dates, [AssignmentSpan(name, "c", *span, FEE)], WITA)
    ]


def truth(script: Script, seconds: int) -> tuple[float, int]:
    """Seconds dead, and how many times."""
    grain = 0.25
    samples = [script(number * grain) for number in range(round(seconds / grain))]
    falls = sum(not now and before for before, now in zip([True, *samples], samples, strict=False))
    return grain * sum(not alive for alive in samples), falls


@pytest.fixture(scope="module")
def twenty_minutes() -> Heard:
    """Every script for twenty minutes."""
    return played(SCRIPTS, LASTS)


def test_what_is_charged_is_the_time_without_an_answer(twenty_minutes: Heard, tmp_path: Path) -> None:
    """Of every rhythm, within an interval for each outage of the script: nothing else is ever booked as dead."""
    for (name, script), one in zip(SCRIPTS.items(), accounts_of(twenty_minutes, tmp_path), strict=True):
        dead, times = truth(script, LASTS)
        booked = sum(share.down.seconds for share in one.shares)
        assert abs(booked - dead) <= INTERVAL * times, name
        assert one.charged + one.tolerated == booked, name


def test_ten_seconds_up_and_ten_down_are_half_of_the_time(twenty_minutes: Heard, tmp_path: Path) -> None:
    """One outage, for it never recovers; 600 s of it are charged, where 1190 s were; the answers are instability."""
    one = accounts_of(twenty_minutes, tmp_path)[0]
    (share,) = one.shares
    assert abs(one.charged - LASTS / 2) <= INTERVAL
    assert share.outage.answered.seconds + share.outage.seconds == share.outage.end - share.outage.start
    assert (one.flapping.relapses, one.flapping.unstable) == (len(share.outage.answered.spans), True)
    assert one.flapping.relapses == 59
    assert one.up >= one.flapping.answered > 550


@pytest.mark.long
def test_six_hours_of_ten_and_ten_charge_10800_seconds(tmp_path: Path) -> None:
    """The auditor's case: 21,590 s were charged."""
    (one,) = accounts_of(played({"10/10": SCRIPTS["10/10"]}, 6 * 3600), tmp_path)
    assert abs(one.charged - 10_800) <= INTERVAL


def test_a_relapse_is_an_entry_and_no_change_of_state(twenty_minutes: Heard) -> None:
    """The journal is told when the answers had begun and ended; the page, that it is down all the while."""
    downs = (event for event in twenty_minutes.of(Kind.TRANSITION) if event.after == State.DOWN)
    fall, *relapses = [event for event in downs if event.subject == "h0"]
    assert (fall.before, fall.answered_ns) == (State.UP, None)
    assert len(relapses) == 59
    assert {(one.before, one.after, one.up, one.reason) for one in relapses} == {(State.DOWN, State.DOWN, 0, "timeout")}
    assert {(one.evidence, one.address) for one in relapses} == {("icmp", "10.77.0.1")}
    assert {round((one.answered_ns or 0) / SECOND) for one in relapses} == {10}
    assert all(one.first_ns == one.at_ns <= one.recorded_ns for one in relapses)
    assert twenty_minutes.monitor.snapshot().relapses[0] == 59
    changes = [after for name, _, after, _ in twenty_minutes.changes if name == "h0"]
    assert changes == [State.UP, State.DOWN, State.UP]


def test_what_was_answered_before_our_own_fault_is_not_lost() -> None:
    """A dead point answers once; before its next round the canary fails: the answers end where our sight did."""
    city = Heard(plan_of(hotspots(1)))
    city.run(20 * SECOND)
    city.network.hosts["10.77.0.1"] = silent
    city.run(30 * SECOND)
    del city.network.hosts["10.77.0.1"]
    while city.machine.streak[0] == 0:
        city.run(SECOND)
    city.network.hosts |= dict.fromkeys([CANARY, "10.77.0.1"], silent)
    city.run(20 * SECOND)
    (relapse,) = [event for event in city.events if isinstance(event, Relapsed)]
    unknown = city.of(Kind.TRANSITION)[-1]
    told = next(event for event in city.of(Kind.TRANSITION) if event.answered_ns)
    assert unknown.after == State.UNKNOWN
    assert told.at_ns == unknown.at_ns > EPOCH_SECONDS * SECOND
    assert told.answered_ns == pytest.approx(int(relapse.at_ns[0] - relapse.since_ns[0]), abs=2 * MS)


def test_a_restart_loses_no_answers(twenty_minutes: Heard, tmp_path: Path) -> None:
    """Killed at any moment, the journal knows all answers but those of the present cycle."""
    whole = twenty_minutes.told
    kept = [event for event in whole if event.recorded_ns <= twenty_minutes.began_ns + (CALM + 600) * SECOND]
    place = Place("sqlite:///data/journal.sqlite", tmp_path)
    with place.store() as store:
        store.append(kept, alive_ns=twenty_minutes.began_ns + (CALM + 600) * SECOND)
    span = Month(2023, 11).span(WITA)
    with Reader(place.url, tmp_path) as reader:
        ((_, stretches),) = JournalEvidence(reader).stretches(["h0"], span)
    answered = sum(one.end - one.start for one in stretches if one.within)
    assert 600 / 2 - 2 * INTERVAL <= answered <= 600 / 2
