"""Runs a command on a kernel that lacks what an old or emulated one lacks, by a seccomp filter (seccomp(2)).

python -m tests.city.old_kernel options|batches COMMAND...
"""

import ctypes
import errno
import os
import platform
import struct
import sys

_NUMBERS = {
    "x86_64": {"setsockopt": 54, "getsockopt": 55, "sendmmsg": 307, "recvmmsg": 299},
    "aarch64": {"setsockopt": 208, "getsockopt": 209, "sendmmsg": 269, "recvmmsg": 243},
}
_OPTIONS = [
    *(("setsockopt", 1, number) for number in (29, 32, 33, 35, 37)),  # stamps, and buffers by force
    *(("setsockopt", level, number) for level, number in ((0, 11), (41, 25), (255, 1), (58, 1))),
    ("getsockopt", 1, 55),
]
"""Call, level and option."""
_LOAD, _EQUALS, _RETURN = 0x20, 0x15, 0x06
_NUMBER, _LEVEL, _OPTION = 0, 24, 32
"""Where `seccomp_data` has the call's number and the low halves of its second and third argument."""
_ALLOW, _ERRNO = 0x7FFF_0000, 0x0005_0000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2


def _instruction(code: int, value: int, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, 0, otherwise, value)


def _refuse(number: int, wanted: list[tuple[int, int]]) -> bytes:
    """Refuse a call whose data at each offset has the wanted value."""
    steps = b""
    for place, (offset, value) in enumerate(wanted):
        beyond = 2 * (len(wanted) - place - 1) + 1
        steps += _instruction(_LOAD, offset) + _instruction(_EQUALS, value, beyond)
    return steps + _instruction(_RETURN, _ERRNO | number)


def _program(lacks: str) -> bytes:
    numbers = _NUMBERS[platform.machine()]
    if lacks == "batches":
        parts = [_refuse(errno.ENOSYS, [(_NUMBER, numbers[call])]) for call in ("sendmmsg", "recvmmsg")]
    else:
        parts = [
            _refuse(errno.ENOPROTOOPT, [(_NUMBER, numbers[call]), (_LEVEL, level), (_OPTION, option)])
            for call, level, option in _OPTIONS
        ]
    return b"".join(parts) + _instruction(_RETURN, _ALLOW)


def main(lacks: str, command: list[str]) -> None:
    """Set the filter, and become the command."""
    program = ctypes.create_string_buffer(_program(lacks))
    header = ctypes.create_string_buffer(struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(program)))
    libc = ctypes.CDLL(None, use_errno=True)
    calls = (
        (_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), ctypes.c_ulong(0)),
        (_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), header),
    )
    for option, first, second in calls:
        if libc.prctl(option, first, second, ctypes.c_ulong(0), ctypes.c_ulong(0)):
            raise OSError(ctypes.get_errno(), "prctl")
    os.execvp(command[0], command)  # noqa: S606 - it is to become the command, filter and all


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
