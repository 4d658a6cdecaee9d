"""What lies beyond a month's edges of an episode that crosses them, for terms that count more than the journal does.

The journal knows outages: from a verdict down to a verdict up, whole, whatever month is asked for. A contract that
counts slow service (`degraded_counts`) knows longer episodes: they go on from one answer without fault to the next, and
the threshold is tested on all of it. So where a month begins or ends within one, its neighbours are read as well, until
a stretch that is up ends the episode. Without that an episode of ten minutes over midnight would be two of five, and
neither month would charge it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from pantau.journal import Reader
from pantau.reports.accounting import Span, Stretch

_NS = 1_000_000_000
_DAY = 86_400
_FARTHER = 8
"""Each look is so many times as far as the one before: most episodes end within a day, a few last for months."""

Look = Callable[[Collection[str], Span], Iterator[tuple[str, list[Stretch]]]]
"""Reads the stretches of some points within a span, in order of time, and nothing beyond it."""


def read_beyond(stretches: Mapping[str, list[Stretch]], span: Span, known: Span, look: Look) -> None:
    """Add to each point's `stretches` over `span` what its episodes have beyond it, within `known`."""
    begun = {point: own for point, own in stretches.items() if own and not _first(own).is_answer}
    _look_back(begun, span[0], known[0], look)
    lasting = {point: own for point, own in stretches.items() if own and not _last(own).is_answer}
    _look_ahead(lasting, span[1], known[1], look)


def known_span(reader: Reader) -> Span:
    """From the journal's first entry to its last."""
    ends = [reader.entry(number) for number in (1, reader.head().number)]
    seconds = [entry.event.recorded_ns // _NS for entry in ends if entry is not None]
    return (min(seconds), max(seconds) + 1) if seconds else (0, 0)


def _first(own: list[Stretch]) -> Stretch:
    return min(own, key=lambda one: one.start)


def _last(own: list[Stretch]) -> Stretch:
    return max(own, key=lambda one: one.end)


def _look_back(begun: dict[str, list[Stretch]], edge: int, known: int, look: Look) -> None:
    step = _DAY
    while begun and edge > known:
        start = max(known, edge - step)
        for point, found in look(list(begun), (start, edge)):
            # What the journal holds to be one outage is here already, up to its beginning.
            own, earliest = begun[point], _first(begun[point]).start
            older = [one for one in found if one.start < earliest]
            last_up = max((place for place, one in enumerate(older) if one.is_answer), default=-1)
            own += [replace(one, end=min(one.end, earliest)) for one in older[last_up + 1 :]]
            if last_up >= 0:
                del begun[point]
        edge, step = start, step * _FARTHER


def _look_ahead(lasting: dict[str, list[Stretch]], edge: int, known: int, look: Look) -> None:
    step = _DAY
    while lasting and edge < known:
        end = min(known, edge + step)
        for point, found in look(list(lasting), (edge, end)):
            own, latest = lasting[point], _last(lasting[point]).end
            for one in found:
                if one.end <= latest:
                    continue
                if one.is_answer:
                    # A moment of it says when the episode ended, and adds no time of another month.
                    own.append(replace(one, start=max(one.start, latest), end=max(one.start, latest)))
                    del lasting[point]
                    break
                own.append(replace(one, start=max(one.start, latest)))
        edge, step = end, step * _FARTHER
