"""What was last heard of each agent: for metrics and lists, and for the order of what comes after a restart.

It is kept in a file, for whoever could bring an old body back after a restart would be believed; it holds no secret.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from exporter.agents_door.order import Order, facts_of, orders_of
from exporter.probing.agent.beats import Beat, Minute
from pantau.clock import NANOSECONDS
from pantau.journal.private_files import write_whole

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class HeardAgent:
    """One agent."""

    wall_ns: int = 0
    """When it was last heard."""
    boot_wall_ns: int = 0
    """When its device began, by its uptime; 0 where it does not say."""
    minute: Minute = field(default_factory=Minute)
    """What it last measured."""
    version: str = ""
    verified: bool = True


class HeardAgents:
    """All agents, by hotspot."""

    def __init__(self) -> None:
        self.agents: dict[str, HeardAgent] = {}
        self.orders: dict[str, Order] = {}
        self._file: Path | None = None

    def note(self, beat: Beat) -> None:
        """A heartbeat has come; a bare sign of presence says nothing of what was measured before."""
        agent = self.agents.setdefault(beat.hotspot, HeardAgent())
        agent.wall_ns = beat.wall_ns
        if beat.boot is None or beat.seq is None:
            return
        self.orders.setdefault(beat.hotspot, Order()).note(beat.boot, beat.seq)
        agent.minute, agent.version, agent.verified = beat.minute, beat.version or "", beat.verified
        if beat.minute.uptime is not None:
            agent.boot_wall_ns = beat.wall_ns - beat.minute.uptime * NANOSECONDS

    def load(self, file: str | None) -> None:
        """Take up what was kept; what is no such file is passed over, with a warning."""
        self._file = None if file is None else Path(file)
        if self._file is None or not self._file.exists():
            return
        try:
            kept = json.loads(self._file.read_bytes())
            self.orders |= orders_of(kept["orders"])
            self.agents |= agents_of(kept["agents"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("what was last heard of agents is not known", file=str(self._file), problem=str(error))

    def save(self) -> None:
        """Keep it; where that is not possible it is said, and tried again."""
        if self._file is None:
            return
        agents = {
            name: [one.wall_ns, one.boot_wall_ns, one.version, one.verified] for name, one in list(self.agents.items())
        }
        text = json.dumps({"agents": agents, "orders": facts_of(dict(self.orders))}, separators=(",", ":"))
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, text.encode() + b"\n")
        except OSError as error:
            log.warning("what was last heard of agents cannot be kept", file=str(self._file), problem=str(error))


def agents_of(facts: Mapping[str, Any]) -> dict[str, HeardAgent]:
    """Agents as a file has them."""
    return {
        name: HeardAgent(int(wall_ns), int(boot_ns), version=str(version), verified=bool(verified))
        for name, (wall_ns, boot_ns, version, verified) in facts.items()
    }
