"""Table F: point by day, how much of the observed time it answered."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from pantau.reports.accounting import Account, Spans


def permille_by_day(accounts: Iterable[Account], edges: Sequence[int]) -> tuple[int | None, ...]:
    """For each day between two `edges` the share 0 to 1000, rounded down; `None` where nothing was observed."""
    observed, down = [0] * (len(edges) - 1), [0] * (len(edges) - 1)
    for account in accounts:
        _book(account.segment.counted - account.unseen, edges, observed)
        for share in account.shares:
            _book(share.down, edges, down)
    return tuple(1000 * (all_ - dark) // all_ if all_ else None for all_, dark in zip(observed, down, strict=True))


def _book(spans: Spans, edges: Sequence[int], days: list[int]) -> None:
    for start, end in spans:
        day = bisect_right(edges, start) - 1
        while start < end:
            until = min(end, edges[day + 1])
            days[day] += until - start
            start, day = until, day + 1
