"""Whether the kernel's clock is kept by NTP: adjtimex(2), asked and never set."""

import ctypes
from typing import NamedTuple

_STA_UNSYNC = 0x0040  # linux/timex.h
_TIME_ERROR = 5
_ROOM = 512
"""Bytes behind the fields that we read: the kernel's structure has some 200."""


class _Timex(ctypes.Structure):
    """The first fields of ``struct timex``."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * _ROOM),
    )


class ClockState(NamedTuple):
    """What the kernel says of its clock."""

    synchronised: bool
    """Whether something keeps it; without, the kernel says so some nine hours after the last correction."""
    max_error_seconds: float

    @property
    def facts(self) -> dict[str, object]:
        """As an entry has it."""
        return {"synchronised": self.synchronised, "max_error_ms": round(self.max_error_seconds * 1000)}


def kernel_clock() -> ClockState | None:
    """The state of the clock; None where the system has no such call, or does not let us ask (some containers)."""
    try:
        adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return None
    timex = _Timex(modes=0)
    state = adjtimex(ctypes.byref(timex))
    if state < 0:
        return None
    return ClockState(state != _TIME_ERROR and not timex.status & _STA_UNSYNC, timex.maxerror / 1e6)
