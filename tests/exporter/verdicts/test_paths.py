"""Our own path and those to the ISPs: whose fault it is that canaries are silent."""

import numpy as np
import pytest

from exporter.verdicts.paths import OWN, PathChange, Paths
from exporter.verdicts.references import Reference


def lose(canary: Reference, *sent_ns: int) -> None:
    """These probes of a canary are lost."""
    for at in sent_ns:
        canary.leave(at)
        canary.end(at, answered=False)


def answer(canary: Reference, sent_ns: int) -> None:
    """This one is answered."""
    canary.leave(sent_ns)
    canary.end(sent_ns, answered=True)


def paths() -> Paths:
    """A gateway of ours, two references in Telkom's network and one in Icon's."""
    return Paths(["t1", "gateway", "i1", "t2"], ["telkom", "", "icon", "telkom"], 1)


def test_each_isp_with_canaries_has_a_path() -> None:
    """In the order in which they are named; another ISP is seen over our own path alone."""
    subject = paths()
    assert subject.isps == ("telkom", "icon")
    assert [subject.number(isp) for isp in ("telkom", "icon", "biznet", "")] == [1, 2, OWN, OWN]
    assert [canary.name for canary in subject.references] == ["t1", "gateway", "i1", "t2"]
    assert [canary.name for canary in subject.vantage.references] == ["gateway"]


def test_an_isp_s_path_fails_when_none_of_its_canaries_answers_and_ours_does() -> None:
    """From the first probe that both had lost; the others see as before."""
    subject = paths()
    t1, gateway, i1, t2 = subject.references
    lose(t1, 100, 200)
    answer(gateway, 300)
    answer(i1, 300)
    assert subject.update(310) == []
    lose(t2, 150, 250)
    assert subject.update(320) == [PathChange(1, "telkom", up=False, at_ns=150)]
    assert subject.up().tolist() == [True, False, True]
    assert subject.decided_until_ns(400).tolist() == [300, 400, 300]
    answer(t2, 330)
    assert subject.update(340) == [PathChange(1, "telkom", up=True, at_ns=340)]
    assert subject.fault_ended_ns().tolist() == [-1, 340, -1]
    assert subject.vouched_until_ns(350).tolist() == [300, 300, 300]


def test_it_waits_until_our_own_path_is_proved() -> None:
    """A general canary must have answered a probe that left with the first lost one or later."""
    subject = paths()
    lose(subject.references[2], 100, 200)
    answer(subject.vantage.references[0], 99)
    assert subject.update(210) == []
    answer(subject.vantage.references[0], 100)
    assert subject.update(220) == [PathChange(2, "icon", up=False, at_ns=100)]


def test_our_own_cut_is_not_the_isps_fault() -> None:
    """All canaries fall silent: our path fails alone, and what was lost in it is forgotten when it comes back."""
    subject = paths()
    for canary in subject.references:
        lose(canary, 100, 200)
    assert subject.update(210) == [PathChange(OWN, "", up=False, at_ns=100)]
    assert subject.up().tolist() == [False, False, False]
    for canary in subject.references:
        lose(canary, 300, 400)
    answer(subject.vantage.references[0], 500)
    assert subject.update(510) == [PathChange(OWN, "", up=True, at_ns=510)]
    assert subject.update(520) == []
    assert subject.up().tolist() == [True, True, True]
    assert subject.fault_ended_ns().tolist() == [510, 510, 510]


def test_a_path_that_had_failed_before_our_own_stays_failed_after_it() -> None:
    """Until one of its own canaries answers."""
    subject = paths()
    gateway, i1 = subject.references[1], subject.references[2]
    answer(gateway, 100)
    lose(i1, 100, 200)
    subject.update(210)
    lose(gateway, 300, 400)
    subject.update(410)
    answer(gateway, 500)
    assert subject.update(510) == [PathChange(OWN, "", up=True, at_ns=510)]
    assert subject.up().tolist() == [True, True, False]
    answer(i1, 600)
    assert subject.update(610) == [PathChange(2, "icon", up=True, at_ns=610)]


def test_other_canaries_begin_well_and_what_left_in_a_fault_says_nothing() -> None:
    """After a reload: the faults under way are over, by our leave, not by theirs."""
    old = paths()
    answer(old.references[1], 100)
    lose(old.references[2], 100, 200)
    old.update(210)
    new = Paths(["gateway", "i9"], ["", "icon"], 1)
    assert new.take_over(old, 300) == [PathChange(2, "icon", up=True, at_ns=300)]
    assert (new.up().tolist(), new.fault_ended_ns().tolist()) == ([True, True], [-1, 300])


@pytest.mark.parametrize("now_ns", [5, 500])
def test_without_canaries_everything_is_seen(now_ns: int) -> None:
    """Nothing tells otherwise."""
    subject = Paths([], [], 1)
    assert subject.update(now_ns) == []
    assert (subject.up().tolist(), subject.vouched_until_ns(now_ns).tolist()) == ([True], [now_ns])
    assert np.array_equal(subject.decided_until_ns(now_ns), [now_ns])
