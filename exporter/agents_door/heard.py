"""What was last heard of each agent: for metrics and lists, and for the order of what comes after a restart.

It is kept in a file, for whoever could bring an old body back after a restart would be believed; it holds no secret.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from exporter.agents_door.order import Order, facts_of, orders_of
from exporter.probing.agent.beats import Beat, HeardAgent, MainsAbsent, Minute
from pantau.agents.state import AgentState, states_in
from pantau.clock import NANOSECONDS
from pantau.journal.private_files import write_whole

_JITTER_NS = 5 * NANOSECONDS
"""An uptime in whole seconds, and the way here: the same boot all the same."""

log = structlog.get_logger(__name__)


class HeardAgents:
    """All agents, by hotspot."""

    def __init__(self) -> None:
        self.agents: dict[str, HeardAgent] = {}
        self.orders: dict[str, Order] = {}
        self._file: Path | None = None
        self.urgent = False
        """Whether a mains has failed since this was kept last: it is kept at once, for we may be the next to fail."""

    def note(self, beat: Beat) -> None:
        """A heartbeat has come; a bare sign of presence says nothing of what was measured before."""
        agent = self.agents.setdefault(beat.hotspot, HeardAgent(AgentState(beat.wall_ns)))
        agent.state = agent.state._replace(heard_ns=beat.wall_ns)
        if beat.boot is None or beat.seq is None:
            return
        self.orders.setdefault(beat.hotspot, Order()).note(beat.boot, beat.seq)
        uptime, boot_ns = beat.minute.uptime, agent.state.boot_ns
        if uptime is not None and abs(beat.wall_ns - uptime * NANOSECONDS - boot_ns) > _JITTER_NS:
            boot_ns = beat.wall_ns - uptime * NANOSECONDS
        agent.state = AgentState(beat.wall_ns, boot_ns, beat.version or "", beat.verified)
        absent = _mains_after(agent, beat)
        before = agent.mains_absent
        self.urgent |= absent is not None and (before is None or absent.first_ns != before.first_ns)
        agent.mains_absent, agent.minute = absent, beat.minute

    def load(self, file: str | None) -> None:
        """Take up what was kept; what is no such file is passed over, with a warning."""
        self._file = None if file is None else Path(file)
        if self._file is None or not self._file.exists():
            return
        try:
            kept = json.loads(self._file.read_bytes())
            self.orders |= orders_of(kept["orders"])
            self.agents |= {name: HeardAgent(state) for name, state in states_in(kept["agents"]).items()}
            self._take_up_mains(kept.get("mains", {}))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("what was last heard of agents is not known", file=str(self._file), problem=str(error))

    def save(self) -> None:
        """Keep it; where that is not possible it is said, and tried again."""
        if self._file is None:
            return
        self.urgent = False
        known = list(self.agents.items())
        agents = {name: one.state for name, one in known}
        mains = {
            name: [*one.mains_absent, one.minute.mains == "absent"]
            for name, one in known
            if one.mains_absent is not None
        }
        kept = {"agents": agents, "orders": facts_of(dict(self.orders)), "mains": mains}
        text = json.dumps(kept, separators=(",", ":"))
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, text.encode() + b"\n")
        except OSError as error:
            log.warning("what was last heard of agents cannot be kept", file=str(self._file), problem=str(error))

    def _take_up_mains(self, kept: Mapping[str, Sequence[int]]) -> None:
        for name, (first_ns, last_ns, lasts) in kept.items():
            agent = self.agents.get(name)
            if agent is not None:
                agent.mains_absent = MainsAbsent(int(first_ns), int(last_ns))
                agent.minute = Minute(mains="absent" if lasts else None)


def _mains_after(agent: HeardAgent, beat: Beat) -> MainsAbsent | None:
    """When the mains was absent last, by all that is known with this heartbeat: its late minutes, and its own."""
    absent, was_absent = agent.mains_absent, agent.minute.mains == "absent"
    told = sorted((beat.wall_ns - round(late.age_seconds * NANOSECONDS), late.minute.mains) for late in beat.late)
    for at_ns, mains in (*told, (beat.wall_ns, beat.minute.mains)):
        if mains == "absent":
            absent = MainsAbsent(absent.first_ns if was_absent and absent else at_ns, at_ns)
        if mains is not None:
            was_absent = mains == "absent"
    return absent
