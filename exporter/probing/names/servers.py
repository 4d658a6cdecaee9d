"""The name servers of one configuration: who is asked first, and how many questions each has at a time."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

QUESTIONS_AT_ONCE = 128
"""Of each server: dnsmasq passes on 150 at a time, and each takes us a socket."""
AVOIDED_SECONDS = 30.0
"""So long a server that said nothing is asked after the others."""


@dataclass(slots=True)
class NameServer:
    """One server and what is known of it. Times are those of the event loop, in seconds."""

    address: str
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(QUESTIONS_AT_ONCE))
    avoided_until: float = 0.0

    def answered(self) -> None:
        """It has said something, whatever it was."""
        self.avoided_until = 0.0

    def was_silent(self, now: float) -> None:
        """It has said nothing in time."""
        self.avoided_until = now + AVOIDED_SECONDS


def in_order(servers: Iterable[NameServer], now: float) -> Sequence[NameServer]:
    """In the order of the configuration, those that were silent of late behind the others."""
    return sorted(servers, key=lambda server: server.avoided_until > now)
