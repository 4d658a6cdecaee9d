"""Who may hold a connection, and who gives his up for a newcomer. Pure; times in seconds of any steady clock.

A place is held by work alone. Whoever says nothing, does not finish his request, or does not take his answer is
expendable: beyond a limit he makes room for whoever comes, so that connections that only stand there keep nobody out,
wherever they come from. Of the expendable ones goes first who belongs to the client that holds most, has never asked
for anything, and has been idle longest.

Some clients are *known*: those of this machine, and those that the settings name. `reserved` places are theirs, and
they never make room for others. Nobody else can use these up, whatever he sends and from however many addresses.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

STALLED_SECONDS = 0.5
"""A client that has taken nothing of its answer for so long does not read; before, it may just be slow."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How many connections there may be, and how long each may take for what. Times in seconds."""

    most: int
    most_of_one: int
    """Of one client, as `client_of` counts."""
    reserved: int = 0
    """Of `most` those that only known clients may have."""
    makes_room: bool = False
    """Whether expendable ones are closed for a newcomer; else the newcomer is."""
    life_seconds: float | None = None
    """A connection lives no longer."""
    head_seconds: float | None = None
    """From the first byte, or the acceptance, to the end of the request's head."""
    head_bytes: int | None = None
    """Of one head, however it is cut."""
    idle_seconds: float | None = None
    """Between two requests."""
    stalled_seconds: float | None = None
    """A client that takes nothing of its answer is dropped after so long, whether anybody waits or not."""
    busy_seconds: float | None = None
    """One request and its answer."""


@dataclass(eq=False, slots=True)
class OpenConnection:
    """One connection, and what it has been doing."""

    client: str
    known: bool
    since: float
    """When it was accepted, or its last request ended."""
    end: Callable[[], object]
    served: int = 0
    """Requests that it has brought."""
    busy_since: float | None = None
    """While one is answered."""
    head_since: float | None = None
    """While one has begun, and its head has not ended."""
    head_bytes: int = 0
    stalled_since: float | None = None
    """While it does not take what is sent."""

    def begin(self, now: float) -> None:
        """A request is being answered."""
        self.served += 1
        self.busy_since, self.head_since, self.head_bytes = now, None, 0

    def finish(self, now: float) -> None:
        """It has been."""
        self.busy_since, self.since = None, now

    @property
    def expendable(self) -> bool:
        """Whether it makes room for others: it waits for nothing of ours."""
        return self.busy_since is None or self.stalled_since is not None

    def merit(self, now: float) -> int:
        """How much it has done to stay; of expendable ones those with the least go first."""
        if self.stalled_since is not None:
            return 1 if now - self.stalled_since >= STALLED_SECONDS else 3
        return 2 if self.served else 0

    def due(self, limits: ConnectionLimits) -> float:
        """When it will have taken longer than it may, as far as is known now; infinite where it may for ever."""
        unheard = self.since if not self.served else None
        idle = self.since if self.busy_since is None else None
        allowed = (
            (self.head_since if self.head_since is not None else unheard, limits.head_seconds),
            (unheard, limits.life_seconds),
            (idle, limits.idle_seconds),
            (self.stalled_since, limits.stalled_seconds),
            (self.busy_since, limits.busy_seconds),
        )
        return min(
            (since + most for since, most in allowed if since is not None and most is not None), default=math.inf
        )


class Room:
    """The connections of one listener, within its limits."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        self.held: dict[OpenConnection, None] = {}
        """In the order in which they came."""
        self._of_client: Counter[str] = Counter()
        self._unknown = 0

    def admit(self, newcomer: OpenConnection, now: float) -> bool:
        """Take it in, in another's place if need be; False where nobody makes room."""
        limits = self.limits
        if self._of_client[newcomer.client] >= limits.most_of_one and not self._make_room(
            (one for one in self.held if one.client == newcomer.client), now, alike=True
        ):
            return False
        while self._is_full(newcomer):
            if not self._make_room((one for one in self.held if newcomer.known or not one.known), now):
                return False
        self.held[newcomer] = None
        self._of_client[newcomer.client] += 1
        self._unknown += not newcomer.known
        return True

    def leave(self, gone: OpenConnection) -> None:
        """It is not there any more; once is enough."""
        if gone not in self.held:
            return
        del self.held[gone]
        self._unknown -= not gone.known
        self._of_client[gone.client] -= 1
        if not self._of_client[gone.client]:
            del self._of_client[gone.client]

    def overdue(self, now: float) -> list[OpenConnection]:
        """Those that take longer than they may."""
        return [one for one in self.held if one.due(self.limits) < now]

    def quiet_until(self, now: float) -> float:
        """Nobody is overdue before, whoever comes and whatever is begun meanwhile."""
        limits = self.limits
        least = (
            limits.head_seconds,
            limits.life_seconds,
            limits.idle_seconds,
            limits.stalled_seconds,
            limits.busy_seconds,
        )
        newest = min((now + seconds for seconds in least if seconds is not None), default=math.inf)
        return min([newest, *(one.due(limits) for one in self.held)])

    def _is_full(self, newcomer: OpenConnection) -> bool:
        if len(self.held) >= self.limits.most:
            return True
        return not newcomer.known and self._unknown >= self.limits.most - self.limits.reserved

    def _make_room(self, among: Iterable[OpenConnection], now: float, *, alike: bool = False) -> bool:
        """End one of them; False where none is expendable. `alike`: all are of one client.

        A crowd makes this the work of the door, so no more is looked at than need be: of one client the first that has
        never asked is also the one that is idle longest.
        """
        if not self.limits.makes_room:
            return False
        found: OpenConnection | None = None
        group, rank = (True, 0), (0, 0.0)
        for one in among:
            if not one.expendable:
                continue
            his = (False, 0) if alike else (one.known, -self._of_client[one.client])
            if found is not None and his > group:
                continue
            its = (one.merit(now), one.stalled_since or one.since)
            if found is None or (his, its) < (group, rank):
                found, group, rank = one, his, its
            if alike and not its[0]:
                break
        if found is None:
            return False
        self.leave(found)
        found.end()
        return True
