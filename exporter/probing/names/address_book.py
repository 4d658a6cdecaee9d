"""The present address of every target: written once for numbers, kept fresh for names while everything else runs.

A name that cannot be resolved stops nothing: its target keeps the address it had, or has none until a later try works.
"""

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

import numpy as np
import structlog

from exporter.probing.addresses import address_words
from exporter.probing.names.resolver import ResolveError, Resolver
from exporter.probing.outcome import Bool, Uint64
from pantau.clock import NANOSECONDS, Clock
from pantau.inventory.addresses import parse_ip

MIN_TTL_SECONDS, MAX_TTL_SECONDS = 30.0, 3600.0
FIRST_RETRY_SECONDS, MAX_RETRY_SECONDS = 5.0, 60.0
AT_ONCE = 16
"""Names resolved at the same time."""

log = structlog.get_logger(__name__)


class AddressBook:
    """Addresses of n targets, given as text, None for a target that has none.

    `previous` hands over what it knew of the same names.
    """

    def __init__(self, addresses: Sequence[str | None], clock: Clock, previous: "AddressBook | None" = None) -> None:
        self._clock = clock
        self.words: Uint64 = np.zeros((len(addresses), 2), np.uint64)
        """n x 2 address words; zero where not known."""
        self.known: Bool = np.zeros(len(addresses), np.bool_)
        self.tried: Bool = np.ones(len(addresses), np.bool_)
        """Whether it is settled if there is an address: false for a name until its first try has ended."""
        self._rows: dict[str, list[int]] = {}
        self._due_ns: dict[str, int] = {}
        self._retry_seconds: dict[str, float] = {}
        self._resolved: dict[str, IPv4Address | IPv6Address] = {}
        for row, text in enumerate(addresses):
            if text is None:
                continue
            address = parse_ip(text)
            if address is None:
                self._rows.setdefault(text, []).append(row)
            else:
                self.words[row] = address_words(address)
                self.known[row] = True
        for name, rows in self._rows.items():
            self.tried[rows] = previous is not None and previous.due_ns(name) > 0
            self._due_ns[name] = previous.due_ns(name) if previous else 0
            if previous and (address := previous.address_of(name)):
                self._write(name, address)

    def due_ns(self, name: str) -> int:
        """Monotonic time at which `name` is to be resolved again; 0 for at once."""
        return self._due_ns.get(name, 0)

    def address_of(self, name: str) -> IPv4Address | IPv6Address | None:
        """What `name` last resolved to."""
        return self._resolved.get(name)

    async def refresh(self, resolver: Resolver) -> None:
        """Resolve every name that is due now, and return when all have been tried."""
        now_ns = self._clock.monotonic_ns()
        due = [name for name, due_ns in self._due_ns.items() if due_ns <= now_ns]
        gate = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as tasks:
            for name in due:
                tasks.create_task(self._refresh_one(name, resolver, gate))

    async def _refresh_one(self, name: str, resolver: Resolver, gate: asyncio.Semaphore) -> None:
        async with gate:
            try:
                resolution = await resolver.resolve(name)
            except ResolveError as error:
                wait_seconds = self._retry_seconds.get(name, FIRST_RETRY_SECONDS)
                if name not in self._retry_seconds:
                    log.warning("name cannot be resolved", name=name, reason=str(error), retry_seconds=wait_seconds)
                self._retry_seconds[name] = min(wait_seconds * 2, MAX_RETRY_SECONDS)
            else:
                wait_seconds = min(max(resolution.ttl_seconds, MIN_TTL_SECONDS), MAX_TTL_SECONDS)
                self._retry_seconds.pop(name, None)
                if self._resolved.get(name) != resolution.address:
                    log.info("name resolved", name=name, address=str(resolution.address))
                    self._write(name, resolution.address)
        self.tried[self._rows[name]] = True
        self._due_ns[name] = self._clock.monotonic_ns() + round(wait_seconds * NANOSECONDS)

    def _write(self, name: str, address: IPv4Address | IPv6Address) -> None:
        self._resolved[name] = address
        rows = self._rows[name]
        self.words[rows] = address_words(address)
        self.known[rows] = True
