"""What the kernel says beside each message: timestamps and extended errors, read for many messages at once.

The layout is that of `cmsg(3)` on 64-bit Linux: a header of 16 bytes, then data, aligned to 8. The kernel puts
SCM_TIMESTAMPING first where it has a stamp, then IP_RECVERR or IPV6_RECVERR on messages of the error queue.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exporter.probing.icmp.transport import Bytes
from exporter.probing.outcome import Int64

SOL_SOCKET = 1
SO_TIMESTAMPING = 37
SCM_TIMESTAMPING = SO_TIMESTAMPING
TIMESTAMPING_TX_SOFTWARE = 1 << 1
TIMESTAMPING_RX_SOFTWARE = 1 << 3
TIMESTAMPING_SOFTWARE = 1 << 4

ORIGIN_ICMP = 2
ORIGIN_ICMP6 = 3
ORIGIN_TIMESTAMPING = 4

CONTROL_SIZE = 128
"""Room for a timestamp (64 bytes), an extended error (32) and the address of whoever reported it (up to 28)."""

_STAMP_SPACE = 64  # a header and three timespecs
_ERROR_SPACE = 32  # a header and a sock_extended_err
_SECONDS, _NANOSECONDS = 2, 3  # in words of 8 bytes from the front
_STAMP_HEADER = int(np.array([SOL_SOCKET, SCM_TIMESTAMPING], np.int32).view(np.int64)[0])
"""Level and type of a timestamp's header, as the second word of 8 bytes."""
_ORIGIN = 20  # bytes from the front of the extended error's header; its type and code follow


@dataclass(frozen=True, slots=True)
class Ancillary:
    """What n messages carried beside their data."""

    wall_ns: Int64
    """The kernel's software timestamp, in nanoseconds of wall time."""
    origin: NDArray[np.uint8]
    """Who speaks in the extended error (ORIGIN_*); 0 where there is none."""
    type: NDArray[np.uint8]
    code: NDArray[np.uint8]
    """ICMP type and code of the extended error."""


def read_stamps(control: Bytes, sizes: NDArray[np.uint64], fallback_ns: int) -> Int64:
    """The timestamps alone of n rows of CONTROL_SIZE contiguous bytes, of which `sizes` were written."""
    stamped = _stamped(control, sizes)
    quads = control.view(np.int64)
    wall_ns = quads[:, _SECONDS] * 1_000_000_000 + quads[:, _NANOSECONDS]
    if not stamped.all():
        wall_ns[~stamped] = fallback_ns
    return wall_ns


def read_ancillary(control: Bytes, sizes: NDArray[np.uint64], fallback_ns: int) -> Ancillary:
    """Read n rows of CONTROL_SIZE contiguous bytes, of which `sizes` were written; no stamp becomes `fallback_ns`."""
    stamped = _stamped(control, sizes)
    wall_ns = read_stamps(control, sizes, fallback_ns)
    present = sizes >= np.where(stamped, np.uint64(_STAMP_SPACE + _ERROR_SPACE), np.uint64(_ERROR_SPACE))
    after, front = _STAMP_SPACE + _ORIGIN, _ORIGIN
    return Ancillary(
        wall_ns=wall_ns,
        origin=np.where(present, np.where(stamped, control[:, after], control[:, front]), np.uint8(0)),
        type=np.where(stamped, control[:, after + 1], control[:, front + 1]),
        code=np.where(stamped, control[:, after + 2], control[:, front + 2]),
    )


def _stamped(control: Bytes, sizes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which rows begin with a timestamp. Level and type are compared as one word."""
    stamped: NDArray[np.bool_] = (sizes >= _STAMP_SPACE) & (control.view(np.int64)[:, 1] == _STAMP_HEADER)
    return stamped
