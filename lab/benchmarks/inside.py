"""Moves a thread into a network namespace, so that the sockets it opens belong there."""

import ctypes
import os

_CLONE_NEWNET = 0x4000_0000


def enter(namespace: str) -> None:
    """setns(2); Python 3.11 has no os.setns."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(f"/run/netns/{namespace}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        if libc.setns(descriptor, _CLONE_NEWNET):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), namespace)
    finally:
        os.close(descriptor)
