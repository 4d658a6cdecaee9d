"""Long tables as lines of equally wide signs: the time to set a page goes by its cells, and a contract has thousands.

Each function gives the text of one cell, or of one paragraph; columns are counted in signs.
"""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence

from pantau.reports.statement.audit_rows import UnacceptedRow
from pantau.reports.statement.rows import EventRow, QualityRow
from pantau.reports.words import Words
from pantau.texts import Formats, mark

WIDTH = 128
"""Signs of a line, on an upright page."""
CAUSE = 94
"""Where the cause begins in a line of table B: under its head."""
_HALF = WIDTH // 2
_NAME = 84
"""Where a point's name begins in the list of those that were never accepted."""


class OutageLines:
    """Table B: the outages of one point, each from a line of its own on; what its cause rests on is a number."""

    def __init__(
        self, formats: Formats, words: Words, number: Callable[[EventRow], int], entries: Callable[[Sequence[int]], str]
    ) -> None:
        self._formats = formats
        self._words = words
        self._number = number
        self._entries = entries

    def __call__(self, rows: Iterable[EventRow]) -> str:
        """All of them."""
        return "\n".join(line for row in rows for line in self._lines(row))

    def _lines(self, row: EventRow) -> Iterator[str]:
        told = [line for text in self._told(row) for line in textwrap.wrap(text, WIDTH - CAUSE)]
        yield f"{figures(row, self._formats, self._words.say(mark('lasts'))):{CAUSE - 1}} {told[0]}"
        yield from (f"{'':{CAUSE}}{line}" for line in told[1:])

    def _told(self, row: EventRow) -> Iterator[str]:
        """The cause, what clients got, who told of a restart, who else was hit, who decided it; of many entries all."""
        say = self._words.say
        yield f"{self._words['cause'](row.cause)} [{self._number(row)}]"
        if row.kind not in ("", "down"):
            yield self._words["state"](row.kind)
        if row.uptime_told_by:
            yield say(mark("restart or not: told by %(who)s")) % {"who": self._words.told_by(row.uptime_told_by)}
        if row.incident_points > 1:
            yield say(mark("with %(points)s points")) % {"points": row.incident_points}
        if row.decided_by:
            day = self._formats.day_of(row.decided_at or 0)
            said = {"person": row.decided_by, "day": day, "reason": row.decided_reason or "—"}
            told = say(mark("%(person)s, %(day)s: %(reason)s")) % said
            if row.proposed and row.proposed != row.cause:
                proposed = {"cause": self._words["cause"](row.proposed)}
                told += f" ({say(mark('the facts proposed %(cause)s')) % proposed})"
            yield told
        if len(row.entries) > 2:
            yield f"{say(mark('Journal'))}: {self._entries(row.entries)}"


def figures(row: EventRow, formats: Formats, lasts: str) -> str:
    """An outage's times and durations; of more than two entries of the journal the first, all stand with the cause."""
    ended = formats.short_time(row.end) if row.end is not None else lasts
    spans = (row.seconds, row.excluded_seconds, row.charged_seconds, row.repair_seconds)
    columns = [f"{formats.short_time(row.start):16}", f"{ended:14}", *(f"{formats.clock(span):>11}" for span in spans)]
    entries = ", ".join(map(str, row.entries)) if len(row.entries) < 3 else f"{row.entries[0]}, …"
    return "".join(columns) + (" ▲ " if row.over_limit_seconds else "   ") + entries


def quality_lines(rows: Sequence[QualityRow], formats: Formats, words: Words) -> str:
    """Part 10: questions, answers and loss of each point, in two halves of a line, the left one first."""
    heads = [words.say(head) for head in (mark("Questions"), mark("Answers"), mark("Loss"))]
    head = _quality(words.say(mark("Point")), *heads)
    told = [_quality(row.point, *_counts(row, formats)) for row in rows]
    half = -(-len(told) // 2)
    right = [head, *told[half:]] if len(told) > 1 else []
    pairs = [(left, right[place] if place < len(right) else "") for place, left in enumerate([head, *told[:half]])]
    return "\n".join(f"{left:{_HALF}}{other}".rstrip() for left, other in pairs)


def _counts(row: QualityRow, formats: Formats) -> tuple[str, str, str]:
    asked, answered = (formats.number(count) if row.requests else "—" for count in (row.requests, row.replies))
    return asked, answered, formats.ratio(row.loss)


def _quality(point: str, asked: str, answered: str, loss: str) -> str:
    return f"{point:24}{asked:>12}{answered:>12}{loss:>12}"


def unaccepted_lines(rows: Iterable[UnacceptedRow], names: dict[str, str], formats: Formats, words: Words) -> str:
    """Part 12: the points that are paid for without a recorded acceptance, and their last visit."""
    say = words.say
    heads = (mark("Point"), mark("Paid since"), mark("Fee of a month"), mark("Last visit"))
    point, since, fee, visit = map(say, heads)
    lines = [f"{point:24}{since:14}{fee:>16}  {visit}"]
    for row in rows:
        found = f"{formats.day(row.visited)}: {words['visit'](row.found)}" if row.visited else ""
        seen = found or f"✖ {say(mark('never visited'))}"
        paid = f"{row.point:24}{formats.day_of(row.start):14}{formats.rupiah(row.monthly_fee):>16}"
        first, *more = textwrap.wrap(names.get(row.point, ""), WIDTH - _NAME) or [""]
        lines.append(f"{paid}  {seen:{_NAME - 57}} {first}".rstrip())
        lines += [f"{'':{_NAME}}{line}" for line in more]
    return "\n".join(lines)
