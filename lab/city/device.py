"""The device of a hotspot: the real agent under busybox ash, on a kernel whose uptime and boot are its own.

The uptime is that of a time namespace, the boot id lies over the kernel's; both begin anew with `reboot`.
"""

import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab.city.natted import NattedHotspots
from pantau.errors import ScenarioError

AGENT = Path(__file__).resolve().parents[2] / "agents" / "pantau-agent.sh"
_APPLETS = (
    "awk cat chmod cksum cut date env grep head mkdir mktemp mount mv nslookup od ping rm sed sh sleep sort tail "
    "timeout touch tr true wc"
)
_BOOTED = """\
mount --bind "$1" /etc/resolv.conf && mount --bind "$2" /proc/sys/kernel/random/boot_id || exit 1
exec busybox ash "$3" run
"""


def router_programs(folder: Path) -> Path:
    """A folder with what a router has: busybox and curl, and nothing else. `ScenarioError` where one is missing."""
    programs = folder / "bin"
    programs.mkdir()
    for program in ("busybox", "curl"):
        found = shutil.which(program)
        if found is None:
            raise ScenarioError(f"{program} is not installed; `make install` installs it")
        (programs / program).symlink_to(found)
    for name in _APPLETS.split():
        (programs / name).symlink_to("busybox")
    return programs


class Device:
    """The device of the hotspot `name`; `settings` are the agent's, by the names of docs/agents.md."""

    def __init__(
        self, homes: NattedHotspots, name: str, folder: Path, resolver: Path, settings: Mapping[str, str]
    ) -> None:
        self.name = name
        self._homes, self._resolver = homes, resolver
        self._folder = folder / name
        self._folder.mkdir(parents=True)
        self._environment = {f"PANTAU_{key}": value for key, value in settings.items()} | {
            "PATH": str(folder / "bin"),
            "PANTAU_HOTSPOT": name,
            "PANTAU_CONF": "/dev/null",
            "PANTAU_DIR": str(self._folder / "run"),
        }
        self._process: subprocess.Popen[Any] | None = None
        self._offset_seconds = 0

    def start(self) -> None:
        """Let the agent run, on a kernel that has been running for as long as this machine's."""
        boot = self._folder / "boot_id"
        if not boot.exists():
            boot.write_text(f"{uuid.uuid4()}\n", encoding="ascii")
        times = ("--time", "--boottime", str(self._offset_seconds), "--fork", "--kill-child")
        programs = ("busybox", "sh", "-c", _BOOTED, "boot", str(self._resolver), str(boot), str(AGENT))
        with (self._folder / "log").open("ab") as log:
            command = ("/usr/bin/env", "-i", *(f"{key}={value}" for key, value in self._environment.items()))
            self._process = self._homes.start(
                *(self.name, "unshare", "--mount", *times, *command, *programs), stdout=log, stderr=log
            )

    def kill(self) -> None:
        """End the agent and all that it has started, at once."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
            self._process = None

    def power_off(self) -> None:
        """The device has no electricity: what lay in memory is gone."""
        self.kill()
        shutil.rmtree(self._folder / "run", ignore_errors=True)
        (self._folder / "boot_id").unlink()

    def power_on(self) -> None:
        """It has begun anew: its uptime is some seconds."""
        self._offset_seconds = 1 - int(time.clock_gettime(time.CLOCK_BOOTTIME))
        self.start()
