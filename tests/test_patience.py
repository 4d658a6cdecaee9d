"""What is prompt: neither a wait nor our own work takes long; to be kept from the processor is no fault of ours."""

import os
import subprocess
import sys
import time

import pytest

from tests.patience import promptly


def test_a_wait_is_not_prompt() -> None:
    """Whoever sleeps has not asked for a processor."""
    with pytest.raises(AssertionError, match=r"it took 0\.[2-9]"), promptly(0.1):
        time.sleep(0.2)


def test_work_is_not_prompt() -> None:
    """Nor is it to hold the processor for as long."""
    with pytest.raises(AssertionError), promptly(0.1):
        _work(0.2)


def test_to_wait_for_a_processor_counts_for_nothing() -> None:
    """Beside another that wants the same one: twice as long, and as prompt."""
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as other:
        try:
            begun = time.monotonic()
            with promptly(0.9):
                _work(0.7)
            assert time.monotonic() - begun > 0.9
        finally:
            os.sched_setaffinity(0, processors)
            other.kill()


def _work(cpu_seconds: float) -> None:
    begun = time.process_time()
    while time.process_time() - begun < cpu_seconds:
        pass
