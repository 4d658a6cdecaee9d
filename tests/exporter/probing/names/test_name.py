"""Properties of what is known of a name, over any story of answers."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.probing.addresses import Family
from exporter.probing.names.name import (
    FIRST_RETRY_SECONDS,
    FIRST_SILENT_SECONDS,
    MAX_RETRY_SECONDS,
    MAX_SILENT_SECONDS,
    MAX_TTL_SECONDS,
    MIN_TTL_SECONDS,
    Name,
)
from exporter.probing.names.reach import ANYWHERE
from exporter.probing.names.resolver import Absent, Answer, Failed, Found
from pantau.clock import NANOSECONDS
from pantau.inventory.addresses import IpAddress

FOUR = [IPv4Address(f"10.1.1.{n}") for n in range(1, 6)]
SIX = [IPv6Address(f"2001:db8::{n}") for n in range(1, 6)]
NOWHERE: list[IpAddress] = [IPv4Address(0), IPv4Address("127.0.0.1"), IPv6Address(0), IPv6Address("fe80::1")]
ttls = st.floats(0, 1e9)


def found(pool: Sequence[IpAddress]) -> st.SearchStrategy[Answer]:
    """A set of some of the pool, perhaps with addresses where nobody can be."""
    addresses = st.lists(st.sampled_from([*pool, *NOWHERE]), min_size=1, max_size=6)
    return st.builds(Found, addresses.map(tuple), ttls)


absent = st.builds(Absent, st.just("none"), st.booleans())
failed = st.builds(Failed, st.sampled_from(["SERVFAIL", "REFUSED", "silent"]), st.booleans())
stories = st.lists(st.tuples(absent | failed | found(FOUR), absent | failed | found(SIX)), min_size=1, max_size=20)


def look_up(name: Name, answers: dict[Family, Answer], now_ns: int, *, all_wanted: bool = False) -> list[Family]:
    """A look-up as `Lookups` makes it; which families were asked for."""
    brought: dict[Family, Answer] = {}
    while (family := name.next_family(brought, all_wanted=all_wanted)) is not None:
        brought[family] = answers[family]
    name.hear(brought, now_ns, ANYWHERE.objection)
    return list(brought)


@given(stories, st.booleans())
def test_a_failure_keeps_what_was_known(story: list[tuple[Answer, Answer]], all_wanted: bool) -> None:
    """Of each family only an answer, or an absence told twice, changes anything; nobody can be at what is known."""
    name, absences = Name(), {4: 0, 6: 0}
    for step, (four, six) in enumerate(story):
        before = {version: [it for it in name.addresses if it.version == version] for version in (4, 6)}
        answers: dict[Family, Answer] = {4: four, 6: six}
        asked = look_up(name, answers, step * NANOSECONDS, all_wanted=all_wanted)
        whole = next((it for family in asked if isinstance(it := answers[family], Absent) and it.whole_name), None)
        assert not {*name.addresses} & {*NOWHERE}
        for family in (4, 6):
            told = answers[family] if family in asked else whole
            now = [it for it in name.addresses if it.version == family]
            if isinstance(told, Found) and {*told.addresses} - {*NOWHERE}:
                absences[family] = 0
                assert now == sorted({*told.addresses} - {*NOWHERE})
            elif isinstance(told, Absent):
                absences[family] += 1
                assert now == (before[family] if absences[family] < 2 else [])
            else:
                assert now == before[family]


@given(stories)
def test_it_is_looked_up_again_within_limits(story: list[tuple[Answer, Answer]]) -> None:
    """Never sooner than after 5 s and never later than after an hour; within a minute where something went wrong."""
    name, now_ns = Name(), 0
    for four, six in story:
        look_up(name, {4: four, 6: six}, now_ns)
        wait_seconds = (name.due_ns - now_ns) / NANOSECONDS
        assert FIRST_RETRY_SECONDS <= wait_seconds <= MAX_TTL_SECONDS
        if name.problem is not None:
            assert wait_seconds <= MAX_RETRY_SECONDS
        else:
            assert wait_seconds >= MIN_TTL_SECONDS
        now_ns = name.due_ns


@given(st.lists(st.booleans(), max_size=40))
def test_a_name_in_silence_is_looked_up_at_least_each_five_minutes(silent: list[bool]) -> None:
    """And never more often than each 30 s, however many probes are lost and answered."""
    name, now_ns = Name(), 0
    answers: dict[Family, Answer] = {4: Found((FOUR[0],), 1e9), 6: Absent("none")}
    look_up(name, answers, now_ns, all_wanted=True)
    last_ns = now_ns
    for is_silent in silent:
        now_ns += 10 * NANOSECONDS
        if is_silent:
            name.silent(now_ns)
            assert name.due_ns <= max(now_ns, last_ns + round(MAX_SILENT_SECONDS * NANOSECONDS))
        else:
            name.answered()
        if name.due_ns <= now_ns:
            assert now_ns - last_ns >= FIRST_SILENT_SECONDS * NANOSECONDS
            look_up(name, answers, now_ns)
            last_ns = now_ns


@pytest.mark.parametrize(
    ("four", "asked"),
    [
        (Found((FOUR[0],), 60), [4]),
        (Absent("no A"), [4, 6]),
        (Absent("no such name", whole_name=True), [4]),
        (Failed("SERVFAIL", heard=True), [4, 6]),
        (Failed("silent"), [4]),
    ],
)
def test_which_families_are_asked_for(four: Answer, asked: list[Family]) -> None:
    """The second where the first has none; not where the name does not exist, or nobody answers anyway."""
    assert look_up(Name(), {4: four, 6: Found((SIX[0],), 60)}, 0) == asked


@pytest.mark.parametrize(("families", "used"), [((4,), FOUR[0]), ((6,), SIX[0]), ((6, 4), SIX[0]), ((4, 6), FOUR[0])])
def test_families_may_be_restricted_and_preferred(families: tuple[Family, ...], used: IpAddress) -> None:
    """As `probing.family` will have it."""
    name = Name(families)
    look_up(name, {4: Found((FOUR[0],), 60), 6: Found((SIX[0],), 60)}, 0, all_wanted=True)
    assert name.addresses[0] == used
    assert {address.version for address in name.addresses} == {*families}
