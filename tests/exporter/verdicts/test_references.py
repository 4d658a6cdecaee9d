"""Canaries and their quorum: when a fault of ours begins and ends, and up to when our path is vouched for."""

import pytest

from exporter.verdicts.references import Reference, ReferenceQuorum
from exporter.verdicts.rounds import FAR_FUTURE


def lose(canary: Reference, *sent_ns: int) -> None:
    """Probes leave and are lost, one after the other."""
    for at_ns in sent_ns:
        canary.leave(at_ns)
        canary.end(at_ns, answered=False)


def answer(canary: Reference, *sent_ns: int) -> None:
    """Probes leave and are answered."""
    for at_ns in sent_ns:
        canary.leave(at_ns)
        canary.end(at_ns, answered=True)


def test_a_canary_starts_innocent_and_proves_nothing() -> None:
    """No fault, no doubt, and no voucher either."""
    canary = Reference("a")
    assert (canary.up, canary.doubt_ns, canary.answered_ns) == (True, FAR_FUTURE, -1)


def test_losses_with_an_answer_between_them_are_not_in_a_row() -> None:
    """However many there are."""
    canary = Reference("a")
    for start_ns in range(0, 100, 2):
        lose(canary, start_ns)
        answer(canary, start_ns + 1)
    assert (canary.up, canary.losses) == (True, 0)


def test_a_probe_in_flight_is_a_doubt_and_its_answer_a_voucher() -> None:
    """Both as of the time when it left."""
    canary = Reference("a")
    canary.leave(10)
    canary.leave(20)
    assert canary.doubt_ns == 10
    canary.end(10, answered=True)
    assert (canary.doubt_ns, canary.answered_ns) == (20, 10)


def test_an_answer_settles_what_left_before_it() -> None:
    """Two probes of a cut that has ended, noticed as lost only after the answer to a third, are no new fault."""
    canary = Reference("a")
    for at_ns in (10, 20, 30):
        canary.leave(at_ns)
    canary.end(30, answered=True)
    canary.end(10, answered=False)
    canary.end(20, answered=False)
    assert (canary.up, canary.losses, canary.doubt_ns, canary.answered_ns) == (True, 0, FAR_FUTURE, 30)


def test_an_answer_does_not_settle_what_left_after_it() -> None:
    """Those still tell."""
    canary = Reference("a")
    for at_ns in (10, 20, 30):
        canary.leave(at_ns)
    canary.end(10, answered=True)
    canary.end(20, answered=False)
    canary.end(30, answered=False)
    assert (canary.up, canary.doubt_ns) == (False, 20)


def test_the_doubt_is_the_first_loss_whatever_the_order_in_which_losses_are_noticed() -> None:
    """A late notice does not move the beginning."""
    canary = Reference("a")
    canary.leave(10)
    canary.leave(20)
    canary.end(20, answered=False)
    canary.end(10, answered=False)
    assert canary.doubt_ns == 10


@pytest.mark.parametrize("answered", [True, False])
def test_the_end_of_a_probe_that_never_left_is_no_news(answered: bool) -> None:
    """It is of the canaries before a reload, or it has ended already."""
    canary = Reference("a")
    canary.end(10, answered=answered)
    assert canary == Reference("a")


@pytest.mark.parametrize(
    ("count", "quorum", "fail_at"), [(1, 1, 1), (2, 1, 2), (2, 2, 1), (3, 1, 3), (3, 2, 2), (3, 3, 1), (5, 3, 3)]
)
def test_a_fault_begins_when_too_few_are_left_for_the_quorum(count: int, quorum: int, fail_at: int) -> None:
    """At the canary that breaks it, from its first lost probe on; and ends with the first that restores it."""
    vantage = ReferenceQuorum([f"c{row}" for row in range(count)], quorum)
    for row in range(count):
        lose(vantage.references[row], 100 + row, 200 + row)
        assert vantage.update(300 + row) is (row + 1 == fail_at)
    assert (vantage.up, vantage.fault_since_ns) == (False, 100 + fail_at - 1)
    for row in range(quorum):
        assert not vantage.up
        answer(vantage.references[row], 400 + row)
        assert vantage.update(500 + row) is (row + 1 == quorum)
    assert (vantage.up, vantage.fault_since_ns, vantage.fault_ended_ns) == (True, None, 500 + quorum - 1)


def test_the_quorum_is_never_more_than_there_are() -> None:
    """One canary and a quorum of two: that one decides."""
    vantage = ReferenceQuorum(["a"], 2)
    lose(vantage.references[0], 1, 2)
    assert vantage.update(3)
    answer(vantage.references[0], 4)
    assert vantage.update(5)


@pytest.mark.parametrize(("quorum", "expected"), [(1, 30), (2, 20), (3, 10)])
def test_the_quorum_s_last_member_says_up_to_when_we_are_vouched_for(quorum: int, expected: int) -> None:
    """Of answers to probes of 10, 20 and 30."""
    vantage = ReferenceQuorum(["a", "b", "c"], quorum)
    for canary, at_ns in zip(vantage.references, (20, 30, 10), strict=True):
        answer(canary, at_ns)
    assert vantage.vouched_until_ns(99) == vantage.decided_until_ns(99) == expected


def test_a_loss_takes_no_voucher_back() -> None:
    """What was proved stays proved, in the fault too."""
    vantage = ReferenceQuorum(["a"], 1)
    answer(vantage.references[0], 10)
    lose(vantage.references[0], 20, 30)
    vantage.update(40)
    assert vantage.vouched_until_ns(99) == 10


def test_in_a_fault_all_time_is_decided() -> None:
    """We know that we cannot see."""
    vantage = ReferenceQuorum(["a"], 1)
    lose(vantage.references[0], 20, 30)
    vantage.update(40)
    assert vantage.decided_until_ns(99) == 99


def test_without_canaries_all_time_is_decided_and_vouched_for() -> None:
    """Nothing tells otherwise."""
    vantage = ReferenceQuorum([], 0)
    assert (vantage.vouched_until_ns(99), vantage.decided_until_ns(99), vantage.update(99)) == (99, 99, False)
