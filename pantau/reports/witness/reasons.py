"""The reasons that people recorded for what the two witnesses say differently."""

from pantau.journal import Reader
from pantau.reports.statement import Survey

_NS = 1_000_000_000


def reasons_of(reader: Reader, survey: Survey) -> dict[str, str]:
    """Of each point with a reason that holds for this month: who gave it, and what it is."""
    start, _ = survey.month.span(survey.zone)
    last = {reason.hotspot: reason for reason in reader.reasons(start * _NS)}
    return {
        point: f"{reason.text} ({reason.person}, #{reason.number})"
        for point, reason in last.items()
        if not reason.withdrawn
    }
