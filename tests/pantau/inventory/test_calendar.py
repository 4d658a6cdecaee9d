"""When windows are open: against a second model that asks each quarter of an hour by itself."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pantau.inventory.calendar import Calendar, Occurrence, Week

WITA = timezone(timedelta(hours=8))
BEGIN = datetime(2024, 4, 1)  # noqa: DTZ001 - a local time; a Monday
QUARTER = timedelta(minutes=15)
SECOND = 1_000_000_000


def ns(local: datetime) -> int:
    """Unix nanoseconds of a time in WITA."""
    return int(local.replace(tzinfo=WITA).timestamp()) * SECOND


def span(start: str, end: str) -> Occurrence:
    """An occurrence by its local times."""
    return Occurrence(ns(datetime.fromisoformat(start)), ns(datetime.fromisoformat(end)))


quarters = st.integers(0, 95)
weeks = st.builds(
    lambda days, begin, length: Week(
        days,
        begin * 900,
        (begin + length) % 96 * 900 if length < 96 - begin else ((begin + length) % 96 * 900 or 86_400),
    ),
    st.frozensets(st.integers(0, 6), min_size=1),
    quarters,
    st.integers(1, 95),
)
calendars = st.builds(
    lambda start, length, week: Calendar(BEGIN + start * QUARTER, BEGIN + (start + length) * QUARTER, week, WITA),
    st.integers(0, 1000),
    st.integers(1, 2000),
    st.none() | weeks,
)


def is_open(calendar: Calendar, local: datetime) -> bool:
    """Whether the quarter of an hour that begins then lies in the window: the model."""
    if not calendar.start <= local < calendar.end:
        return False
    week = calendar.week
    if week is None:
        return True
    seconds = local.hour * 3600 + local.minute * 60
    if week.from_seconds < week.to_seconds:
        return local.weekday() in week.days and week.from_seconds <= seconds < week.to_seconds
    yesterday = (local - timedelta(days=1)).weekday()
    late = local.weekday() in week.days and seconds >= week.from_seconds
    return late or (yesterday in week.days and seconds < week.to_seconds)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(calendars, st.integers(-100, 3200))
def test_it_is_open_when_the_model_says_so(calendar: Calendar, at: int) -> None:
    """At any time: open now, or the next begins exactly where the model first says open."""
    local = BEGIN + at * QUARTER
    occurrence = calendar.occurrence(ns(local))
    if is_open(calendar, local):
        assert occurrence is not None
        assert occurrence.start_ns <= ns(local) < occurrence.end_ns
        return
    later = (local + n * QUARTER for n in range(1, 3200))
    first = next((time for time in later if is_open(calendar, time)), None)
    assert (None if occurrence is None else occurrence.start_ns) == (None if first is None else ns(first))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(calendars)
def test_changes_lead_from_one_occurrence_to_the_next(calendar: Calendar) -> None:
    """From boundary to boundary: the open time between them is the model's, to the quarter; the last is the last."""
    here: int | None = ns(BEGIN) - SECOND
    open_ns, occurrences = 0, []
    while here is not None:
        occurrence = calendar.occurrence(here)
        if occurrence is not None and occurrence.start_ns <= here:
            occurrences.append(occurrence)
            open_ns += occurrence.end_ns - occurrence.start_ns
        here = calendar.next_change_ns(here)
    expected = sum(is_open(calendar, BEGIN + n * QUARTER) for n in range(3200))
    assert open_ns == expected * 900 * SECOND
    assert calendar.last() == (occurrences[-1] if occurrences else None)


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    """Sunday 23:00 to 02:00 is Monday morning too, and not Sunday morning."""
    calendar = Calendar(BEGIN, BEGIN + timedelta(days=30), Week(frozenset({6}), 23 * 3600, 2 * 3600), WITA)
    assert calendar.occurrence(ns(BEGIN)) == span("2024-04-01 00:00", "2024-04-01 02:00")  # cut by the start
    assert calendar.occurrence(ns(BEGIN + timedelta(hours=2))) == span("2024-04-07 23:00", "2024-04-08 02:00")


def test_a_whole_day_is_24_hours() -> None:
    """From 00:00 to 24:00."""
    calendar = Calendar(BEGIN, BEGIN + timedelta(days=30), Week(frozenset({2}), 0, 86_400), WITA)
    assert calendar.occurrence(ns(BEGIN)) == span("2024-04-03 00:00", "2024-04-04 00:00")


@pytest.mark.parametrize(("day", "hours"), [("2024-03-31", 1), ("2024-10-27", 3), ("2024-05-01", 2)])
def test_clocks_that_are_moved(day: str, hours: int) -> None:
    """01:00 to 03:00 lasts an hour less or more on the days on which Berlin moves its clocks."""
    start = datetime.fromisoformat(day)
    calendar = Calendar(
        start, start + timedelta(days=1), Week(frozenset(range(7)), 3600, 3 * 3600), ZoneInfo("Europe/Berlin")
    )
    occurrence = calendar.occurrence(int(start.replace(tzinfo=UTC).timestamp() - 3600 * 3) * SECOND)
    assert occurrence is not None
    assert occurrence.end_ns - occurrence.start_ns == hours * 3600 * SECOND
