"""What each request passes before it is answered: its connection is marked busy, its Host, its rate, its password.

Of what is refused the body is not read, and what is said is one line.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection

from aiohttp import web

from exporter.listening.connections import Connections
from exporter.listening.limits import Buckets, client_of
from exporter.web.access import WebAccess
from exporter.web.hosts import from_elsewhere, host_of, is_ours
from exporter.web.users import LoginResult

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MOST_BODY_BYTES = 1024
"""No request of ours has a body."""
ONE_RATE, ONE_BURST = 50.0, 200.0
"""Requests a second of one client that is not known, and how many at once; ..."""
ALL_RATE, ALL_BURST = 400.0, 800.0
"""... and of all of them together."""

_ALIVE = frozenset({"/-/healthy", "/-/ready"})
"""They tell nothing that anybody could want to know, and are asked by whatever name an orchestrator has for us."""
_HEADERS = {
    "Server": "pantau",  # and not the versions of what it is made of
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
}


class Guard:
    """A middleware. `names` are the hosts, and `origins` the origins, that lead here beside those that always do."""

    def __init__(self, access: WebAccess, names: Collection[str] = (), origins: Collection[str] = ()) -> None:
        self._access, self._names, self._origins = access, names, origins
        self.connections: Connections | None = None
        """Of the listener, once there is one."""
        self._one, self._all = Buckets(ONE_RATE, ONE_BURST), Buckets(ALL_RATE, ALL_BURST)

    def known(self, request: web.Request) -> bool:
        """Whether the client is one of those that have places of their own."""
        held = self.connections.of(request.transport) if self.connections else None
        return held is not None and held.known

    async def pass_on(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request, or say why not."""
        held = self.connections.of(request.transport) if self.connections else None
        loop = asyncio.get_running_loop()
        if held is not None:
            held.begin(loop.time())
        try:
            refused = await self._refusal(request, loop.time())
            return await handler(request) if refused is None else refused
        finally:
            if held is not None:
                held.finish(loop.time())

    async def set_headers(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Those of each answer."""
        response.headers.update({**_HEADERS, **self._access.headers})
        for name, value in self._access.headers.items():
            if not value:
                del response.headers[name]

    async def _refusal(self, request: web.Request, now: float) -> web.Response | None:
        """The answer to who is not let in."""
        if (request.content_length or 0) > MOST_BODY_BYTES:
            return _refused(413, "nothing here takes a body")
        host = request.headers.get("Host")
        foreign = host is not None and not is_ours(host_of(host), self._names)
        changes = request.method not in ("GET", "HEAD")
        if foreign and (changes or (self._access.is_open and request.path not in _ALIVE)):
            return _refused(403, "not a name of this server; add its URL to --web.external-url")
        if changes and from_elsewhere(request.headers, self._origins):
            return _refused(403, "sent by a page of another origin")
        if not self._is_in_time(request, now):
            return _refused(429, "too many requests")
        return await self._unproved(request)

    def _is_in_time(self, request: web.Request, now: float) -> bool:
        client = client_of(request.remote or "0.0.0.0")  # noqa: S104 - nobody listens there, it is a name for a bucket
        if not self.known(request) and not (self._one.take(client, now) and self._all.take("", now)):
            return False
        return self._access.allows(now)

    async def _unproved(self, request: web.Request) -> web.Response | None:
        """Where certificates' names or passwords are asked for, the answer to who has none that fits."""
        transport = request.transport
        certificate = transport.get_extra_info("peercert") if transport is not None else None
        if not self._access.knows_client(certificate):
            return _refused(403, "no name of your certificate is let in")
        if not self._access.users.hashes:
            return None
        client = client_of(request.remote or "0.0.0.0")  # noqa: S104 - the same
        entry = await self._access.users.entry(request.headers.get("Authorization", ""), client)
        if entry is LoginResult.ALLOWED:
            return None
        if entry is LoginResult.LIMITED:
            return _refused(429, "too many passwords at once, or too many wrong ones; wait a minute")
        refused = _refused(401, "user and password, please")
        refused.headers["WWW-Authenticate"] = 'Basic realm="pantau"'
        return refused


def _refused(status: int, text: str) -> web.Response:
    response = web.Response(status=status, text=f"{text}\n")
    response.force_close()
    return response
