"""How long a test waits for another process or thread where the time is no promise.

The fast tier yields its processors to the tiers beside it: what takes two seconds alone may take a minute. Such a wait
tells of what hangs and measures nothing. Where a time is promised, the test has a bound of its own.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE_SECONDS = 240.0


async def until(condition: Callable[[], object]) -> None:
    """Return when it holds, whoever makes it so."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - another thread or process makes it so, and sends no event
            await asyncio.sleep(0.005)


@contextmanager
def promptly(seconds: float) -> Iterator[None]:
    """Fail where this takes longer, not counting the time in which we were ready and others had the processor.

    For all threads of this process; what has ended meanwhile is not counted, and what another process does is not ours.
    """
    starved_ns, begun = _starved_ns(), time.monotonic()
    yield
    took = time.monotonic() - begun
    starved = (_starved_ns() - starved_ns) / 1e9
    assert took - starved < seconds, f"it took {took:.3f} s, of which we waited {starved:.3f} s for a processor"


def _starved_ns() -> int:
    """How long our threads have waited for a processor (proc(5), schedstat)."""
    found = 0
    for thread in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            found += int((thread / "schedstat").read_text("ascii").split()[1])
    return found
