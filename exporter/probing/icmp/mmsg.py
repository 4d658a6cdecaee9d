"""`sendmmsg(2)` and `recvmmsg(2)` over preallocated numpy arrays.

The only file that knows ctypes. The C functions are called without releasing the interpreter lock (`PyDLL`): they never
block on a non-blocking socket, and a thread that renders a scrape thus cannot slip between a packet and its time stamp.
"""

import ctypes

import numpy as np
from numpy.typing import NDArray

from exporter.probing.icmp.transport import Bytes

MSG_DONTWAIT = 0x40
MSG_ERRQUEUE = 0x2000
MSG_TRUNC = 0x20

NAME_SIZE = 28
"""Bytes of a `sockaddr_in6`, the larger of the two addresses."""


class _IoVec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_size_t), ("size", ctypes.c_size_t))


class _MsgHdr(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_size_t),
        ("name_size", ctypes.c_uint32),
        ("iov", ctypes.c_size_t),
        ("iov_count", ctypes.c_size_t),
        ("control", ctypes.c_size_t),
        ("control_size", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _MMsgHdr(ctypes.Structure):
    _fields_ = (("hdr", _MsgHdr), ("size", ctypes.c_uint))


_libc = ctypes.PyDLL(None, use_errno=True)


def _rows(array: Bytes) -> NDArray[np.uint64]:
    """The machine address of each row of a two-dimensional array."""
    return array.ctypes.data + np.arange(len(array), dtype=np.uint64) * np.uint64(array.strides[0])


class MessageVector:
    """Room for `count` messages of up to `size` bytes, each with an address and `control_size` bytes of ancillary data.

    `data`, `name` and `control` are arrays of bytes, one row a message; `size` and `control_size` are what the kernel
    wrote for each after `receive`.
    """

    def __init__(self, count: int, size: int, control_size: int = 0) -> None:
        self.count = count
        self.data: Bytes = np.zeros((count, size), np.uint8)
        self.name: Bytes = np.zeros((count, NAME_SIZE), np.uint8)
        self.control: Bytes = np.zeros((count, max(control_size, 1)), np.uint8)
        self._control_room = control_size
        vectors = np.zeros(count, np.dtype(_IoVec))
        vectors["base"] = _rows(self.data)
        vectors["size"] = size
        self._vectors = vectors  # kept: the headers point into it
        self._headers = np.zeros(count, np.dtype(_MMsgHdr))
        header = self._headers["hdr"]
        header["name"] = _rows(self.name)
        header["name_size"] = NAME_SIZE
        header["iov"] = vectors.ctypes.data + np.arange(count, dtype=np.uint64) * np.uint64(vectors.itemsize)
        header["iov_count"] = 1
        if control_size:
            header["control"] = _rows(self.control)
        self.size = self._headers["size"]
        self.control_size = header["control_size"]
        self._name_size = header["name_size"]
        self._address = self._headers.ctypes.data
        self._step = self._headers.itemsize

    def set_name_size(self, size: int) -> None:
        """Say how many bytes of each row of `name` are the address, before sending."""
        self._name_size[:] = size

    def send(self, fd: int, first: int, last: int) -> tuple[int, int]:
        """Send messages `first` to `last` (exclusive): how many left, and the errno of the one that did not (or 0)."""
        sent = _libc.sendmmsg(fd, ctypes.c_void_p(self._address + first * self._step), last - first, MSG_DONTWAIT)
        return (0, ctypes.get_errno()) if sent < 0 else (sent, 0)

    def receive(self, fd: int, flags: int = 0) -> tuple[int, int]:
        """Take up to `count` waiting messages: how many there were, and the errno if there was none (or 0)."""
        self._name_size[:] = NAME_SIZE
        self.control_size[:] = self._control_room
        got = _libc.recvmmsg(fd, ctypes.c_void_p(self._address), self.count, MSG_DONTWAIT | flags, None)
        return (0, ctypes.get_errno()) if got < 0 else (got, 0)
