"""What a running process has used: CPU seconds and memory, from /proc."""

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_LOOK_SECONDS = 0.2


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads, as exactly as the scheduler tells it, and of children waited for."""
    running = sum(map(_nanoseconds, Path(f"/proc/{pid}/task").iterdir())) / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    ended = (int(fields[11]) + int(fields[12])) / _TICKS
    return max(running, ended) + (int(fields[13]) + int(fields[14])) / _TICKS


def _nanoseconds(thread: Path) -> int:
    try:
        return int((thread / "schedstat").read_text().split()[0])
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile, and is counted in the process's own times
        return 0


def run_measured(command: Sequence[str], text: str) -> tuple[str, str, float, int]:
    """Run a program with `text` as its input: its two outputs, CPU seconds and largest memory in bytes."""
    with (
        tempfile.TemporaryFile("w+") as given,
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
    ):
        given.write(text)
        given.seek(0)
        process = subprocess.Popen(command, stdin=given, stdout=out, stderr=err)
        ended, largest = 0, 0
        while not ended:
            # Looked at from outside: ru_maxrss begins with what the parent had when it forked.
            largest = max(largest, resident_bytes(process.pid))
            time.sleep(_LOOK_SECONDS)
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in (out, err):
            file.seek(0)
        return out.read(), err.read(), usage.ru_utime + usage.ru_stime, largest


def resident_bytes(pid: int) -> int:
    """Memory in use now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES


def descriptors(pid: int) -> int:
    """Open files and sockets."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
