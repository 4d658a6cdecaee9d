"""What the kernel says beside each message: timestamps and extended errors, read for many messages at once.

The layout is that of `cmsg(3)` on 64-bit Linux: a header of 16 bytes, then data, aligned to 8. The kernel puts the
timestamp first where it has one, then IP_RECVERR or IPV6_RECVERR on messages of the error queue. SCM_TIMESTAMPING holds
three timespecs; the older SCM_TIMESTAMPNS one timespec, SCM_TIMESTAMP one timeval (socket(7)).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exporter.probing.icmp.transport import Bytes
from exporter.probing.outcome import Int64

SOL_SOCKET = 1
SO_TIMESTAMP, SO_TIMESTAMPNS, SO_TIMESTAMPING = 29, 35, 37
SCM_TIMESTAMP, SCM_TIMESTAMPNS, SCM_TIMESTAMPING = SO_TIMESTAMP, SO_TIMESTAMPNS, SO_TIMESTAMPING
TIMESTAMPING_TX_SOFTWARE = 1 << 1
TIMESTAMPING_RX_SOFTWARE = 1 << 3
TIMESTAMPING_SOFTWARE = 1 << 4

ORIGIN_ICMP = 2
ORIGIN_ICMP6 = 3
ORIGIN_TIMESTAMPING = 4

CONTROL_SIZE = 128
"""Room for a timestamp (64 bytes), an extended error (32) and the address of whoever reported it (up to 28)."""

_STAMP_SPACE = 64  # a header and three timespecs
_OLD_STAMP_SPACE = 32  # a header and a timespec or timeval
_ERROR_SPACE = 32  # a header and a sock_extended_err
_SECONDS, _FRACTION = 2, 3  # in words of 8 bytes from the front
_ORIGIN = 20  # bytes from the front of the extended error's header; its type and code follow


def _header(kind: int) -> int:
    """Level and type of a timestamp's header, as the second word of 8 bytes: they are compared as one."""
    return int(np.array([SOL_SOCKET, kind], np.int32).view(np.int64)[0])


_STAMP_HEADER = _header(SCM_TIMESTAMPING)
_OLD_STAMPS = ((_header(SCM_TIMESTAMPNS), 1), (_header(SCM_TIMESTAMP), 1_000))
"""Headers, and the nanoseconds of a unit of their fractions."""


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
    return _read_stamps(control, sizes, fallback_ns)[0]


def read_ancillary(control: Bytes, sizes: NDArray[np.uint64], fallback_ns: int) -> Ancillary:
    """Read n rows of CONTROL_SIZE contiguous bytes, of which `sizes` were written; no stamp becomes `fallback_ns`."""
    wall_ns, space = _read_stamps(control, sizes, fallback_ns)
    present = sizes >= (space + _ERROR_SPACE).astype(np.uint64)
    said = np.take_along_axis(control, space[:, None] + np.arange(_ORIGIN, _ORIGIN + 3), axis=1)
    return Ancillary(
        wall_ns=wall_ns,
        origin=np.where(present, said[:, 0], np.uint8(0)),
        type=said[:, 1],
        code=said[:, 2],
    )


def _read_stamps(control: Bytes, sizes: NDArray[np.uint64], fallback_ns: int) -> tuple[Int64, Int64]:
    """The timestamps, and how many bytes each takes in front of what follows."""
    quads = control.view(np.int64)
    wall_ns = quads[:, _SECONDS] * 1_000_000_000 + quads[:, _FRACTION]
    stamped = (sizes >= _STAMP_SPACE) & (quads[:, 1] == _STAMP_HEADER)
    if stamped.all():  # nearly always
        return wall_ns, np.full(len(sizes), _STAMP_SPACE, np.int64)
    space = np.where(stamped, _STAMP_SPACE, 0)
    wall_ns[~stamped] = fallback_ns
    for header, unit_ns in _OLD_STAMPS:
        old = (sizes >= _OLD_STAMP_SPACE) & (quads[:, 1] == header)
        wall_ns[old] = quads[old, _SECONDS] * 1_000_000_000 + quads[old, _FRACTION] * unit_ns
        space[old] = _OLD_STAMP_SPACE
    return wall_ns, space
