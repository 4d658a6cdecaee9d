"""The machine's resolver, made when the first name is to be looked up."""

import asyncio

from exporter.probing.addresses import Family
from exporter.probing.names.resolver import Answer, Resolver


class LateResolver:
    """The machine's resolver, made for the first name: most cities have none, and dnspython takes 3 MB."""

    def __init__(self) -> None:
        self._made: Resolver | None = None

    async def resolve(self, name: str, family: Family) -> Answer:
        """See `Resolver`."""
        if self._made is None:
            made = await asyncio.to_thread(_make_resolver)
            self._made = self._made or made  # many names may have waited for the first
        return await self._made.resolve(name, family)


def _make_resolver() -> Resolver:
    from exporter.probing.names.dns_resolver import DnsResolver

    return DnsResolver()
