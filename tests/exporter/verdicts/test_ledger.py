"""The ledger books each nanosecond once."""

import numpy as np

from exporter.verdicts.ledger import TimeLedger
from exporter.verdicts.overlay import MaintenanceOverlay
from pantau.states import State


def opened(rows: int, now_ns: int) -> TimeLedger:
    """A ledger of lives that begin at `now_ns`."""
    ledger = TimeLedger(rows)
    ledger.open(np.arange(rows, dtype=np.int32), now_ns)
    return ledger


def book(ledger: TimeLedger, *entries: tuple[int, State, int]) -> None:
    """Book (target, state, until)."""
    targets, states, until_ns = zip(*entries, strict=True)
    cover = MaintenanceOverlay(ledger.rows)
    ledger.book(np.array(targets, np.int32), np.array(states, np.int8), np.array(until_ns, np.int64), cover)


def spent(ledger: TimeLedger, row: int) -> dict[State, int]:
    """What a life was spent in."""
    return {State(state): ns for state, ns in enumerate(ledger.spent_ns[row].tolist()) if ns}


def test_time_goes_to_the_state_it_is_booked_to() -> None:
    """For each life its own."""
    ledger = opened(2, 100)
    book(ledger, (0, State.UP, 150), (1, State.DOWN, 130))
    book(ledger, (0, State.DOWN, 160))
    assert spent(ledger, 0) == {State.UP: 50, State.DOWN: 10}
    assert spent(ledger, 1) == {State.DOWN: 30}


def test_what_is_booked_already_stays() -> None:
    """Booking up to an earlier time changes nothing, not even to another state."""
    ledger = opened(1, 100)
    book(ledger, (0, State.UP, 150))
    book(ledger, (0, State.DOWN, 120))
    book(ledger, (0, State.UP, 150))
    assert spent(ledger, 0) == {State.UP: 50}
    assert ledger.booked_until_ns.tolist() == [150]


def test_a_life_that_has_not_begun_has_no_time() -> None:
    """A horizon before the birth, as that of canaries that have not answered yet."""
    ledger = opened(1, 100)
    book(ledger, (0, State.UNKNOWN, -1))
    assert spent(ledger, 0) == {}
    assert ledger.booked_until_ns.tolist() == [100]
