"""How long a test waits for another process or thread where the time is no promise.

The fast tier yields its processors to the tiers beside it: what takes two seconds alone may take a minute. Such a wait
tells of what hangs and measures nothing. Where a time is promised, the test has a bound of its own.
"""

import asyncio
from collections.abc import Callable

PATIENCE_SECONDS = 240.0


async def until(condition: Callable[[], object]) -> None:
    """Return when it holds, whoever makes it so."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - another thread or process makes it so, and sends no event
            await asyncio.sleep(0.005)
