"""A Debian of the test's own, booted by a real systemd as its process 1: units start, die and start again in it.

Its files are debootstrap's, its network is a namespace of the test, and systemd-nspawn keeps it away from the machine.
"""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.programs import cannot_run, require_program

PACKAGES = ("ca-certificates", "curl", "dbus", "prometheus", "prometheus-alertmanager", "python3-venv")
_BOOT_SECONDS, _STOP_SECONDS = 120, 60
_PATH = "PATH=/usr/sbin:/usr/bin:/sbin:/bin:/opt/pantau/bin"
_NAMESPACES = ("--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wdns=/")


def debian_with_systemd(folder: Path) -> Path:
    """The root of a Debian 12 without anything that nobody asked for: no editor, no procps, no netbase."""
    root = folder / "root"
    include = ",".join(("systemd", "systemd-sysv", *PACKAGES))
    command = [str(require_program("debootstrap")), "--variant=minbase", f"--include={include}", "bookworm", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout[-3000:]
    # Where packages come through a proxy with an authority of its own, this machine knows it, the new system not yet.
    for name in ("ssl/certs/ca-certificates.crt", "resolv.conf", "hosts"):
        shutil.copy(Path("/etc", name), root / "etc" / name)
    return root


@dataclass(frozen=True, slots=True)
class BootedSystem:
    """`leader` is its process 1, as this machine counts."""

    leader: int

    def run(self, *command: str, check: bool = True, seconds: float = 180) -> str:
        """What a command says inside, on either stream."""
        entering = [str(require_program("nsenter")), "--target", str(self.leader), *_NAMESPACES]
        done = subprocess.run(
            [*entering, "env", "-i", _PATH, "LANG=C.UTF-8", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd="/",
            start_new_session=True,  # what it signals is its own group at most
            timeout=seconds,
        )
        assert done.returncode == 0 or not check, f"{command}: {done.stdout[-3000:]}"
        return done.stdout.strip()

    def waited(self, holds: Callable[[], bool], what: str, unit: str, seconds: float = 60) -> None:
        """Return once it holds; else fail with what the unit has said."""
        deadline = time.monotonic() + seconds
        while not holds():
            said = "" if time.monotonic() < deadline else self.run("journalctl", "-u", unit, "--no-pager", "-n", "40")
            assert not said, f"no {what} within {seconds:g} s:\n{said}"
            time.sleep(0.3)


@contextmanager
def booted(root: Path, network: str, log: Path) -> Iterator[BootedSystem]:
    """Boot the system in the network namespace of that name; leaving shuts it down."""
    nspawn = str(require_program("systemd-nspawn"))
    options = ("--boot", "--register=no", "--keep-unit", "--console=read-only", "--machine=pantau-tried")
    command = [nspawn, "--directory", str(root), *options, f"--network-namespace-path=/run/netns/{network}"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            system = BootedSystem(_leader(process, log))
            yield system
            system.run("systemctl", "poweroff", check=False)
            assert process.wait(_STOP_SECONDS) == 0
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(_STOP_SECONDS)


def _leader(process: "subprocess.Popen[bytes]", log: Path) -> int:
    deadline = time.monotonic() + _BOOT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            cannot_run(f"systemd cannot be process 1 of anything here: {log.read_text('utf-8', 'replace')[-300:]}")
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            system = BootedSystem(int(child))
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd" and system.run(
                "systemctl", "is-system-running", check=False
            ) in ("running", "degraded"):
                return int(child)
        time.sleep(0.5)
    raise AssertionError(log.read_text("utf-8", "replace")[-3000:])
