"""The page that agents fetch, and its name, asked from here too: that it is ill itself is no fault of any ISP.

It is asked as an agent asks: the page itself, no redirect, ten seconds.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from exporter.probing.checking.questions import Asked, UnaskableError
from exporter.probing.checking.reaching import Reaching
from exporter.probing.http.asking import HttpAsker
from exporter.probing.names.reach import Anywhere
from exporter.probing.names.resolver import Resolver
from exporter.probing.service import Result
from pantau.clock import NANOSECONDS
from pantau.inventory.addresses import IpAddress, parse_ip
from pantau.inventory.agents import Agents

PATIENCE_SECONDS = 10
"""As agents have it."""
_NETWORK_AUTHENTICATION_REQUIRED = 511
_STATUS = (*range(200, 300), *(it for it in range(400, 600) if it != _NETWORK_AUTHENTICATION_REQUIRED))
"""An agent looks for the text, whatever the status; but what leads elsewhere is another page."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What is asked."""

    asked: Asked
    name: str
    """The host's, which agents have resolved; empty where it is a number."""


class PageSeen(NamedTuple):
    """What asking once has shown."""

    asked_ns: int
    """Monotonic."""
    page: bool
    """Whether it came, and says what it should."""
    name: bool
    """Whether its name has an address; true where it has none that could be asked for."""


class PageSource(Protocol):
    """Asks the page, or stands in for it."""

    def ask(self, page: KnownPage, at_ns: int) -> None:
        """Ask now; the answer comes later."""

    def take(self) -> Sequence[PageSeen]:
        """What has been answered since the last call."""

    async def run(self) -> None:
        """Ask until cancelled."""


def known_page(agents: Agents) -> KnownPage | None:
    """The page of these settings; None where agents are told of none."""
    if agents.portal_url is None:
        return None
    host = urlsplit(agents.portal_url).hostname or ""
    timeout_ns = PATIENCE_SECONDS * NANOSECONDS
    asked = Asked(url=agents.portal_url, status=_STATUS, text=agents.portal_text, timeout_ns=timeout_ns)
    return KnownPage(asked, "" if parse_ip(host) is not None else host)


class _OurOwn(Anywhere):
    """No hotspot is on this very machine; the city's page may be, where its name leads to the loopback."""

    def objection(self, address: IpAddress) -> str | None:  # noqa: ARG002 - whoever is there is asked
        """See `Reach.objection`."""
        return None


class AskedPage:
    """A `PageSource` over the network."""

    def __init__(self, resolver: Resolver) -> None:
        self._ask, self._reaching = HttpAsker(), Reaching(resolver, _OurOwn())
        self._questions: asyncio.Queue[tuple[KnownPage, int]] = asyncio.Queue()
        self._seen: list[PageSeen] = []

    def ask(self, page: KnownPage, at_ns: int) -> None:
        """See `PageSource`."""
        self._questions.put_nowait((page, at_ns))

    def take(self) -> Sequence[PageSeen]:
        """See `PageSource`."""
        seen, self._seen = self._seen, []
        return seen

    async def run(self) -> None:
        """See `PageSource`: one that hangs holds up no other."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                page, at_ns = await self._questions.get()
                tasks.create_task(self._look(page, at_ns))

    async def _look(self, page: KnownPage, at_ns: int) -> None:
        name = not page.name or await self._resolves(page.name)
        seen = PageSeen(at_ns, name and await self._comes(page.asked), name)
        self._seen.append(seen)  # looked up now: whoever takes has put another list there meanwhile

    async def _resolves(self, name: str) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._reaching.number_of(name)
        except (UnaskableError, TimeoutError):
            return False
        return True

    async def _comes(self, asked: Asked) -> bool:
        try:
            async with asyncio.timeout(asked.timeout_ns / NANOSECONDS):
                return (await self._ask(asked, self._reaching)).result is Result.YES
        except (UnaskableError, TimeoutError, OSError):
            return False
