"""Hours of whatever may happen to a spool's bytes: what is read was given, in its order, and the rest is set aside."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pantau.journal import Kind
from pantau.journal.spool import Spool
from tests.pantau.journal.spooling import EVENTS, added, lines_of, seen

BYTES = st.lists(
    st.tuples(st.integers(0, 2000), st.integers(0, 400), st.binary(max_size=30) | st.sampled_from([b"\n", b"\0" * 99])),
    min_size=1,
    max_size=4,
)


def _tried(damage: list[tuple[int, int, bytes]], order: list[int] | None, folder: Path) -> None:
    for old in folder.iterdir():
        old.unlink()
    file = folder / "spool.jsonl"
    added(file, EVENTS)
    lines = lines_of(file)
    content = b"".join(lines if order is None else [lines[place] for place in order])
    for place, length, piece in damage:
        begin = place % (len(content) + 1)
        content = content[:begin] + piece + content[begin + length :]
    file.write_bytes(content)
    read = [event for event in seen(file) if event.kind is not Kind.LOSS]
    whole = content.split(b"\n")[:-1]
    there = [EVENTS[place] for place, line in enumerate(lines) if line[:-1] in whole]
    assert read == [event for event in EVENTS if event in read]
    assert all(event in there for event in read)
    if order is None:
        assert read == there
    kept = file.read_bytes()
    aside = b"".join(one.read_bytes() for one in folder.glob("*.damaged-*"))
    assert len(kept) + len(aside) == len(content)
    spool = Spool(file)
    assert spool.count == len(read)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=BYTES)
def test_whatever_is_done_to_its_bytes(damage: list[tuple[int, int, bytes]], tmp_path: Path) -> None:
    """Cut, overwritten, filled with anything: the lines that are whole are read, and not a byte is thrown away."""
    _tried(damage, None, tmp_path)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 4), max_size=8))
def test_whatever_is_done_to_its_lines(order: list[int], tmp_path: Path) -> None:
    """Left out, doubled, put elsewhere: what is read is in the order in which it was given, each once."""
    _tried([], order, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(deadline=None, max_examples=20_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=BYTES | st.just([]), order=st.none() | st.lists(st.integers(0, 4), max_size=8))
def test_both_for_hours(damage: list[tuple[int, int, bytes]], order: list[int] | None, tmp_path: Path) -> None:
    """At once."""
    _tried(damage, order, tmp_path)
