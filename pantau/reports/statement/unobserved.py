"""Table D: unobserved time by reason. Many points that one fault hid are one row."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pantau.reports.accounting import Account, Condition, Span, Spans, Stretch
from pantau.reports.statement.rows import UnobservedRow

NO_DATA = "no_data"
"""Nothing was noted at all."""

_Piece = tuple[int, int, str, tuple[int, ...]]


def unobserved_rows(parts: Iterable[tuple[Account, Sequence[Stretch]]]) -> list[UnobservedRow]:
    """The rows of all lines; their point-seconds add up to the unobserved seconds of table A."""
    by_reason: defaultdict[str, list[_Piece]] = defaultdict(list)
    for account, stretches in parts:
        for reason, span, entries in _reasons(account, stretches):
            by_reason[reason].append((*span, account.segment.point, entries))
    rows = [row for reason, pieces in by_reason.items() for row in _merged(reason, pieces)]
    return sorted(rows, key=lambda row: (row.start, row.reason))


def _reasons(account: Account, stretches: Sequence[Stretch]) -> Iterator[tuple[str, Span, tuple[int, ...]]]:
    """Each unseen second of an account under one reason."""
    rest = account.unseen
    if not rest:
        return
    noted: list[Span] = []
    for stretch in sorted(stretches, key=lambda one: one.start):
        if stretch.condition is Condition.UNSEEN:
            hidden = Spans.of([(stretch.start, stretch.end)]) & rest
            noted += hidden
            for span in hidden:
                yield stretch.reason or NO_DATA, span, stretch.entries
    for span in rest - Spans.of(noted):
        yield NO_DATA, span, ()


def _merged(reason: str, pieces: Sequence[_Piece]) -> Iterator[UnobservedRow]:
    """Pieces that touch each other, of whatever points, as one row."""
    whole = Spans.of((start, end) for start, end, _, _ in pieces)
    starts = [start for start, _ in whole]
    groups: list[list[_Piece]] = [[] for _ in starts]
    for piece in pieces:
        groups[bisect_right(starts, piece[0]) - 1].append(piece)
    for (start, end), group in zip(whole, groups, strict=True):
        yield UnobservedRow(
            start=start,
            end=end,
            reason=reason,
            points=len({point for _, _, point, _ in group}),
            point_seconds=sum(upto - since for since, upto, _, _ in group),
            entries=tuple(sorted({entry for *_, entries in group for entry in entries})),
        )
