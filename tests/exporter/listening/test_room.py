"""Who makes room for whom: by hand, and for any order of comings and goings."""

import math
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.listening.room import STALLED_SECONDS, ConnectionLimits, OpenConnection, Room

LIMITS = ConnectionLimits(most=8, most_of_one=5, reserved=3, makes_room=True, head_seconds=10.0, idle_seconds=75.0)
STEPS = st.lists(
    st.tuples(st.sampled_from(["come", "ask", "answer", "stall", "go"]), st.integers(0, 3), st.booleans()), max_size=60
)


def one(client: str = "10.0.0.1", since: float = 0.0, *, known: bool = False) -> OpenConnection:
    """A connection."""
    return OpenConnection(client, known, since, end=lambda: None)


@settings(max_examples=40)
@given(STEPS)
def test_limits_hold_and_known_clients_find_a_place(steps: list[tuple[str, int, bool]]) -> None:
    """Never too many, never a stranger in a reserved place, and no known client makes room for a stranger."""
    room, ended = Room(LIMITS), list[OpenConnection]()
    for now, (what, number, known) in enumerate(steps):
        held = list(room.held)
        if what == "come":
            newcomer = OpenConnection(
                f"{'known' if known else 'unknown'}-{number}", known, float(now), end=lambda: None
            )
            newcomer.end = lambda gone=newcomer: ended.append(gone)  # type: ignore[misc]
            ended.clear()
            in_place = room.admit(newcomer, float(now))
            assert in_place or all(not each.expendable for each in held if each.client == newcomer.client)
            assert known or not any(each.known for each in ended)
            expendable = any(each.expendable for each in held)
            assert in_place or not known or not expendable or len(held) < LIMITS.most
        elif held:
            each = held[number % len(held)]
            match what:
                case "ask":
                    each.begin(float(now))
                case "answer":
                    each.finish(float(now))
                case "stall":
                    each.stalled_since = float(now) - STALLED_SECONDS
                case _:
                    room.leave(each)
                    room.leave(each)
        assert len(room.held) <= LIMITS.most
        assert sum(not each.known for each in room.held) <= LIMITS.most - LIMITS.reserved
        assert max(Counter(each.client for each in room.held).values(), default=0) <= LIMITS.most_of_one


def test_who_holds_most_and_never_asked_goes_first() -> None:
    """Of a crowd its oldest silent connection, not somebody else's kept one."""
    room = Room(LIMITS)
    kept, crowd = one("10.0.0.9"), [one("10.0.0.1", float(number)) for number in range(4)]
    kept.served = 1
    for each in (kept, *crowd):
        assert room.admit(each, 5.0)
    assert room.admit(one("10.0.0.8", 6.0), 6.0)
    assert crowd[0] not in room.held
    assert kept in room.held


def test_who_works_makes_no_room() -> None:
    """A newcomer is refused where all are being answered and take what they are sent."""
    room = Room(LIMITS)
    working = [one(f"10.0.0.{number}") for number in range(5)]
    for each in working:
        assert room.admit(each, 0.0)
        each.begin(0.0)
    assert not room.admit(one("10.0.1.1"), 1.0)
    assert room.admit(one("127.0.0.1", known=True), 1.0)
    working[2].stalled_since, working[3].stalled_since = 1.0, 0.5
    assert room.admit(one("10.0.1.1"), 2.0)
    assert working[2] in room.held
    assert working[3] not in room.held


def test_nobody_is_looked_at_before_he_may_be_overdue() -> None:
    """Whatever begins now may last as long as the shortest of the limits; who began earlier is overdue earlier."""
    room, least = Room(LIMITS), min(LIMITS.head_seconds or 0, LIMITS.idle_seconds or 0)
    assert room.quiet_until(100.0) == 100.0 + least
    early = one(since=95.0)
    room.admit(early, 95.0)
    assert room.quiet_until(100.0) == 95.0 + least
    assert room.overdue(95.0 + least) == []
    assert room.overdue(95.1 + least) == [early]
    assert Room(ConnectionLimits(most=1, most_of_one=1)).quiet_until(100.0) == math.inf


def test_what_is_overdue() -> None:
    """Who never asked, whose head does not end, who is idle; a request has its own time."""
    silent, slow, idle = one(), one(), one()
    slow.served = idle.served = 1
    slow.head_since = 0.0
    room = Room(LIMITS)
    for each in (silent, slow, idle):
        room.admit(each, 0.0)
    assert room.overdue(9.0) == []
    assert room.overdue(11.0) == [silent, slow]
    assert room.overdue(80.0) == [silent, slow, idle]
