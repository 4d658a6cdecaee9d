"""What holds when the lease comes to an exporter that has waited for it."""

from pantau.journal.entries import Event, Kind, start
from pantau.journal.situation import Held, Situation
from pantau.states import State

SECOND = 10**9


def transition(second: int, before: State, after: State, answered: int | None = None) -> Event:
    """Of the one hotspot."""
    return Event(
        Kind.TRANSITION,
        second * SECOND,
        second * SECOND,
        "h1",
        before=int(before),
        after=int(after),
        up=int(after.serves),
        reason="timeout",
        answered_ns=answered,
    )


def held() -> Held:
    """It was up at 10 s and down at 20; at 40 it had been answered for ten seconds, and was lost again."""
    waiting = Held(Situation(), 100)
    waiting.add(
        [
            start(0, ["h1"], [], {}),
            transition(10, State.UNKNOWN, State.UP),
            transition(20, State.UP, State.DOWN),
            transition(40, State.DOWN, State.DOWN, 10 * SECOND),
        ]
    )
    return waiting


def test_what_was_answered_while_the_other_one_told_is_not_told_again() -> None:
    """The outage goes on from the other one's last word; its time before that is in the other one's entries."""
    begun, told = held().released(50 * SECOND)
    assert begun.kind is Kind.START
    assert (told.before, told.after, told.at_ns, told.answered_ns) == (State.UNKNOWN, State.DOWN, 50 * SECOND, None)


def test_an_answer_that_ended_later_is_told_as_it_was() -> None:
    """It is ours to tell."""
    *_, last = held().released(30 * SECOND)
    assert (last.before, last.after, last.answered_ns) == (State.DOWN, State.DOWN, 10 * SECOND)
