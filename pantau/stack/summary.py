"""How the city is, in one line: hotspots by state as the exporter tells them, alerts as Alertmanager does."""

import json
from collections import Counter
from dataclasses import dataclass

import aiohttp
from rich.text import Text

from pantau.stack.errors import StackError
from pantau.stack.exporter_client import ExporterClient
from pantau.states import SHOWN, State

_ANSWER_SECONDS = 5.0
_ANSWER = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
_PREFIX = b"hotspot_state{"
_CLIENTS = b"hotspot_clients{"
_ALWAYS_SHOWN = (State.UP, State.DOWN, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CitySummary:
    """Counts at one moment."""

    states: Counter[State] | None
    """Hotspots in each state; `None` if the exporter did not answer."""
    vantage_up: bool
    alerts: Counter[str] | None
    """Active alerts by severity, the Watchdog not counted; `None` without an Alertmanager that answers."""
    clients: int | None = None
    """Who is connected, as agents tell; `None` where there are none."""

    def text(self) -> Text:
        """The line."""
        if self.states is None:
            return Text("? the exporter does not answer", "bold magenta")
        line = Text(no_wrap=True, overflow="ellipsis")
        for state in SHOWN:
            if state in _ALWAYS_SHOWN or self.states[state]:
                line.append(f"{state.shape} {self.states[state]} {state.label}  ", state.colour)
        if not self.vantage_up:
            line.append("our own path is cut  ", "bold magenta")
        elif self.states[State.UNKNOWN] == self.states.total():
            line.append("the first round of probes is under way  ", "dim")
        if self.alerts is not None:
            pages, tickets = self.alerts["page"], self.alerts["ticket"]
            line.append(f"active alerts: {_count(pages, 'page')}, {_count(tickets, 'ticket')}", "bold" if pages else "")
        if self.clients is not None:
            line.append(f"  {_count(self.clients, 'client')} by what agents tell", "dim")
        line.rstrip()
        return line


async def summarise(session: aiohttp.ClientSession, exporter: ExporterClient, alertmanager: str | None) -> CitySummary:
    """Ask both. Alertmanager's address ends in a slash."""
    metrics = await _metrics(session, exporter)
    alerts = None
    if alertmanager is not None:
        alerts = await _get(session, f"{alertmanager}api/v2/alerts?silenced=false&inhibited=false")
    return CitySummary(
        None if metrics is None else count_states(metrics),
        metrics is None or b"\npantau_vantage_up 0" not in metrics,
        None if alerts is None else Counter(alert["labels"].get("severity") for alert in json.loads(alerts)),
        None if metrics is None else count_clients(metrics),
    )


def count_states(metrics: bytes) -> Counter[State]:
    """Hotspots by state, from the text format."""
    values = (line.rpartition(b" ")[2] for line in metrics.splitlines() if line.startswith(_PREFIX))
    return Counter(State(int(float(value))) for value in values)


def count_clients(metrics: bytes) -> int | None:
    """Clients of all hotspots that tell, from the text format."""
    values = [line.rpartition(b" ")[2] for line in metrics.splitlines() if line.startswith(_CLIENTS)]
    return round(sum(map(float, values))) if values else None


async def _metrics(session: aiohttp.ClientSession, exporter: ExporterClient) -> bytes | None:
    try:
        status, body = await exporter.get(session, "metrics", _ANSWER_SECONDS)
    except StackError:
        return None
    return body if status == 200 else None


async def _get(session: aiohttp.ClientSession, url: str) -> bytes | None:
    try:
        async with session.get(url, timeout=_ANSWER) as response:
            return await response.read() if response.status == 200 else None
    except (aiohttp.ClientError, TimeoutError):
        return None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
