"""The machine's resolver, made when the first name is to be looked up."""

import asyncio

from exporter.probing.names.resolver import Resolution, Resolver


class LateResolver:
    """The machine's resolver, made for the first name: most cities have none, and dnspython takes 3 MB."""

    def __init__(self, family: str = "any") -> None:
        self._family = family
        self._made: Resolver | None = None

    async def resolve(self, name: str) -> Resolution:
        """See `Resolver`."""
        if self._made is None:
            self._made = await asyncio.to_thread(_make_resolver, self._family)
        return await self._made.resolve(name)


def _make_resolver(family: str) -> Resolver:
    from exporter.probing.names.dns_resolver import DnsResolver

    return DnsResolver() if family == "any" else DnsResolver(family)
