"""Table A as two lines of equally wide signs a point: sixteen cells a point were a third of what a report takes.

The columns are counted in signs, and `COLUMNS` gives the heads of the table their places above them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pantau.reports.statement.rows import PointRow, Ratio
from pantau.reports.words import Words
from pantau.texts import Formats

COLUMNS = (12, 12, 10, 11, 10, 11, 10, 12, 11, 21, 13, 12, 12, 13)
"""From the days to what is payable."""
_STANDING = 9
"""Which of them says whether the SLA was met; it stands at the left of its column, all behind the days at the right."""
SIGN_MM = 1.3125
"""How wide a sign of 6.2pt is: 0.6 em."""


@dataclass(frozen=True, slots=True)
class PointText:
    """The figures of one line of table A, parted where the paper gives what it judges a colour."""

    before: str
    standing: str
    after: str


class PointLines:
    """From a row of table A to its two lines: the figures, and beneath them what they are off by, or made of."""

    def __init__(self, formats: Formats, words: Words, least_coverage: Mapping[int, Ratio | None]) -> None:
        self._f = formats
        self._words = words
        self._least_coverage = least_coverage

    def __call__(self, row: PointRow) -> PointText:
        """Of one point."""
        figures, beneath = self._figures(row), self._beneath(row)
        first = [_set(place, text) for place, text in enumerate(figures)]
        second = "".join(_set(place, text) for place, text in enumerate(beneath)).rstrip()
        before, after = "".join(first[:_STANDING]), "".join(first[_STANDING + 1 :])
        return PointText(f"{before}  ", first[_STANDING][2:], f"{after}\n{second}" if second else after)

    def _figures(self, row: PointRow) -> list[str]:
        f = self._f
        spans = (
            row.contract_seconds,
            row.excluded_seconds + row.charged_seconds,
            row.excluded_seconds,
            row.unobserved_seconds,
            row.charged_seconds,
            row.tolerated_seconds,
        )
        return [
            f.days(row.start, row.end),
            *map(f.clock, spans),
            f.decided(row.availability, row.objective),
            f.decided(row.coverage, self._least_coverage[row.version]),
            self._words["standing"](row.standing),
            *map(f.rupiah, (row.gross, row.restitution, row.held, row.payable)),
        ]

    def _beneath(self, row: PointRow) -> list[str]:
        """The error of what is charged and deducted, how many were short, the SLA, and the fee of a whole month."""
        f, found = self._f, [""] * len(COLUMNS)
        found[5] = f"± {f.clock(row.error_seconds)}" if row.error_seconds else ""
        found[6] = f"({row.short_outages + row.relapses}×)" + (" ▲" if row.unstable else "")
        found[_STANDING] = f.short_ratio(row.objective) if row.objective else ""
        found[10] = f"({f.rupiah(row.monthly_fee)})"
        found[11] = f"± {f.rupiah(row.error_rupiah)}" if row.error_rupiah else ""
        return found


def _set(place: int, text: str) -> str:
    """A text in its column, with one sign at least before it."""
    width = COLUMNS[place]
    if place == 0:
        return f"{text:{width}}"
    return f"  {text:{width - 2}}" if place == _STANDING else f" {text:>{width - 1}}"
