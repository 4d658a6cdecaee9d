"""When the exporter's clock was not kept by NTP, as its entries tell. Pure.

A start and a checkpoint have the state of the kernel's clock, and it holds until the next one that has it: a change is
told within a beat. A kernel says that its clock is kept for some nine hours after the last correction.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pantau.journal.entries import Kind

CLOCK_KINDS = (Kind.START, Kind.CHECKPOINT)
_KEPT, _NOT_KEPT = '"synchronised":true', '"synchronised":false'


class ClockDoubt(NamedTuple):
    """A half-open span in which nothing kept the clock, or nothing tells of it. Times are UTC nanoseconds."""

    start_ns: int
    end_ns: int
    told: bool
    """Whether the kernel said that nothing kept it; else it is not known."""


def clock_doubts(told: Iterable[tuple[int, int, str]], start_ns: int, end_ns: int) -> Iterator[ClockDoubt]:
    """The doubts in [start, end), from kind, time and detail of the entries of `CLOCK_KINDS`, in their order.

    The first may lie before `start_ns`; where none does the clock's state is not known up to the first.
    """
    kept, since_ns = None, start_ns
    for kind, at_ns, detail in told:
        now = True if _KEPT in detail else False if _NOT_KEPT in detail else None
        if now is kept or (now is None and kind != Kind.START):
            continue
        yield from _doubt(kept, since_ns, min(at_ns, end_ns))
        kept, since_ns = now, max(at_ns, start_ns)
    yield from _doubt(kept, since_ns, end_ns)


def _doubt(kept: bool | None, start_ns: int, end_ns: int) -> Iterator[ClockDoubt]:
    if not kept and start_ns < end_ns:
        yield ClockDoubt(start_ns, end_ns, kept is not None)
