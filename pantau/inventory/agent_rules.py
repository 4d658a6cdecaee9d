"""What must hold for agents: between the settings of their door, and between those and the hotspots. Pure."""

from collections.abc import Iterator

from pantau.errors import Problem
from pantau.inventory.agents import LEAST_PATIENCE
from pantau.inventory.durations import format_duration
from pantau.inventory.rows import Rows
from pantau.inventory.settings import Settings
from pantau.inventory.validation import Checked, FieldProblem
from pantau.inventory.wording import quote

_WITNESSES = 3
"""A hotspot's silence is believed while agents of two other ISPs are heard."""


def check_agent_settings(settings: Checked[Settings]) -> list[FieldProblem]:
    """What a token is sent over is encrypted, and a beat that is a little late is none that was missed."""
    agents = settings.value.agents
    if not settings.usable("agents") or agents is None:
        return []
    problems = []
    if agents.web_config is None and not agents.on_loopback:
        message = f"{quote(str(agents.listen))} can be reached from outside, and tokens would be sent in the clear"
        cure = "give web_config_file with tls_server_config, or write 127.0.0.1:9811"
        problems.append(FieldProblem(("agents", "listen"), f"{message}; {cure}"))
    if agents.grace_seconds < LEAST_PATIENCE * agents.interval_seconds:
        grace, interval = format_duration(agents.grace_seconds), format_duration(agents.interval_seconds)
        least = format_duration(LEAST_PATIENCE * agents.interval_seconds)
        message = f"{grace} leaves no room for one heartbeat each {interval} that is late; write {least} or more"
        problems.append(FieldProblem(("agents", "grace"), message))
    if agents.check_url and agents.url is None:
        message = "we cannot knock at an address that nobody has told us; give url, as in https://pantau.example:9811"
        problems.append(FieldProblem(("agents", "check_url"), message))
    return problems


def check_agents(rows: Rows, settings: Checked[Settings]) -> Iterator[Problem]:
    """Each active hotspot is watched by something, and an agent has a door to knock at."""
    without_door = settings.usable("agents") and settings.value.agents is None
    for row in rows.usable("hotspots", "ping", "agent", "status"):
        if row.value.status != "active":
            continue
        if row.value.ping == "none" and not row.value.agent:
            yield row.problem("ping", "is none and there is no agent, so nobody watches it; add agent: true")
        if row.value.agent and without_door:
            without_door = False
            yield row.problem("agent", "has no door to send to; add agents: with key_files to the settings")


def warn_agents(rows: Rows) -> Iterator[Problem]:
    """Agents of too few ISPs: that one is silent can then not be told from a door that is closed."""
    with_agent = [
        row
        for row in rows.usable("hotspots", "agent", "status", "isp")
        if row.value.agent and row.value.status == "active"
    ]
    isps = {row.value.isp for row in with_agent}
    if with_agent and len(isps) < _WITNESSES:
        message = (
            f"only {len(isps)} of the ISPs have agents: a hotspot whose agent is silent is unknown and not down, for "
            f"nothing tells it from a fault of ours; add agents at hotspots of {_WITNESSES} ISPs"
        )
        yield with_agent[0].problem("agent", message)
