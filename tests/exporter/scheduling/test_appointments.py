"""Appointments are handed out once, when due, and follow their targets through a reload."""

import numpy as np

from exporter.scheduling.appointments import Appointments
from pantau.clock import NEVER_NS


def made(*entries: tuple[int, int, int]) -> Appointments:
    """Appointments of (time, target, round)."""
    appointments = Appointments()
    for at_ns, target, number in entries:
        appointments.add(np.array([at_ns], np.int64), np.array([target], np.int32), np.array([number], np.int64))
    return appointments


def taken(appointments: Appointments, now_ns: int) -> list[tuple[int, int, int]]:
    """What is due, as (time, target, round)."""
    return list(zip(*(column.tolist() for column in appointments.take(now_ns)), strict=True))


def test_the_next_one_is_known_without_taking_it() -> None:
    """The earliest of all; never where there is none."""
    appointments = made((30, 2, 8), (10, 1, 7), (20, 3, 9))
    assert appointments.next_ns == 10
    taken(appointments, 15)
    assert appointments.next_ns == 20
    taken(appointments, 30)
    assert appointments.next_ns == NEVER_NS


def test_an_appointment_is_handed_out_once_when_it_is_due() -> None:
    """Not before, at exactly its time, and never again; others stay."""
    appointments = made((10, 1, 7), (30, 2, 8), (10, 3, 9))
    assert taken(appointments, 9) == []
    assert taken(appointments, 10) == [(10, 1, 7), (10, 3, 9)]
    assert taken(appointments, 29) == []
    assert (len(appointments), taken(appointments, 1000)) == (1, [(30, 2, 8)])
    assert len(appointments) == 0


def test_a_target_may_have_several() -> None:
    """The re-probes of one round."""
    appointments = made((10, 1, 7), (20, 1, 7), (10, 1, 7))
    assert taken(appointments, 20) == [(10, 1, 7), (20, 1, 7), (10, 1, 7)]


def test_appointments_follow_their_targets_and_those_of_removed_ones_are_cancelled() -> None:
    """As a reload renames them."""
    appointments = made((10, 0, 7), (20, 1, 8), (30, 2, 9))
    appointments.retarget(np.array([2, -1, 0], np.int32))
    assert taken(appointments, 100) == [(10, 2, 7), (30, 0, 9)]


def test_nobody_has_an_appointment_at_first() -> None:
    """Nor does a reload of nobody find one."""
    appointments = Appointments()
    appointments.retarget(np.empty(0, np.int32))
    assert (len(appointments), taken(appointments, 100)) == (0, [])
