"""Waiting for what another thread does."""

import asyncio
from collections.abc import Callable

PATIENCE_SECONDS = 10.0


async def until(condition: Callable[[], object]) -> None:
    """Return when it holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - another thread makes it so, and sends no event
            await asyncio.sleep(0.005)
