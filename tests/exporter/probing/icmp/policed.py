"""A city behind a policer: the real monitor, prober and engine over an in-memory network, from event to event."""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from random import Random

from exporter.planning.plan import References
from pantau.clock import NANOSECONDS
from pantau.states import State
from tests.exporter.monitor.watched import Watched, plan_of
from tests.network import MS, SECOND, Arrival, Request, answers

GATHER_NS = MS
"""The app looks so long after something is due."""


class Policer:
    """A token bucket that drops what it has no token for, as ``nft limit rate`` does."""

    def __init__(self, per_second: float, burst: int = 20) -> None:
        self.per_second, self.burst = per_second, burst
        self.tokens, self.at_ns = float(burst), 0
        self.passed = self.dropped = 0

    def lets_pass(self, now_ns: int) -> bool:
        """One packet comes by."""
        gained = (now_ns - self.at_ns) * self.per_second / NANOSECONDS
        self.tokens, self.at_ns = min(self.tokens + gained, self.burst), now_ns
        if self.tokens < 1:
            self.dropped += 1
            return False
        self.tokens -= 1
        self.passed += 1
        return True


class PolicedCity:
    """`count` hotspots and two canaries, all behind one policer; `dead` ones get no answer, but pass it."""

    def __init__(self, addresses: Mapping[str, str], policer: Policer | None, seed: int = 0, **plan: object) -> None:
        canaries = ("10.76.0.1", "10.76.0.2")
        plan = {"canaries": canaries, "references": References(("a", "b"), ("", ""), 1)} | plan
        self._plan = plan
        self.watched = Watched(plan_of(addresses, **plan), grain_ns=None)  # type: ignore[arg-type]
        self.addresses, self.policer = addresses, policer
        self.dead: set[str] = set()
        self.left_ns: list[int] = []
        self.lost: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self.lossy: dict[str, int] = {}
        """Addresses that answer all but each nth request."""
        self._of_replies: Policer | None = None
        self._most_rtt_ns = 10 * MS
        self._coming: list[tuple[int, int, Arrival]] = []
        self._random = Random(seed)
        self.watched.network.default = self._pass

    def _pass(self, request: Request) -> Iterable[Arrival]:
        self.left_ns.append(request.at_ns)
        self.sent[request.address] += 1
        every = self.lossy.get(request.address)
        passes = self.policer is None or self.policer.lets_pass(request.at_ns)
        if not passes:
            self.lost[request.address] += 1
        if not passes or request.address in self.dead or (every and request.nth % every == 0):
            return ()
        if self._of_replies is None:
            return answers(10 * MS)(request)
        return self._policed_reply(request, self._of_replies)

    def police_replies(self, policer: Policer, most_rtt_ns: int) -> None:
        """From now on replies take 10 ms to so long, and pass a policer in the order in which they come."""
        self._of_replies, self._most_rtt_ns = policer, most_rtt_ns
        network = self.watched.network
        receive = network.land

        def land() -> None:
            """What arrives passes the policer first."""
            now_ns = self.watched.clock.monotonic_ns()
            while self._coming and self._coming[0][0] <= now_ns:
                at_ns, _, arrival = heapq.heappop(self._coming)
                if policer.lets_pass(at_ns):
                    network.deliver(arrival)
            receive()

        network.land = land  # type: ignore[method-assign]

    def _policed_reply(self, request: Request, _: Policer) -> Iterable[Arrival]:
        (arrival,) = answers(self._random.randint(10 * MS, self._most_rtt_ns))(request)
        heapq.heappush(self._coming, (arrival.at_ns, len(self.left_ns), arrival))
        return ()

    def reload(self, addresses: Mapping[str, str]) -> None:
        """Swap the inventory."""
        self.addresses = addresses
        self.watched.reload(plan_of(addresses, **self._plan))  # type: ignore[arg-type]

    def run(self, seconds: float) -> "PolicedCity":
        """From one thing that is due to the next, as the app does."""
        watched, clock = self.watched, self.watched.clock
        end_ns = clock.monotonic_ns() + round(seconds * SECOND)
        while (now_ns := clock.monotonic_ns()) < end_ns:
            due_ns = max(watched.monitor.next_due_ns, now_ns) + GATHER_NS
            clock.advance(min(due_ns, now_ns + SECOND // 2, end_ns) - now_ns)
            watched.hear(watched.monitor.tick(urgent=False))
        return self

    def living_lost_ratio(self) -> float:
        """Lost in the policer of what was sent to living hotspots."""
        living = set(self.addresses.values()) - self.dead
        return sum(self.lost[it] for it in living) / max(sum(self.sent[it] for it in living), 1)

    def ever_down(self) -> set[str]:
        """The hotspots that were down at some time."""
        return {name for name, _, after, _ in self.watched.changes if after == State.DOWN}
