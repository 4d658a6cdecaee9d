"""Durations: what they mean, what is refused and with which cure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pantau.inventory import format_duration, parse_duration

LONGEST_MILLISECONDS = 366 * 86_400_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10s", 10.0),
        ("500ms", 0.5),
        ("1m", 60.0),
        ("1h30m", 5400.0),
        ("1d", 86400.0),
        ("1.5s", 1.5),
        ("0.1s", 0.1),
        ("1d2h3m4s5ms", 93784.005),
        ("90m", 5400.0),
        ("366d", 31_622_400.0),
    ],
)
def test_what_durations_mean(text: str, seconds: float) -> None:
    """Each unit, decimals and sums, exactly."""
    assert parse_duration(text) == seconds


FORM = "write a number with ms, s, m, h or d, the greatest unit first, as in 10s, 500ms or 1h30m"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10", "'10' has no unit; write 10s"),
        ("0.25", "'0.25' has no unit; write 250ms"),
        ("", f"'' is not a duration; {FORM}"),
        ("10 s", f"'10 s' is not a duration; {FORM}"),
        ("-1s", f"'-1s' is not a duration; {FORM}"),
        ("1s1m", f"'1s1m' is not a duration; {FORM}"),
        ("10detik", f"'10detik' is not a duration; {FORM}"),
        ("10s\n", f"'10s\n' is not a duration; {FORM}"),
        ("٣s", f"'٣s' is not a duration; {FORM}"),
        ("0s", "'0s' is out of range; write more than 0 and at most 366d"),
        ("367d", "'367d' is out of range; write more than 0 and at most 366d"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    """A wrong duration names its cure."""
    with pytest.raises(ValueError, match=r".") as caught:
        parse_duration(text)
    assert str(caught.value) == message


@given(st.integers(1, LONGEST_MILLISECONDS))
def test_format_and_parse_are_inverse(milliseconds: int) -> None:
    """Every whole number of milliseconds survives being written and read."""
    assert parse_duration(format_duration(milliseconds / 1000)) == milliseconds / 1000


@given(st.text(max_size=20) | st.from_regex(r"[0-9.]{0,5}(d|h|m|s|ms)?[0-9.]{0,5}(d|h|m|s|ms)?", fullmatch=True))
def test_any_text_is_a_duration_or_a_value_error(text: str) -> None:
    """Nothing else is raised, and what is accepted lies within the limits."""
    try:
        seconds = parse_duration(text)
    except ValueError:
        return
    assert 0 < seconds <= LONGEST_MILLISECONDS / 1000
