"""When things were recorded, in the order of a chain: never back, unless an entry says that a clock was set. Pure.

A batch may tell of moments a little out of order, for sums are made in a thread and verdicts name the probe that
decided: such an event was recorded no earlier than what stands before it. Only a clock that was set explains more.
"""

from collections.abc import Iterator

from pantau.journal.entries import OF_PEOPLE, Event, Kind, clock_step

_TOLERANCE_NS = 1_000_000_000
"""Clocks of two machines that NTP keeps differ by less."""


def in_order(event: Event, last_ns: int, *, of_exporter: bool) -> Iterator[Event]:
    """The event as it may follow one that was recorded at `last_ns`.

    A start with an earlier time says that the clock was set between two runs. What people decide comes from several
    machines: one whose clock is behind is told of. An exporter tells of its own clock while it runs.
    """
    back_ns = last_ns - event.recorded_ns
    if back_ns <= 0 or event.kind is Kind.CLOCK_STEP:
        yield event
    elif back_ns > _TOLERANCE_NS and (event.kind is Kind.START or not of_exporter or event.kind in OF_PEOPLE):
        yield clock_step(event.recorded_ns, -back_ns, "start" if event.kind is Kind.START else "machine")
        yield event
    else:
        yield event._replace(recorded_ns=last_ns)
