"""The vectorised machine agrees with the plain model in everything, over long random lives."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.planning.policy import Policy, QualityPolicy, RoundPolicy
from tests.exporter.verdicts.city import City
from tests.network import MS, SECOND

policies = st.builds(
    Policy,
    round=st.builds(
        RoundPolicy,
        packets=st.integers(1, 3),
        confirm_attempts=st.integers(0, 3),
        confirm_spacing_ns=st.sampled_from([1, 300 * MS, SECOND]),
    ),
    quality=st.builds(
        QualityPolicy,
        loss_ratio=st.sampled_from([0.0, 0.1, 0.3, 1.0]),
        rtt_ns=st.sampled_from([100 * MS, 500 * MS]),
        window=st.sampled_from([10, 16, 64]),
    ),
    recover_after=st.integers(1, 3),
)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(policies, st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 200))
def test_machine_and_model_agree(policy: Policy, seed: int, count: int, steps: int) -> None:
    """States, verdicts, back-dated transitions, re-probes, and every nanosecond in exactly one state."""
    city = City(policy, Random(seed), count)
    for _ in range(steps):
        city.step()
    city.settle()
    city.check_books()
