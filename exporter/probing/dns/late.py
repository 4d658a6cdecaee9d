"""The DNS check, loaded for the first question: most cities ask none, and dnspython takes 3 MB."""

import asyncio
from functools import cache

from exporter.probing.checking.prober import Ask
from exporter.probing.checking.questions import Answered, Asked
from exporter.probing.checking.reaching import Reaching


async def ask_dns_late(asked: Asked, reaching: Reaching) -> Answered:
    """See `ask_dns`."""
    ask = await asyncio.to_thread(_loaded)
    return await ask(asked, reaching)


@cache
def _loaded() -> Ask:
    from exporter.probing.dns.asking import ask_dns

    return ask_dns
