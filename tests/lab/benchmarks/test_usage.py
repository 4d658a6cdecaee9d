"""What a process has used is read while its threads come and go."""

import os
import threading
import time

from lab.benchmarks.usage import cpu_seconds


def test_threads_that_end_while_they_are_read_disturb_nothing() -> None:
    """A thread may be listed and gone a moment later; what it has used is in the process's own times."""
    stop = threading.Event()

    def breed() -> None:
        while not stop.is_set():
            threading.Thread(target=int).start()

    parents = [threading.Thread(target=breed) for _ in range(4)]
    for parent in parents:
        parent.start()
    try:
        before, ends = cpu_seconds(os.getpid()), time.monotonic() + 1.0
        while time.monotonic() < ends:
            after = cpu_seconds(os.getpid())
        assert after - before > 0.05
    finally:
        stop.set()
        for parent in parents:
            parent.join()
