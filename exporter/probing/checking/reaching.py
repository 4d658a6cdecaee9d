"""From a host to an open connection: names by the exporter's own resolver, errors by whose they are.

Nothing here runs in a thread that somebody would have to wait for: a look-up that hangs is cancelled like all else.
"""

import asyncio
import errno
import ssl

from exporter.probing.checking.questions import UnaskableError
from exporter.probing.names.reach import Reach
from exporter.probing.names.resolver import Found, Resolver
from pantau.inventory import parse_ip

READ_LIMIT_BYTES = 16 * 1024
"""What a line or a head may have, whoever sends it."""
_OURS = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM}
)
"""What our own kernel refuses."""
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Reaching:
    """How checks get to where they ask."""

    def __init__(self, resolver: Resolver, reach: Reach) -> None:
        self._resolver, self._reach = resolver, reach

    async def number_of(self, host: str) -> str:
        """An address of a host; `UnaskableError` where nobody can say one, or nobody else can be there."""
        number = parse_ip(host)
        if number is not None:
            return str(number)
        for family in self._reach.families:
            answer = await self._resolver.resolve(host, family)
            if isinstance(answer, Found):
                good = [it for it in answer.addresses if self._reach.objection(it) is None]
                if good:
                    return str(good[0])
        raise UnaskableError(host)

    async def connect(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> Streams:
        """Streams to a host. Raises `UnaskableError` where it is we who cannot, and `OSError` where nobody answers."""
        number = await self.number_of(host)
        try:
            reader, writer = await asyncio.open_connection(number, port, limit=READ_LIMIT_BYTES)
            if tls is not None:
                await _secured(writer, tls, host)
        except OSError as error:
            if error.errno in _OURS and not isinstance(error, ssl.SSLError):  # whose numbers are others
                raise UnaskableError(str(error)) from error
            raise
        else:
            return reader, writer


async def _secured(writer: asyncio.StreamWriter, tls: ssl.SSLContext, host: str) -> None:
    """Upgrade to TLS. A handshake that fails, or is given up, ends its socket at once: closing in good order would wait
    half a minute for whoever is silent, and a hundred such servers would have all our sockets.
    """
    plain, secured = writer.transport, False
    try:
        await writer.start_tls(tls, server_hostname=host)
        secured = True
    finally:
        if not secured:
            plain.abort()
