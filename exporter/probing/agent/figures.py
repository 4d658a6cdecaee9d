"""What agents say, as arrays by the rows of a plan: counts and times, and nothing of anybody."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exporter.probing.agent.beats import HeardAgent
from pantau.clock import NANOSECONDS


class AgentColumns(NamedTuple):
    """One row each; nan where an agent does not say it, or is no agent of ours. Times are Unix time."""

    heard_seconds: NDArray[np.float64]
    """0 when it was never heard."""
    boot_seconds: NDArray[np.float64]
    clients: NDArray[np.float64]
    received_bytes: NDArray[np.float64]
    transmitted_bytes: NDArray[np.float64]
    internet_rtt_seconds: NDArray[np.float64]


def agent_columns(
    names: Sequence[str], watched: Sequence[bool], heard: Mapping[str, HeardAgent], fresh_since_ns: int
) -> AgentColumns:
    """Of these hotspots. What was measured before `fresh_since_ns` (wall time) holds no more, but for counters."""
    columns = AgentColumns(*(np.full(len(names), np.nan) for _ in AgentColumns._fields))
    for row, name in enumerate(names):
        if not watched[row]:
            continue
        agent = heard.get(name)
        columns.heard_seconds[row] = 0.0 if agent is None else agent.state.heard_ns / NANOSECONDS
        if agent is None:
            continue
        if agent.state.boot_ns:
            columns.boot_seconds[row] = agent.state.boot_ns // NANOSECONDS
        minute = agent.minute
        fresh = agent.state.heard_ns >= fresh_since_ns
        for column, said in (
            (columns.clients, minute.clients if fresh else None),
            (columns.internet_rtt_seconds, minute.internet_rtt if fresh else None),
            (columns.received_bytes, minute.rx_bytes),
            (columns.transmitted_bytes, minute.tx_bytes),
        ):
            if said is not None:
                column[row] = said
    return columns
