"""Follows the README on an empty Debian 12 as a newcomer, and counts: from nothing to a mail and a webhook.

make first-half-hour            (root; debootstrap and the package registries; its own network namespace)

The commands are those of the README's *Your own city*, typed as they stand there into a system that debootstrap has
made, but for three things: the package is the wheel of this checkout, the canary is an address of the namespace, and
the editor is a program that makes the edit which the page describes. Making the empty system is not counted.
"""

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from lab.city.namespace import CityNamespace
from lab.measuring.newcomer import Mailbox, empty_debian, lay_list

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "README.md"
MOST_COMMANDS, MOST_SECONDS = 12, 600.0
CANARY = "10.77.255.1"
DARK = "10.77.1.0/24"
"""The points of one ISP."""
PAGED_SECONDS = 240.0
_READY_SECONDS = 300.0
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as the page has it, how long it took, and what processor time it used."""

    line: str
    seconds: float
    processor_seconds: float


def commands() -> list[str]:
    """The first block of the page that is typed; remarks are none."""
    block = _BLOCK.search(PAGE.read_text(encoding="utf-8"))
    assert block is not None, f"{PAGE} has no block of commands"
    lines = (line.partition("   #")[0].rstrip() for line in block[1].splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def main(prepared: Path | None = None, wheel: Path | None = None) -> int:
    """Status 0 if it holds: the commands, the minutes, a mail and a webhook. `prepared` is a debootstrap's folder."""
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="pantau-first-")))
        root = cleanup.enter_context(empty_debian(folder, prepared))
        package = wheel or _wheel(folder)
        shutil.copy(package, root / "srv" / package.name)
        lay_list(root / "root" / "titik.xlsx")
        city = cleanup.enter_context(CityNamespace())
        city.allow_datagram_sockets(True)
        box = Mailbox()
        cleanup.enter_context(box.open(city))
        return _judged(list(_follow(city, root, package.name, box)))


def _follow(city: CityNamespace, root: Path, package: str, box: Mailbox) -> Iterator[Typed]:
    path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    for line in commands():
        began, used = time.monotonic(), _processor_seconds()
        if line.startswith("export PATH="):
            path = line.removeprefix("export PATH=").replace("$PATH", path)
        elif line == "pantau up":
            _watch(city, root, path, box)
        else:
            changed = line.replace("'pantau[spreadsheets]'", f"'/srv/{package}[spreadsheets]'")
            changed = changed.replace("192.168.1.1", CANARY)
            inside = changed.startswith("pantau")
            command = ["chroot", str(root), "/usr/bin/env", f"PATH={path}", "HOME=/root", "sh", "-c"]
            command.append(f"cd /root && {changed}")
            done = subprocess.run(
                city.within(command) if inside else command, capture_output=True, text=True, check=False
            )
            print(f"$ {changed}\n{done.stdout[-1500:]}{done.stderr[-1500:]}", flush=True)
            assert done.returncode == 0, f"{changed}: status {done.returncode}"
        yield Typed(line, time.monotonic() - began, _processor_seconds() - used)


def _watch(city: CityNamespace, root: Path, path: str, box: Mailbox) -> None:
    """The stack runs; an ISP goes dark; a mail and a message come."""
    command = (
        "chroot",
        str(root),
        "/usr/bin/env",
        f"PATH={path}",
        "HOME=/root",
        "sh",
        "-c",
        "cd /root && exec pantau up",
    )
    log = root / "root" / "up.log"
    with log.open("wb") as output:
        process = city.start(*command, stdout=output, stderr=output)
        try:
            _wait(lambda: "● 20 up" in log.read_text("utf-8", "replace"), _READY_SECONDS, "20 points up", log)
            box.forget()
            city.black_hole([DARK])
            _wait(lambda: bool(box.mails and box.messages), PAGED_SECONDS, "a mail and a message", log)
        finally:
            process.terminate()
            process.wait(30)
    print(f"$ pantau up\n{log.read_text('utf-8', 'replace')[-2500:]}\nmail: {box.mails[0]}", flush=True)


def _wait(holds: Callable[[], bool], seconds: float, what: str, log: Path) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, (
            f"no {what} within {seconds:g} s:\n{log.read_text('utf-8', 'replace')[-3000:]}"
        )
        time.sleep(0.2)


def _judged(typed: list[Typed]) -> int:
    for one in typed:
        print(f"{one.seconds:7.1f} s, {one.processor_seconds:5.1f} s of processor  {one.line}")
    total = sum(one.seconds for one in typed)
    print(
        f"processor: {sum(one.processor_seconds for one in typed):.0f} s; load of the machine: {os.getloadavg()[1]:.1f}"
    )
    print(f"{len(typed)} commands (at most {MOST_COMMANDS}), {total / 60:.1f} minutes (at most {MOST_SECONDS / 60:g})")
    return 0 if len(typed) <= MOST_COMMANDS and total <= MOST_SECONDS else 1


def _processor_seconds() -> float:
    """Of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _wheel(folder: Path) -> Path:
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--quiet",
        "--wheel-dir",
        str(folder / "wheel"),
        str(ROOT),
    ]
    subprocess.run(command, check=True)
    (wheel,) = (folder / "wheel").glob("*.whl")
    return wheel


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:3])))
