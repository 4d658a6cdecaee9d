"""What the kernel says beside each message: timestamps and extended errors, read for many messages at once.

The layout is that of `cmsg(3)` on 64-bit Linux: a header of 16 bytes, then data, aligned to 8. The kernel puts
SCM_TIMESTAMPING first where it has a stamp, then IP_RECVERR or IPV6_RECVERR on messages of the error queue.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exporter.probing.outcome import Int64
from exporter.probing.transport import Bytes

SOL_SOCKET = 1
SO_TIMESTAMPING = 37
SCM_TIMESTAMPING = SO_TIMESTAMPING
TIMESTAMPING_TX_SOFTWARE = 1 << 1
TIMESTAMPING_RX_SOFTWARE = 1 << 3
TIMESTAMPING_SOFTWARE = 1 << 4

ORIGIN_ICMP = 2
ORIGIN_ICMP6 = 3
ORIGIN_TIMESTAMPING = 4

_HEADER = 16
_TIMESTAMPING_SPACE = _HEADER + 48  # three timespecs
_ERROR_BYTES = _HEADER + 16  # a sock_extended_err
CONTROL_SIZE = _TIMESTAMPING_SPACE + _ERROR_BYTES + 32
"""Room for a timestamp, an extended error and the address of whoever reported it."""


def _int32(control: Bytes, offset: int) -> NDArray[np.int32]:
    return np.ascontiguousarray(control[:, offset : offset + 4]).view(np.int32)[:, 0]


def _has_stamp(control: Bytes, sizes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    has_stamp: NDArray[np.bool_] = (
        (sizes >= _TIMESTAMPING_SPACE)
        & (_int32(control, 8) == SOL_SOCKET)
        & (_int32(control, 12) == SCM_TIMESTAMPING)
    )
    return has_stamp


def wall_stamps(control: Bytes, sizes: NDArray[np.uint64], fallback_ns: int) -> Int64:
    """The software timestamp of each message in nanoseconds of wall time, `fallback_ns` where the kernel gave none."""
    words = np.ascontiguousarray(control[:, _HEADER : _HEADER + 16]).view(np.int64)
    return np.where(_has_stamp(control, sizes), words[:, 0] * 1_000_000_000 + words[:, 1], fallback_ns)


@dataclass(frozen=True, slots=True)
class ExtendedErrors:
    """The `sock_extended_err` of each message of an error queue."""

    origin: NDArray[np.uint8]
    """0 where there is none."""
    type: NDArray[np.int32]
    code: NDArray[np.int32]


def extended_errors(control: Bytes, sizes: NDArray[np.uint64]) -> ExtendedErrors:
    """Read them from behind the timestamp, or from the front where there is no timestamp."""
    start = np.where(_has_stamp(control, sizes), _TIMESTAMPING_SPACE, 0)
    columns = start[:, None] + (_HEADER + np.arange(4, 7))
    fields = np.take_along_axis(control, columns, axis=1)
    present = sizes >= (start + _ERROR_BYTES).astype(np.uint64)
    return ExtendedErrors(
        origin=np.where(present, fields[:, 0], np.uint8(0)),
        type=fields[:, 1].astype(np.int32),
        code=fields[:, 2].astype(np.int32),
    )
