"""Journal and Prometheus side by side, hotspot by hotspot. See `counters` for how a counter's month is read.

What remains between the two is bounded: at each edge of the month one scrape interval and the seconds for which the
exporter waits before it books (`hotspot_state_seconds_total` is late, never wrong), and at a restart of the exporter
what the next one does not know of (`exporter.recording.scraped`): most often nothing, at worst what was counted after
the last scrape. With scrapes every 15 s and a restart each night that were 31 x 15 s and two edges, less than ten
minutes of a month: so much is tolerated. A share of the month alone would be no limit: 0.1 % are 44 minutes of one
point, half a day of R2 on a dear one; so 2600 s could be taken out of either witness and nobody asked.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from pantau.errors import WitnessError
from pantau.reports.accounting import OFFLINE, Condition, Span, Stretch
from pantau.reports.edition import Comparison, WitnessDecision, WitnessRow
from pantau.reports.statement.evidence import MAINTENANCE
from pantau.reports.statement.rows import Ratio
from pantau.reports.statement.survey import Survey
from pantau.reports.witness.counters import LOOKBACK_SECONDS, Gain, Reading, Unclear, add_up, settle
from pantau.reports.witness.prometheus import Server
from pantau.states import JUDGED, NOT_SERVING, matcher

TOLERANCE = Fraction(1, 1000)
"""Of the month's seconds: more is a disagreement whatever the settings say."""
TOLERANCE_SECONDS = 600
"""Of a point's month, unless the settings say otherwise: what scrapes and restarts explain."""
_STEPS = (3600, 300, 30, 3)
"""Seconds between readings: of the whole month, and closer and closer around what is unclear. Each divides the one
before; so few readings are asked for a restart, which all hotspots share, that a restart each night is bearable."""
_TOGETHER = 100
"""So many hotspots are asked for in one question: 75,000 values of a month, some 3 MB."""
_MOST_QUESTIONS = 4000
"""An exporter that begins anew all the time would have us ask for ever."""
_DOWN, _SEEN, _ALL = (f'state=~"{states}"' for states in (matcher(NOT_SERVING), matcher(JUDGED), ".+"))
_SPLIT_AFTER = 2


def compare(
    server_url: str,
    survey: Survey,
    reasons: Mapping[str, WitnessDecision],
    now: Callable[[], float] = time.time,
    tolerance_seconds: int = TOLERANCE_SECONDS,
) -> Comparison:
    """What both say of every point of the survey's month; of one that is not over, up to now.

    `reasons` says of a point why the two may differ (`reasons_of`). Raises `WitnessError`, one sentence with its cure,
    where the server cannot be asked, answers wrongly or in part, or knows none of these points.
    """
    start, end = survey.month.span(survey.zone)
    asked_at = int(now())
    if asked_at <= start:
        raise WitnessError(f"{survey.month} has not begun: no witness can say anything about it")
    points = list(survey.stretches)
    with Server(server_url) as server:
        gains = _Counters(server).gains(points, (start, min(end, asked_at)))
        if points and not gains:
            raise WitnessError(
                f"{server.name} has no hotspot_state_seconds_total of any hotspot of {survey.month}; is it the"
                " Prometheus that scrapes this exporter, and does it keep that month?"
            )
        tolerance = min(TOLERANCE, Fraction(tolerance_seconds, end - start))
        rows = tuple(_row(point, survey, gains.get(point), reasons.get(point), tolerance) for point in points)
        return Comparison(server.name, asked_at, _ratio(tolerance), rows, int(tolerance * (end - start)))


def seconds_of(stretches: Iterable[Stretch], span: Span) -> tuple[int, int]:
    """Seconds without service, and seconds seen, of one point by the journal, as the exporter's counters count them.

    As measured, whatever people decided: an outage that is excused was one all the same, and is compared.
    They count maintenance as a state of its own, so what lies under a window is in neither; and an answer within an
    outage as down, for it does not end it. What was told late they have counted as unknown, and never otherwise: it is
    in neither, and both agree beside it.
    """
    down = seen = 0
    for stretch in stretches:
        length = min(stretch.end, span[1]) - max(stretch.start, span[0])
        hidden = stretch.reason == MAINTENANCE or stretch.amended
        if length > 0 and stretch.condition is not Condition.UNSEEN and not hidden:
            seen += length
            down += length * (stretch.condition in OFFLINE or stretch.within)
    return down, seen


