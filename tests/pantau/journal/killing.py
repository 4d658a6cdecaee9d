"""A child that is killed at a random instant, and the last number that it had said by then."""

import os
import select
import signal
import time
from collections.abc import Callable


def kill_one(write: Callable[[int], None], delay_seconds: float) -> int:
    """Let a child `write`, which says numbers, a line each, into the file descriptor that it gets.

    It is killed so long after its first word; returns the last whole number that it said.
    """
    reading, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write(told)
        finally:
            os._exit(1)
    os.close(told)
    said = os.read(reading, 64)
    deadline = time.monotonic() + delay_seconds
    while (left := deadline - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            said = (said + os.read(reading, 4096))[-64:]
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 4096):
        said = (said + more)[-64:]
    os.close(reading)
    return int(said.split(b"\n")[-2])
