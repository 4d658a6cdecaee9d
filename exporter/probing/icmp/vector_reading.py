"""What the two queues of a socket have in common: how a vector of messages is filled, and where an address stands."""

import errno
from typing import Final

from exporter.probing.addresses import address_rows
from exporter.probing.icmp.mmsg import MessageVector
from exporter.probing.icmp.transport import Bytes, Family
from exporter.probing.outcome import Uint64

RECEIVE_BATCH: Final = 256
_TRIES = 64
"""Each ICMP error that arrives is also an error of the next call; a reply behind a hundred of them must not stay unread
beyond its deadline."""
_FATAL = frozenset({errno.EBADF, errno.ENOTSOCK, errno.EFAULT, errno.EINVAL, errno.ENOMEM})


def receive_some(vector: MessageVector, fd: int, flags: int) -> int:
    """How many messages were received; 0 when none is left.

    A pending error of the socket says nothing here and is taken off first. It also ends a call early, so that fewer
    messages than the vector holds do not mean that these were all.
    """
    for _ in range(_TRIES):
        got, error = vector.receive(fd, flags)
        if error in _FATAL:
            raise OSError(error, "the ICMP socket cannot be read")
        if got or error == errno.EAGAIN:
            return got
    return 0


def address_words_of(family: Family, names: Bytes) -> Uint64:
    """The address words of n `sockaddr_in` or `sockaddr_in6`."""
    return address_rows(names[:, 4:8] if family == 4 else names[:, 8:24])
