"""What is kept of each agent between two runs of the exporter: when it was heard, and how. It holds no secret."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pantau.clock import NANOSECONDS


class AgentState(NamedTuple):
    """One agent. Wall times in nanoseconds."""

    heard_ns: int
    boot_ns: int = 0
    """When its device began, by its uptime; 0 where it does not say."""
    version: str = ""
    verified: bool = True
    """Whether the client could tell that it speaks to us."""

    @property
    def heard_seconds(self) -> float:
        """Unix time."""
        return self.heard_ns / NANOSECONDS


def states_in(facts: Mapping[str, Any]) -> dict[str, AgentState]:
    """Agents as a file has them, by hotspot; `ValueError` or `TypeError` where it is none of ours."""
    found = {}
    for name, (heard_ns, boot_ns, version, verified) in facts.items():
        found[name] = AgentState(int(heard_ns), int(boot_ns), str(version), bool(verified))
    return found
