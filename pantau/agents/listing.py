"""Which agents are heard, from the file that the door keeps: no running exporter has to be asked."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pantau.agents.state import AgentState, states_in
from pantau.errors import PantauError
from pantau.inventory import Configuration

NEVER, SILENT, UNVERIFIED = "never heard", "silent", "unverified"
_FRESH_SECONDS = 60.0
"""So old the file may be while the exporter runs."""


class AgentRow(NamedTuple):
    """One hotspot's agent."""

    hotspot: str
    isp: str
    heard: str
    """When, in the settings' zone; empty if never."""
    version: str
    troubles: tuple[str, ...]
    """Any of `NEVER`, `SILENT`, `UNVERIFIED`."""


def listed_agents(configuration: Configuration, now_seconds: float) -> list[AgentRow]:
    """All agents of the inventory, in its order; `PantauError` where the file cannot be read."""
    agents = configuration.settings.agents
    if agents is None:
        raise PantauError("there is no door for agents; add agents: with key_files to the settings")
    states = _read(configuration.path.parent / agents.state)
    quiet_seconds = agents.grace_seconds + _FRESH_SECONDS
    zone = configuration.settings.zone
    rows = []
    for hotspot in configuration.inventory.active_hotspots:
        if hotspot.agent:
            state = states.get(hotspot.id)
            heard = f"{datetime.fromtimestamp(state.heard_seconds, UTC).astimezone(zone):%F %T %Z}" if state else ""
            troubles = _troubles(state, now_seconds - quiet_seconds)
            rows.append(AgentRow(hotspot.id, hotspot.isp, heard, state.version if state else "", troubles))
    return rows


def _troubles(state: AgentState | None, since_seconds: float) -> tuple[str, ...]:
    if state is None:
        return (NEVER,)
    silent = (SILENT,) if state.heard_seconds < since_seconds else ()
    return silent + (() if state.verified else (UNVERIFIED,))


def _read(file: Path) -> Mapping[str, AgentState]:
    """What the file says; nothing where there is none yet."""
    try:
        kept: Mapping[str, Any] = json.loads(file.read_bytes())
        return states_in(kept["agents"])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PantauError(f"{file}: cannot be read ({error}); the exporter writes it anew each minute") from error
