"""Late minutes that say that clients got nothing: believed while the agents of other ISPs say late that they got it."""

import pytest

from exporter.probing.agent.beats import Beat, LateMinute, Minute
from exporter.recording.late_witnesses import LateWitnesses
from pantau.states import State

MINUTE_NS = 60_000_000_000
NOW_NS = 1_711_929_600_000_000_000
OK, FAIL, NAMELESS = Minute(portal="ok", dns="ok"), Minute(portal="fail"), Minute(portal="ok", dns="fail")
SUSPENDED = Minute(portal="isolir", dns="ok")
ISPS = {"a1": "a", "a2": "a", "b1": "b", "c1": "c", "d1": "d"}


def beat_of(hotspot: str, minute: Minute) -> Beat:
    """Ten minutes of one kind, told late and at once."""
    late = tuple(LateMinute(age * 60 + 7, minute) for age in range(1, 11))
    return Beat(hotspot, 0, NOW_NS, "ab" * 8, 1, OK, late)


def judged(told: dict[str, Minute], minute: Minute, *, ours: bool = True, age: int = 5) -> State | None:
    """What a minute of ISP a so long ago is worth."""
    beats = [beat_of(name, each) for name, each in told.items()]
    witnesses = LateWitnesses(MINUTE_NS, "http://page" if ours else None)
    witnesses.note(beats, ISPS)
    return witnesses.judged("a", minute, NOW_NS - age * MINUTE_NS)


@pytest.mark.parametrize(
    ("others", "minute", "expected"),
    [
        ({"b1": OK}, FAIL, State.NO_INTERNET),
        ({"b1": OK}, NAMELESS, State.NO_INTERNET),
        ({"b1": OK}, SUSPENDED, State.ISOLATED),
        ({"b1": FAIL}, FAIL, None),
        ({"b1": FAIL, "c1": FAIL, "d1": OK}, FAIL, None),
        ({"b1": FAIL, "c1": OK}, FAIL, State.NO_INTERNET),
        ({"b1": NAMELESS}, NAMELESS, None),
        ({"b1": NAMELESS}, FAIL, State.NO_INTERNET),
        ({"b1": SUSPENDED, "c1": SUSPENDED}, SUSPENDED, None),
        ({"a2": OK}, FAIL, None),
        ({}, FAIL, None),
        ({}, SUSPENDED, State.ISOLATED),
        ({}, OK, State.UP),
        ({"b1": FAIL}, OK, State.UP),
        ({}, Minute(uptime=1), None),
    ],
)
def test_others_say_whether_the_page_was_there(
    others: dict[str, Minute], minute: Minute, expected: State | None
) -> None:
    """Each ISP has one vote, its own none; where nobody else tells of that minute, it is not known."""
    assert judged({"a1": minute, **others}, minute) == expected


def test_without_a_page_of_ours_nobody_need_say_so() -> None:
    """But where others lack it too, it is not believed either."""
    assert judged({"a1": FAIL}, FAIL, ours=False) == State.NO_INTERNET
    assert judged({"a1": FAIL, "b1": FAIL}, FAIL, ours=False) is None


def test_only_what_is_told_of_about_the_same_time_counts() -> None:
    """What others had an hour before says nothing."""
    assert judged({"a1": FAIL, "b1": OK}, FAIL, age=60) is None


def test_what_was_told_is_kept_until_nobody_may_tell_of_that_time() -> None:
    """One who has a line again hours after the others is believed by what they told then."""
    witnesses = LateWitnesses(MINUTE_NS, "http://page")
    witnesses.note([beat_of("b1", OK)], ISPS)
    witnesses.note([beat_of("a1", FAIL)], ISPS)
    at_ns = NOW_NS - 5 * MINUTE_NS
    witnesses.forget(at_ns - MINUTE_NS)
    assert witnesses.judged("a", FAIL, at_ns) == State.NO_INTERNET
    witnesses.forget(NOW_NS + MINUTE_NS)
    assert witnesses.judged("a", FAIL, at_ns) is None
