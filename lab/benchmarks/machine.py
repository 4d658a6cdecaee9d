"""Where and with what a run was made."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from lab.benchmarks.bench import Row
from lab.benchmarks.rows.false_loss import peers


def describe() -> Row:
    """Machine, versions and date."""
    processor = next(
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    libraries = ("numpy", "aiohttp", "prometheus-client")
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": processor,
        "processors": os.cpu_count(),
        "memory_bytes": pages,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_at_start": os.getloadavg()[0],
        "nice": group_nice(),
        "versions": {peer.name: peer.version() for peer in peers()}
        | {name: version(name) for name in libraries}
        | {"prometheus": _prometheus()},
    }


def group_nice() -> int:
    """Of the whole run against other work, where the kernel weighs them so (`sched(7)`, autogroups); else 0."""
    file = Path("/proc/self/autogroup")
    return int(file.read_text().split()[-1]) if file.exists() else 0


def _prometheus() -> str:
    done = subprocess.run(["prometheus", "--version"], capture_output=True, text=True, check=True)
    return (done.stdout + done.stderr).split("version ")[1].split()[0].rstrip(",")
