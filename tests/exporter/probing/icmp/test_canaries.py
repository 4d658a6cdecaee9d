"""The canaries' probes: their slots, those that a verdict waits for, and names without an address."""

import numpy as np

from exporter.planning.plan import References
from exporter.probing.icmp.canaries import CanaryProbes
from exporter.probing.icmp.plan import IcmpPlan
from exporter.probing.outcome import REFERENCE_BASE, Int32
from exporter.verdicts.kind import JudgedKind
from pantau.clock import ManualClock
from tests.exporter.monitor.watched import plan_of
from tests.network import MS, SECOND

INTERVAL_NS = 400 * MS
"""A fifth of the timeout of 2 s."""


class Canaries:
    """Canaries a, at an address, and b, at a name that is not known; one of them must answer."""

    def __init__(self) -> None:
        references = References(("a", "b"), ("", ""), 1)
        (plan,) = plan_of({"h0": "10.77.0.1"}, canaries=("10.76.0.1", "a.example"), references=references).kinds
        assert isinstance(plan, IcmpPlan)
        self.clock = ManualClock()
        self.probes = CanaryProbes(plan, self.clock)
        self.probes.book.tried[:] = True
        self.judged = JudgedKind(plan, ["telkom"])

    def due(self, after_ns: int) -> Int32:
        """Let time pass; who is sent to now. What cannot be sent is heard at once."""
        self.clock.advance(after_ns)
        now_ns = self.clock.monotonic_ns()
        rows, unsent = self.probes.due(now_ns, now_ns, self.judged)
        if unsent is not None:
            self.judged.absorb(unsent, now_ns)
        return self.probes.leave(rows, self.judged).targets


def test_a_canary_without_an_address_is_lost_and_not_sent_to() -> None:
    """b is a name that could not be resolved: two slots later it is down, and a has had its probes."""
    canaries = Canaries()
    sent = np.concatenate([canaries.due(INTERVAL_NS) for _ in range(4)])
    a, b = canaries.judged.vouching.vantage.references
    assert set(sent.tolist()) == {REFERENCE_BASE}
    assert len(sent) == len(a.waiting) == 4
    assert (a.up, b.up) == (True, False)


def test_canaries_are_never_sent_to_twice_at_once() -> None:
    """However late we are, one slot each is served."""
    canaries = Canaries()
    assert len(canaries.due(100 * SECOND)) == 1
    assert len(canaries.judged.vouching.vantage.references[0].waiting) == 1
