"""The day's anchor: taken beside the probing, by an authority that may hang, and never at the probing's cost.

The work is in a thread of its own that nobody waits for at a stop. Whatever goes wrong is logged and tried again;
`pantau_anchor_success_timestamp_seconds` stands still meanwhile, and AnchorOverdue tells somebody.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from exporter.background import Background, StillBusyError
from pantau.clock import NANOSECONDS, Clock
from pantau.errors import PantauError
from pantau.inventory import Configuration
from pantau.inventory.tsa import Tsa
from pantau.journal.anchors.due import is_due
from pantau.journal.anchors.recorded import last_taken_ns
from pantau.journal.reading import Reader

LOOK_SECONDS = 30.0
RETRY_SECONDS = 600.0
"""An authority that is down is back within the hour, and one that is asked every minute has reason to complain."""
_PATIENCE_SECONDS = 180.0

log = structlog.get_logger(__name__)


class Anchoring:
    """Sees that each day has its anchor, where an authority is set. `url` is the journal's.

    While `waits`, another exporter writes the journal, or nobody does: this one adds nothing to it.
    """

    def __init__(
        self,
        url: str,
        configuration: Callable[[], Configuration],
        clock: Clock,
        look_seconds: float = LOOK_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
        *,
        waits: Callable[[], bool] = lambda: False,
    ) -> None:
        self._url = url
        self._configuration = configuration
        self._clock = clock
        self._waits = waits
        self._look_seconds = look_seconds
        self._retry_seconds = retry_seconds
        self._background: Background[tuple[int, tuple[str, ...] | None]] = Background("anchoring")
        self._last_ns: int | None = None
        self._mail_waits = True
        """Whether somebody may lack an anchor: one that was taken just before a kill, or whose mail no server took."""
        self._not_before_ns = 0
        self._told = ""

    @property
    def success_seconds(self) -> float | None:
        """Unix time of the last anchor, 0 while there is none; None where no authority is set, or nobody knows yet."""
        if self._configuration().settings.tsa is None or self._last_ns is None:
            return None
        return self._last_ns / NANOSECONDS

    async def run(self) -> None:
        """Look, now and then, whether one is due. Ends when cancelled, and leaves what is under way to itself."""
        while True:
            configuration = self._configuration()
            authority = configuration.settings.tsa
            if authority is not None and self._clock.monotonic_ns() >= self._not_before_ns:
                await self._look(configuration, authority)
            await asyncio.sleep(self._look_seconds)

    async def _look(self, configuration: Configuration, authority: Tsa) -> None:
        folder, zone, now_ns = configuration.path.parent, configuration.settings.zone, self._clock.wall_ns()
        known, waits, mail_waits = self._last_ns, self._waits(), self._mail_waits
        due = known is None or is_due(known, now_ns, authority.time_of_day, zone)
        if not due and (waits or not mail_waits):
            return

        def work() -> tuple[int, tuple[str, ...] | None]:
            last_ns = _last_in(self._url, folder)  # another may have taken it
            if known is None or waits:  # what is known is shown, though the authority may hang
                return last_ns, None
            if is_due(last_ns, now_ns, authority.time_of_day, zone):
                return now_ns, _take(self._url, folder, authority, now_ns)
            return last_ns, _mail(folder, authority, now_ns) if mail_waits else None

        try:
            self._last_ns, failures = await self._background.run(work, _PATIENCE_SECONDS)
        except PantauError as error:
            self._fail(str(error))
        except (TimeoutError, StillBusyError):
            self._fail("it has not ended yet")
        except ModuleNotFoundError as error:
            self._fail(f'{error.name} is not installed; it comes with: pip install "pantau[anchors]"')
        except Exception as error:  # noqa: BLE001 - the supervisor: an anchor that fails in any way ends no probing
            self._fail(f"{type(error).__name__}: {error}")
        else:
            if failures is not None:
                self._mail_waits = bool(failures)
            if failures:
                self._fail("; ".join(failures))
            else:
                self._told = ""

    def _fail(self, reason: str) -> None:
        self._not_before_ns = self._clock.monotonic_ns() + round(self._retry_seconds * NANOSECONDS)
        if reason != self._told:
            log.warning("the journal's anchor was not taken, or not mailed; it is tried again", reason=reason)
        self._told = reason


def _last_in(url: str, folder: Path) -> int:
    with Reader(url, folder) as reader:
        return last_taken_ns(reader)


def _take(url: str, folder: Path, authority: Tsa, now_ns: int) -> tuple[str, ...]:
    # The library of an extra: who sets no authority needs none of it.
    from pantau.journal.anchors.taking import take_anchor

    taken = take_anchor(url, folder, authority, now_ns)
    log.info("the journal was anchored", entry=taken.number, authority=taken.stamp.authority)
    return taken.failures


def _mail(folder: Path, authority: Tsa, now_ns: int) -> tuple[str, ...]:
    from pantau.journal.anchors.taking import mail_what_waits

    return mail_what_waits(folder, authority, now_ns)
