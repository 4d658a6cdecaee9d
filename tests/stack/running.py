"""A stack as a process: what it prints, what it keeps, and how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.programs import require_program
from tests.rules.checking import ROOT

COMMAND = (sys.executable, "-m", "pantau.stack")
_READY = re.compile(r"✔ (\w+) +ready +(https?://\S+)")


def require_stack() -> None:
    """Skip the calling test, or fail it if PANTAU_REQUIRE_ALL is 1, without Prometheus and Alertmanager."""
    for name in ("prometheus", "promtool", "prometheus-alertmanager", "amtool"):
        require_program(name)


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Return once `condition` holds; fail if it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:g} s in vain for {what}"
        time.sleep(0.1)


def with_command_line(fragment: str) -> list[int]:
    """Ids of the processes whose command line contains `fragment`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command_line = (entry / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if fragment.encode() in command_line:
                found.append(int(entry.name))
    return found


class RunningStack:
    """`process` runs `python -m pantau.stack` with its directory at `directory`; its output is read as it comes."""

    def __init__(self, process: "subprocess.Popen[str]", directory: Path) -> None:
        self.process = process
        self.directory = directory
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return "".join(self._lines)

    @property
    def addresses(self) -> dict[str, str]:
        """The address of each part that is ready."""
        return dict(_READY.findall(self.output))

    def wait_for_output(self, text: str, seconds: float) -> None:
        """Wait until `text` is printed."""
        wait_for(lambda: text in self.output or self.process.poll() is not None, seconds, text)
        assert text in self.output, self.output

    def notifications(self) -> list[dict[str, Any]]:
        """Every message that Alertmanager has sent, with the time of its coming."""
        record = self.directory / "notifications.jsonl"
        return [json.loads(line) for line in record.read_text("utf-8").splitlines()] if record.exists() else []

    def end(self, number: signal.Signals, seconds: float = 5.0) -> int:
        """Send a signal, and return the exit status, which must come within `seconds`."""
        self.process.send_signal(number)
        return self.ended(seconds)

    def ended(self, seconds: float) -> int:
        """The exit status, which must come within `seconds`; then all its output is there."""
        status = self.process.wait(seconds)
        self._reader.join(seconds)
        return status

    def close(self) -> None:
        """End it if the test has not."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self._lines.extend(iter(self.process.stdout.readline, ""))


def start_stack(
    arguments: Sequence[str], directory: Path, prefix: Sequence[str] = (), path: str | None = None
) -> RunningStack:
    """Start `python -m pantau.stack ARGUMENTS --directory DIRECTORY` behind `prefix`, with `path` as its PATH."""
    environment = os.environ | ({} if path is None else {"PATH": path})
    process = subprocess.Popen(
        [*prefix, *COMMAND, *arguments, "--directory", str(directory)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    return RunningStack(process, directory)
