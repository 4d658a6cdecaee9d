"""Asks devices by SNMP, in a thread with an event loop of its own: nothing here takes the probes' time.

Nobody joins the thread: at a stop an asking that hangs is left alone, and what it would bring is thrown away.
"""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

from exporter.probing.uptime.counters import Counters, conclude
from exporter.probing.uptime.source import UptimeReading, UptimeResult
from pantau.clock import NANOSECONDS, Clock
from pantau.inventory import Configuration
from pantau.inventory.snmp import SnmpAccess

AT_A_TIME = 8
"""So many devices are asked at once."""
_PATIENCE = 3
"""Version 3 asks up to three times: who are you, what is your clock, and the question."""
_MARGIN_SECONDS = 5.0


class SnmpUptimes:
    """The `UptimeSource` of all hotspots that the settings name an SNMP access for."""

    evidence = "snmp"

    def __init__(self, configuration: Callable[[], Configuration], clock: Clock) -> None:
        self._configuration = configuration
        self._clock = clock
        self._turn = asyncio.Semaphore(AT_A_TIME)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._earlier: dict[tuple[str, str], tuple[int, Counters]] = {}
        """By hotspot and address, when a device was asked last and what it said."""

    def asks(self, hotspot: str) -> bool:
        """See `UptimeSource`."""
        return self._access(hotspot) is not None

    async def ask(self, hotspot: str, address: str, down_seconds: float) -> UptimeReading:
        """See `UptimeSource`."""
        configuration, access = self._configuration(), self._access(hotspot)
        if access is None:
            return UptimeReading(UptimeResult.FAILED)
        folder, timeout_seconds = configuration.path.parent, configuration.settings.snmp.timeout_seconds
        async with self._turn:
            told = await self._get_in_thread(address, access, folder, timeout_seconds)
        if isinstance(told, UptimeResult):
            return UptimeReading(told)
        return self._concluded((hotspot, address), told, down_seconds)

    async def _get_in_thread(
        self, address: str, access: SnmpAccess, folder: Path, timeout_seconds: float
    ) -> Counters | UptimeResult:
        asked = asyncio.run_coroutine_threadsafe(_get(address, access, folder, timeout_seconds), self._running_loop())
        try:
            async with asyncio.timeout(timeout_seconds * _PATIENCE + _MARGIN_SECONDS):
                return await asyncio.wrap_future(asked)
        except TimeoutError:
            return UptimeResult.NO_ANSWER
        finally:
            asked.cancel()

    def close(self) -> None:
        """Let the thread end by itself; waits for nothing."""
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(loop.stop)

    def _access(self, hotspot: str) -> SnmpAccess | None:
        configuration = self._configuration()
        found = configuration.inventory.hotspot_by_id.get(hotspot)
        return None if found is None else configuration.settings.snmp.access_of(found)

    def _concluded(self, device: tuple[str, str], told: Counters, down_seconds: float) -> UptimeReading:
        now_ns = self._clock.monotonic_ns()
        asked_ns, earlier = self._earlier.get(device, (now_ns, None))
        self._earlier[device] = now_ns, told
        conclusion = conclude(told, down_seconds, earlier, (now_ns - asked_ns) / NANOSECONDS)
        result = UptimeResult.UNCLEAR if conclusion.uptime_seconds is None else UptimeResult.TOLD
        return UptimeReading(result, conclusion.uptime_seconds, {**told.facts, "why": conclusion.why})

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            loop = self._loop = asyncio.new_event_loop()
            threading.Thread(target=_serve, args=(loop,), name="snmp", daemon=True).start()
        return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


async def _get(address: str, access: SnmpAccess, folder: Path, timeout_seconds: float) -> Counters | UptimeResult:
    try:
        # The library of an extra, and half a second to load: who asks nobody needs none of it.
        from exporter.probing.uptime.snmp import Secrets, get_counters
    except ModuleNotFoundError:
        return UptimeResult.FAILED
    try:
        texts = [_secret(folder, name) for name in (access.community_file, access.auth_file, access.privacy_file)]
    except (OSError, ValueError):
        return UptimeResult.NO_SECRET
    return await get_counters(address, access, Secrets(*texts), timeout_seconds)


def _secret(folder: Path, name: str | None) -> str:
    """What a file holds, read anew each time: a secret that is changed needs no reload. An empty one is none."""
    if name is None:
        return ""
    with (folder / name).open(encoding="utf-8") as file:
        text = file.read(1024).strip()
    if not text:
        raise ValueError(f"{name} is empty")
    return text
