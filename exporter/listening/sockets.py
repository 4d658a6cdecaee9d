"""Listening sockets: for one place, or for both families where it is everywhere or a name of both."""

import errno
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from pantau.errors import PantauError
from pantau.inventory.listening import EVERYWHERE

BACKLOG = 1024
"""Connections that the kernel keeps until they are accepted."""
_SEND_BYTES = 131_072
"""The kernel's buffer of one connection, which it doubles: of itself it would take megabytes for who does not read."""
_NO_SUCH_FAMILY = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
_FLAG = "--web.listen-address"


class ListenError(PantauError):
    """The address to listen on cannot be had; the text says why and what to do."""


@contextmanager
def open_listeners(host: str, port: int) -> Iterator[Sequence[socket.socket]]:
    """The sockets of one place, which do not block; a name may have several. Raises `OSError`."""
    with ExitStack() as opened:
        if host == EVERYWHERE:
            both = socket.has_dualstack_ipv6()
            family = socket.AF_INET6 if both else socket.AF_INET
            one = socket.create_server(("", port), family=family, backlog=BACKLOG, dualstack_ipv6=both)
            sockets = [opened.enter_context(one)]
        else:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
            sockets, failure = [], None
            for family, address in dict.fromkeys((family, str(where[0])) for family, _, _, _, where in found):
                # Port 0 is chosen once: a name's addresses have the same.
                chosen = sockets[0].getsockname()[1] if sockets else port
                try:
                    one = socket.create_server((address, chosen), family=family, backlog=BACKLOG)
                except OSError as error:
                    if error.errno not in _NO_SUCH_FAMILY:
                        raise
                    failure = error  # as of ::1 for localhost, where IPv6 is switched off
                else:
                    sockets.append(opened.enter_context(one))
            if failure is not None and not sockets:
                raise failure
        for each in sockets:
            each.setblocking(False)
            each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BYTES)  # those that are accepted have it too
        yield sockets


def place(host: str, port: int) -> str:
    """``HOST:PORT``, an IPv6 host in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def reason(error: OSError) -> str:
    """Why the socket could not be had, and what to do."""
    if isinstance(error, socket.gaierror):
        return f"no such host; choose an address of this machine with {_FLAG}"
    reasons = {
        errno.EADDRINUSE: f"address already in use: another exporter? choose another with {_FLAG}",
        errno.EACCES: f"permission denied: ports below 1024 are for root; choose another with {_FLAG}",
        errno.EADDRNOTAVAIL: f"this machine has no such address; choose another with {_FLAG}",
    }
    return reasons.get(error.errno or 0, f"{error.strerror}; choose another with {_FLAG}")
