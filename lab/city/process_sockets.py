"""Duplicates of the sockets of another process (pidfd_getfd(2)), by which a test changes their buffers."""

import ctypes
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PIDFD_GETFD = 438
"""The number of pidfd_getfd(2), the same on all architectures."""
_KINDS = (socket.SOCK_DGRAM, socket.SOCK_RAW)


@contextmanager
def icmp_socket_of(pid: int, family: socket.AddressFamily = socket.AF_INET) -> Iterator[socket.socket]:
    """The ICMP socket of a family that process `pid` has open. What is set on it is set on the process's own."""
    process = os.pidfd_open(pid)
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            if not str(link.readlink()).startswith("socket:"):
                continue
            sock = _duplicate(process, int(link.name))
            if sock.family == family and sock.type & ~socket.SOCK_NONBLOCK in _KINDS:
                break
            sock.close()
        else:
            raise LookupError(f"process {pid} has no ICMP socket of {family.name}")
    finally:
        os.close(process)
    with sock:
        yield sock


def _duplicate(process: int, descriptor: int) -> socket.socket:
    libc = ctypes.CDLL(None, use_errno=True)
    own = libc.syscall(_PIDFD_GETFD, process, descriptor, 0)
    if own < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), "pidfd_getfd")
    return socket.socket(fileno=own)
