"""What waits is bounded and in order; what does not fit is counted, and the time becomes unknown."""

from lab.samples.journal import down, ns, up
from pantau.journal import Event, Kind
from pantau.journal.backlog import Backlog
from pantau.states import State


def drained(backlog: Backlog) -> list[tuple[int, Event]]:
    """All events, taken in twos."""
    taken = []
    while waiting := backlog.first(2):
        taken += [(one.number, one.event) for one in waiting]
        backlog.drop(len(waiting))
    return taken


def test_events_leave_in_the_order_in_which_they_came() -> None:
    """Numbered from 1, as long as they fit; nothing is lost."""
    backlog = Backlog(3)
    events = [down("h1", 1), down("h2", 2), up("h1", 3)]
    backlog.add(events)
    assert len(backlog) == 3
    assert drained(backlog) == list(enumerate(events, 1))
    assert backlog.lost == 0


def test_what_does_not_fit_is_counted_and_told_as_unknown() -> None:
    """Room for two: of h1's further changes the last stays, after a gap that is unknown; h2's only one stays."""
    backlog = Backlog(2)
    backlog.add([down("h1", 1), up("h1", 10), down("h1", 20), up("h1", 30), down("h2", 35), down("h1", 40)])
    backlog.add([Event(Kind.FAULT_BEGIN, ns(41), ns(43), "vantage")])
    assert (len(backlog), backlog.lost) == (4, 3)
    told = [event for _, event in drained(backlog)]
    assert told[:2] == [down("h1", 1), up("h1", 10)]
    assert (told[2].kind, told[2].at_ns, told[2].facts) == (Kind.LOSS, ns(46), {"since_ns": ns(20), "events": 3})
    assert (told[3].subject, told[3].at_ns, told[3].after, told[3].reason) == (
        "h1",
        ns(20),
        State.UNKNOWN,
        "journal_lost",
    )
    assert told[4] == down("h1", 40)._replace(before=int(State.UNKNOWN))
    assert told[5] == down("h2", 35)
    assert len(told) == 6


def test_after_a_loss_all_fits_again() -> None:
    """What comes while the loss is being told waits behind it."""
    backlog = Backlog(4)
    backlog.add([down("h1", 1)] * 4 + [up("h1", 10), down("h1", 20)])
    backlog.drop(4)
    backlog.add([up("h1", 40)])
    kinds = [Kind.LOSS, Kind.TRANSITION, Kind.TRANSITION, Kind.TRANSITION]
    assert [event.kind for _, event in drained(backlog)] == kinds
    backlog.add([down("h1", 50)])
    assert [event for _, event in drained(backlog)] == [down("h1", 50)]
    assert backlog.lost == 1


def test_no_loss_is_told_where_nothing_was_lost() -> None:
    """One change of one hotspot found no room, and is kept all the same."""
    backlog = Backlog(1)
    backlog.add([down("h1", 1), up("h1", 10)])
    assert [event for _, event in drained(backlog)] == [down("h1", 1), up("h1", 10)]
    assert backlog.lost == 0
