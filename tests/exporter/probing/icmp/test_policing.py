"""Signs of a policer: canaries that answer, and yet lose some."""

import numpy as np
import pytest

from exporter.probing.icmp.policing import PolicerWatch
from exporter.probing.outcome import NO_RTT, REFERENCE_BASE, Observations, Outcome
from tests.network import SECOND


def heard(*probes: tuple[int, Outcome], sent_ns: int = 0) -> Observations:
    """Probes that ended, by target; canaries from `REFERENCE_BASE` on."""
    count = len(probes)
    return Observations(
        np.array([target for target, _ in probes], np.int32),
        np.ones(count, np.int64),
        np.array([outcome for _, outcome in probes], np.int8),
        np.full(count, sent_ns, np.int64),
        np.full(count, NO_RTT, np.int64),
    )


def watch(isps: tuple[str, ...] = ("", ""), quorum: int = 1, signs: str = "", apart: float = 1.0) -> PolicerWatch:
    """After probes of canaries, so far apart: ``a.`` is answered, ``a!`` lost; one pair of letters each."""
    it, now_ns = PolicerWatch(isps, quorum), 100 * SECOND
    for letter, mark in zip(signs[::2], signs[1::2], strict=True):
        now_ns += round(apart * SECOND)
        it.sift(heard((REFERENCE_BASE + ord(letter) - 97, Outcome.REPLY if mark == "." else Outcome.TIMEOUT)), now_ns)
    return it


def policed(it: PolicerWatch, now_ns: int, sent_ns: int | None = None) -> bool:
    """Whether a hotspot's silence proves nothing."""
    lost = it.sift(heard((5, Outcome.TIMEOUT), sent_ns=now_ns - 2 * SECOND if sent_ns is None else sent_ns), now_ns)
    return bool(lost.outcome[0] == Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ("a.b.a!b!a.a!", True),  # three signs of two
        ("a.b.a!b!", False),  # a moment's blackout
        ("a.b.a!a!a!b!b!b!", False),  # a longer one: each lost its path once
        ("a.a!a.a!a.a!", False),  # one bad canary, and one that is fine
        ("b.a.a!a.a!a.a!b!", True),
        ("a!a!b.b!b.b!b.b!", False),  # one that is dead, and one that is bad: no quorum, but one path fault each
        ("", False),
    ],
)
def test_three_signs_of_so_many_that_no_quorum_is_left_make_silence_prove_nothing(signs: str, expected: bool) -> None:
    """A sign is a loss after an answer."""
    it = watch(signs=signs)
    assert policed(it, (100 + len(signs) // 2) * SECOND) is expected


def test_it_is_over_soon_after_the_last_sign() -> None:
    """Three seconds; what was under way until then proves nothing for as long as it is."""
    it = watch(signs="a.b.a!b!a.a!")
    assert policed(it, 108 * SECOND)
    assert policed(it, 110 * SECOND, sent_ns=107 * SECOND)
    assert not policed(it, 112 * SECOND, sent_ns=111 * SECOND)


def test_two_signs_within_four_seconds_are_a_suspicion() -> None:
    """Re-probes then leave more slowly; nothing is void by it."""
    it = watch(signs="a.b.a!b!")
    assert it.suspected(105 * SECOND)
    assert not it.suspected(110 * SECOND)


def test_answers_and_what_routers_say_are_believed_all_the_same() -> None:
    """Only silence is void, and only that of hotspots; it is counted."""
    it = watch(signs="a.b.a!b!a.a!")
    outcomes = [Outcome.REPLY, Outcome.UNREACHABLE_HOST, Outcome.SEND, Outcome.TIMEOUT, Outcome.TIMEOUT]
    results = it.sift(heard(*enumerate(outcomes), sent_ns=105 * SECOND), 107 * SECOND)
    assert results.outcome.tolist() == [*outcomes[:3], Outcome.INCONCLUSIVE, Outcome.INCONCLUSIVE]
    assert it.voided == 2


def test_the_canaries_of_an_isp_tell_of_its_path_alone() -> None:
    """And where there are none at all, nothing is ever a sign."""
    assert not policed(watch(isps=("telkom", "telkom"), signs="a.b.a!b!a.a!"), 106 * SECOND)
    assert not policed(watch(isps=()), 106 * SECOND)


def test_a_quorum_of_two_is_lost_by_one_of_two() -> None:
    """And of one by the only one."""
    assert policed(watch(quorum=2, signs="a.b.a!a.a!a.a!"), 108 * SECOND)
    assert policed(watch(isps=("",), signs="a.a!a.a!a.a!"), 106 * SECOND)
