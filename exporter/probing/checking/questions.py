"""What is asked of one hotspot or reference, ready to be asked; and what asking gave, before anybody judges it."""

from dataclasses import dataclass

from exporter.probing.service import Result


@dataclass(frozen=True, slots=True)
class SuspensionPage:
    """How an ISP's suspension page is known: all that is given fits."""

    url: str | None = None
    text: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, with the hotspot's own address in its place."""

    url: str = ""
    """Of http."""
    host: str = ""
    """Of tcp and dns: a number or a name."""
    port: int = 0
    query: str = ""
    record: str = "A"
    status: tuple[int, ...] = ()
    """Right answers; empty: any 2xx."""
    text: str | None = None
    redirect: str | None = None
    answer: str | None = None
    verify: bool = True
    timeout_ns: int = 10_000_000_000
    slow_ns: int | None = None
    pages: tuple[SuspensionPage, ...] = ()
    """Those of the hotspot's ISP."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What asking gave."""

    result: Result
    expiry_s: int = 0
    """Unix time at which the certificate expires; 0 where none was shown."""


class UnaskableError(Exception):
    """We could not ask: nothing is learnt of who was to be asked."""
