"""Who is let in: token, order and limits of one heartbeat. Pure; it knows no sockets and no HTTP."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from exporter.agents_door.order import Order
from exporter.agents_door.wire import Heartbeat
from exporter.listening.limits import Buckets
from pantau.agents.tokens import accepted_tokens, matches

_FINE = 10.0
"""What a refused token costs the address that it came from, in requests."""
_MINUTE_SECONDS = 60.0
_NOBODY = (b"-",)
"""Compared with where there is no such hotspot, so that it takes as long."""


class Answer(Enum):
    """What became of a request: the HTTP status, and the label ``result`` of `pantau_heartbeats_total`."""

    TAKEN = 200, "taken"
    TOKEN = 401, "token"
    """The token is wrong, or nobody is called so: who asks is not told which."""
    REPLAY = 409, "replay"
    """It does not come after what was heard: an old body again."""
    MALFORMED = 400, "malformed"
    """It is no heartbeat; with the right token it is a sign of presence all the same."""
    LARGE = 413, "large"
    LIMITED = 429, "limited"
    SLOW = 408, "slow"
    BUSY = 503, "busy"
    """The exporter does not take them as fast as they come."""
    OTHER = 404, "other"
    """Another path or method."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value[0]

    @property
    def label(self) -> str:
        """The value of the label ``result``."""
        return self.value[1]


class Opened(NamedTuple):
    """What a request came to."""

    answer: Answer
    heartbeat: Heartbeat | None = None
    """What is to be handed on; None for nothing."""


class Gate:
    """Lets in the agents of `points` (hotspot to generation). Times in seconds of a steady clock."""

    def __init__(self, per_token: int, per_address: int) -> None:
        self.orders: dict[str, Order] = {}
        self.addresses = Buckets(per_address, 2.0 * per_address)
        self._tokens = Buckets(per_token / _MINUTE_SECONDS, float(per_token))
        self._accepted: dict[str, tuple[bytes, ...]] = {}

    def admit(self, points: Mapping[str, int], keys: tuple[bytes, ...]) -> None:
        """These and no others from now on."""
        self._accepted = {name: accepted_tokens(keys, name, number) for name, number in points.items()}

    def knows(self, hotspot: str, authorization: str, address: str, now: float) -> Answer | None:
        """Whether it is the hotspot's agent that speaks: None, or why it is not heard."""
        scheme, _, token = authorization.partition(" ")
        shown = token.strip().encode("utf-8", "surrogateescape") if scheme.lower() == "bearer" else b""
        accepted = self._accepted.get(hotspot)
        if not matches(shown, accepted or _NOBODY) or accepted is None:
            self.addresses.fine(address, now, _FINE)
            return Answer.TOKEN
        return None if self._tokens.take(hotspot, now) else Answer.LIMITED

    def hear(self, hotspot: str, heartbeat: Heartbeat | None) -> Opened:
        """What the agent of a hotspot says; None for a body that is no heartbeat."""
        if heartbeat is None:
            return Opened(Answer.MALFORMED, Heartbeat())
        if heartbeat.boot is None or heartbeat.seq is None:
            return Opened(Answer.TAKEN, heartbeat)
        order = self.orders.setdefault(hotspot, Order())
        if not order.rises(heartbeat.boot, heartbeat.seq):
            return Opened(Answer.REPLAY)
        order.note(heartbeat.boot, heartbeat.seq)
        return Opened(Answer.TAKEN, heartbeat)