def _row(
    point: str, survey: Survey, gain: Gain | None, said: WitnessDecision | None, tolerance: Fraction
) -> WitnessRow:
    span = survey.month.span(survey.zone)
    told = f"{said.text} ({said.person}, #{said.entry})" if said else ""
    down, seen = seconds_of(survey.stretches[point], span)
    if gain is None:
        return WitnessRow(point, down, seen, None, None, None, agrees=seen == 0, reason=told, decision=said)
    theirs = round(gain.down), round(gain.seen)
    difference = Fraction(max(abs(down - theirs[0]), abs(seen - theirs[1])), span[1] - span[0])
    agrees = difference <= tolerance
    return WitnessRow(point, down, seen, *theirs, _ratio(difference), agrees=agrees, reason=told, decision=said)


def _ratio(value: Fraction) -> Ratio:
    ratio = Ratio.of(value)
    assert ratio is not None  # noqa: S101 - only None gives None
    return ratio


class _Counters:
    """The counters of one server, read for many points."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._questions = 0

    def gains(self, points: Sequence[str], span: Span) -> dict[str, Gain]:
        """What each point's counters gained over `span`; a point of which nothing is known is absent."""
        gains: defaultdict[str, Gain] = defaultdict(Gain)
        unclear = {Unclear(*span, opens=True, closes=True): list(points)}
        for step, closest in ((step, step == _STEPS[-1]) for step in _STEPS):
            further: defaultdict[Unclear, list[str]] = defaultdict(list)
            for part, concerned in unclear.items():
                for point, readings in self._readings(concerned, part, step):
                    gain = gains[point]
                    if closest:
                        settle(readings, part, gain)
                    else:
                        for left in add_up(readings, part, gain):
                            further[left].append(point)
            unclear = further
        return dict(gains)

    def _readings(self, points: Sequence[str], part: Unclear, step: int) -> Iterator[tuple[str, list[Reading]]]:
        """The readings of those points that have any, `step` seconds apart."""
        for first in range(0, len(points), _TOGETHER):
            chosen = points[first : first + _TOGETHER]
            found: defaultdict[str, list[Reading]] = defaultdict(list)
            for start, end in _pieces(part, step):
                for point, readings in self._asked(chosen, start, end, step):
                    found[point] += readings
            yield from found.items()

    def _asked(self, points: Sequence[str], start: int, end: int, step: int) -> Iterator[tuple[str, list[Reading]]]:
        self._questions += 1
        if self._questions > _MOST_QUESTIONS:
            raise WitnessError(
                f"{self._server.name} shows counters that begin anew too often to be added up; look why the exporter"
                " restarts, and give the reason with `pantau report reason`"
            )
        down, seen, watched = (
            self._server.over(_expression(points, states), start, end, step) for states in (_DOWN, _SEEN, _ALL)
        )
        for point in points:
            if point in down and point in seen and point in watched:
                own = down[point], seen[point], watched[point]
                times = sorted(own[0].keys() & own[1].keys() & own[2].keys())
                if times:
                    yield point, [Reading(at, *(values[at] for values in own)) for at in times]


def _expression(points: Sequence[str], states: str) -> str:
    """Counters of these points, added up over states.

    `max`, for a hotspot that changes its labels (it moves to another ISP) is there twice for some minutes, and its
    counters go on; `last_over_time`, for servers differ in how long a value holds without it.
    """
    ids = "|".join(point.replace(".", "[.]") for point in points)
    counters = f'hotspot_state_seconds_total{{hotspot=~"{ids}",{states}}}'
    return f"sum by (hotspot) (max by (hotspot, state) (last_over_time({counters}[{LOOKBACK_SECONDS}s])))"


def _pieces(part: Unclear, step: int) -> Iterator[Span]:
    """Where to ask: the whole of a part, or of a long one that is known to be empty within, both ends."""
    coarser = next((before for before, after in pairwise(_STEPS) if after == step), None)
    if coarser is None or part.end - part.start <= _SPLIT_AFTER * coarser:
        yield part.start, part.end
        return
    if not part.opens:
        yield part.start, part.start + coarser
    if not part.closes:
        yield part.end - coarser, part.end
