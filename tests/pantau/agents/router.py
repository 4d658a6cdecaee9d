"""A router to run the agent on: a shell, the tools that it has, and its /proc and /sys."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.patience import PATIENCE_SECONDS
from tests.programs import require_program
from tests.sources import ROOT

AGENT = ROOT / "agents" / "pantau-agent.sh"
SHELLS = {"busybox ash": ("busybox", "ash"), "dash": ("dash",), "bash": ("bash", "--posix")}
_COREUTILS = (
    "awk cat chmod cksum cut date env grep head mkdir mktemp mv od ps rm sed sleep sort tail timeout touch tr true wc"
)
_BOOT = "5f3c1a90-1b2c-4d5e-8f60-718293a4b5c6"

_ROUTES = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlan0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
usb0\t00000000\t0102A8C0\t0003\t0\t0\t700\t00000000\t0\t0\t0
eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
"""
_PING = """#!/bin/sh
case $* in *10.9.9.9*) echo '5 packets transmitted, 0 packets received, 100% packet loss'; exit 1 ;; esac
echo '5 packets transmitted, 4 packets received, 20% packet loss'
echo '{line}'
"""
PINGS = {
    "busybox ash": "round-trip min/avg/max = 10.101/12.345/20.300 ms",
    "dash": "rtt min/avg/max/mdev = 10.101/12.345/20.300/3.001 ms",
    "bash": "rtt min/avg/max/mdev = 10.101/12.345/20.300/3.001 ms",
}


class Router:
    """One of them, in a folder. `client` is what it has to speak HTTP: curl, wget (GNU) or busybox."""

    def __init__(self, folder: Path, shell: str = "busybox ash", client: str = "curl") -> None:
        self.folder, self.shell, self.client = folder, shell, client
        self.bin, self.run_dir = folder / "bin", folder / "run"
        self.bin.mkdir(parents=True)
        self._fill_bin()
        self.program("ping", _PING.format(line=PINGS[shell]))
        self.program("nslookup", '#!/bin/sh\n[ "$1" != gone.example ]\n')
        self.set_uptime(10_000)
        self.write("proc/sys/kernel/random/boot_id", _BOOT + "\n")
        self.write("proc/net/route", _ROUTES)
        self.write("sys/class/net/eth0/statistics/rx_bytes", "123456789012\n")
        self.write("sys/class/net/eth0/statistics/tx_bytes", "42\n")
        self.settings: dict[str, str] = {}

    def _fill_bin(self) -> None:
        busybox = require_program("busybox")
        (self.bin / "busybox").symlink_to(busybox)
        for name in _COREUTILS.split():
            own = shutil.which(name)
            if self.shell == "busybox ash" or own is None:  # a router has nothing else
                (self.bin / name).symlink_to(busybox)
            else:
                (self.bin / name).symlink_to(own)
        if self.client in ("curl", "wget"):
            (self.bin / self.client).symlink_to(require_program(self.client))
        elif self.client == "busybox":
            (self.bin / "wget").symlink_to(busybox)
        interpreter = SHELLS[self.shell][0]
        if not (self.bin / interpreter).exists():
            (self.bin / interpreter).symlink_to(require_program(interpreter))

    def program(self, name: str, text: str) -> None:
        """Put a program of one's own among the tools."""
        file = self.bin / name
        file.unlink(missing_ok=True)
        file.write_text(text, "utf-8")
        file.chmod(0o755)

    def write(self, name: str, text: str) -> None:
        """A file of /proc or /sys."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def set_uptime(self, seconds: int) -> None:
        """So long the router runs."""
        self.write("proc/uptime", f"{seconds}.37 99.00\n")

    @property
    def ring(self) -> Path:
        """Where minutes wait."""
        return self.run_dir / "ring"

    def environment(self) -> dict[str, str]:
        """All that the agent's process knows."""
        return {
            "PATH": str(self.bin),
            "PANTAU_CONF": str(self.folder / "agent.conf"),
            "PANTAU_DIR": str(self.run_dir),
            "PANTAU_PROC": str(self.folder / "proc"),
            "PANTAU_SYS": str(self.folder / "sys"),
            "PANTAU_LEASES": str(self.folder / "leases"),
            "PANTAU_SPREAD": "0",
        }

    def configure(self, settings: Mapping[str, str]) -> None:
        """Write the agent's settings, as an operator pastes them."""
        self.settings.update(settings)
        lines = "".join(f"PANTAU_{name}='{value}'\n" for name, value in self.settings.items())
        (self.folder / "agent.conf").write_text(lines, "utf-8")

    def command(self, *arguments: str) -> list[str]:
        """The command line of the agent."""
        interpreter, *options = SHELLS[self.shell]
        return [str(self.bin / interpreter), *options, str(AGENT), *arguments]

    def agent(self, what: str = "once", *, room: int | None = None) -> "subprocess.CompletedProcess[str]":
        """Run the agent to its end; with `room`, no file can grow beyond so many bytes, as on a disk that is full."""
        limit = [shutil.which("prlimit") or "prlimit", f"--fsize={room}"] if room is not None else []
        return subprocess.run(
            [*limit, *self.command(what)],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            restore_signals=room is None,  # SIGXFSZ stays ignored: a write fails, and the writer lives
            check=False,
        )


def files_of(folder: Path) -> dict[str, str]:
    """All that lies in a folder, as text."""
    found = (Path(root) / name for root, _, names in os.walk(folder) for name in names)
    return {file.name: file.read_text("utf-8", errors="replace") for file in found}
