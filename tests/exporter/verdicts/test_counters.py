"""What is counted of each hotspot's probes."""

import numpy as np

from exporter.probing.outcome import NO_RTT, Observations, Outcome
from exporter.verdicts.counters import ProbeCounters

MS = 1_000_000


def _results(*rows: tuple[int, Outcome, int, int]) -> Observations:
    """Rows of (target, outcome, sent_ns, rtt_ns)."""
    target, outcome, sent, rtt = zip(*rows, strict=True)
    return Observations(
        np.array(target, np.int32),
        np.ones(len(rows), np.int64),
        np.array(outcome, np.int8),
        np.array(sent, np.int64),
        np.array(rtt, np.int64),
    )


def test_conclusive_ends_are_requests_and_only_replies_are_replies() -> None:
    """A timeout and an ICMP error are requests; a refused send, a missing name and blindness are not."""
    counters = ProbeCounters(2)
    counters.record(
        _results(
            (0, Outcome.REPLY, 5, 3 * MS),
            (0, Outcome.TIMEOUT, 6, NO_RTT),
            (0, Outcome.PROHIBITED, 7, NO_RTT),
            (1, Outcome.SEND, 5, NO_RTT),
            (1, Outcome.RESOLVE, 5, NO_RTT),
            (1, Outcome.INCONCLUSIVE, 5, NO_RTT),
        )
    )
    assert counters.requests.tolist() == [3, 0]
    assert counters.replies.tolist() == [1, 0]
    assert counters.failures.tolist() == [[1, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 1, 1]]


def test_the_histogram_has_its_bounds_inclusive() -> None:
    """1 ms falls into the bucket le=0.001, a nanosecond more into the next, 3 s beyond the last."""
    counters = ProbeCounters(1)
    counters.record(_results(*((0, Outcome.REPLY, 1, rtt) for rtt in (MS, MS + 1, 2000 * MS, 3000 * MS))))
    assert counters.rtt_buckets[0].tolist() == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    assert counters.rtt_sum_ns[0] == 5002 * MS + 1


def test_a_reply_without_an_rtt_is_a_reply_in_no_bucket() -> None:
    """Its two stamps could not be compared."""
    counters = ProbeCounters(1)
    counters.record(_results((0, Outcome.REPLY, 9, NO_RTT)))
    assert counters.replies[0] == 1
    assert counters.rtt_buckets.sum() == counters.rtt_sum_ns[0] == 0
    assert counters.last_reply_ns[0] == 9


def test_the_last_reply_is_the_latest_whatever_the_order() -> None:
    """And -1 before there was one."""
    counters = ProbeCounters(2)
    counters.record(_results((0, Outcome.REPLY, 90, MS), (0, Outcome.REPLY, 40, MS)))
    assert counters.last_reply_ns.tolist() == [90, -1]
