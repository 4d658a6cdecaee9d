"""Rounds whose probes leave later than they were to."""

import numpy as np
import pytest

from exporter.planning.policy import RoundPolicy
from exporter.probing.outcome import NO_RTT, Observations, Outcome
from exporter.verdicts.rounds import Ending, Rounds
from tests.network import SECOND


@pytest.mark.parametrize(("outcome", "ending"), [(Outcome.TIMEOUT, Ending.LOST), (Outcome.REPLY, Ending.ANSWERED)])
def test_a_round_began_when_its_first_probe_left(outcome: Outcome, ending: Ending) -> None:
    """Planned for the first second, sent in the second and the third by a busy machine."""
    rounds, policy = Rounds(1), RoundPolicy(2, 0, SECOND)
    target = np.zeros(1, np.int32)
    rounds.begin(target, SECOND, policy)
    both = Observations(
        target.repeat(2),
        rounds.number[target].repeat(2),
        np.array([Outcome.TIMEOUT, outcome], np.int8),
        np.array([2 * SECOND, 3 * SECOND], np.int64),
        np.full(2, NO_RTT, np.int64),
    )
    ends, _ = rounds.absorb(both, np.ones(1, np.bool_), 5 * SECOND, policy)
    assert (ends.ending.tolist(), ends.first_ns.tolist()) == ([ending], [2 * SECOND])
