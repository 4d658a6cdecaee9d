"""A Docker engine of the test's own: its data, its socket and its end are nobody else's."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.programs import cannot_run, require_program

_START_SECONDS = 60
_LEFT_OUT = ("var/lib/apt/lists", "var/cache/apt", "usr/share/doc", "usr/share/man", "usr/share/locale", "var/log")
"""What the slim images of Debian are without, too."""
_NO_RULES = ("--iptables=false", "--bridge=none")
"""Containers share the host's network: an engine of a test changes no rule of the machine."""
_OWN_RULES = ("--bridge=none",)
"""In a network namespace of the test it may: networks, addresses and published ports are that namespace's."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine."""

    socket: Path
    storage: str
    """Its storage driver."""

    def docker(self, *arguments: str, seconds: float = 120, check: bool = True) -> str:
        """What `docker ARGUMENTS` says on standard output; fails with all that it says if it fails."""
        done = subprocess.run(
            ["docker", "--host", f"unix://{self.socket}", *arguments],
            env=os.environ | {"DOCKER_BUILDKIT": "0"},  # Debian's docker.io brings no buildx
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        assert done.returncode == 0 or not check, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout.strip()


@contextmanager
def own_engine(folder: Path, network: str | None = None) -> Iterator[Engine]:
    """An engine with all of its files in `folder`; ends the calling test, with the reason, where none can start.

    `network` is a network namespace, in which its containers have networks; without one they have the host's alone.
    What an engine before it has built in the same folder is there.
    """
    if os.geteuid() != 0:
        cannot_run("only root can start a Docker engine: the image was not built")
    program = str(require_program("dockerd"))
    for storage in ("overlay2", "vfs"):  # the second works everywhere, and copies every layer whole
        with _started(program, folder / storage, storage, network) as engine:
            if engine is not None:
                yield engine
                return
    cannot_run(f"no Docker engine can be started here (see {folder}/vfs/log): the image was not built")


@contextmanager
def _started(program: str, folder: Path, storage: str, network: str | None) -> Iterator[Engine | None]:
    folder.mkdir(parents=True, exist_ok=True)
    # Not `ip netns exec`: that hides the machine's control groups.
    entering = () if network is None else (str(require_program("nsenter")), f"--net=/run/netns/{network}")
    rules = _NO_RULES if network is None else _OWN_RULES
    places = ("--data-root", str(folder / "data"), "--exec-root", str(folder / "exec"))
    socket = folder / "sock"
    command = [*entering, program, *places, "--pidfile", str(folder / "pid"), "--host", f"unix://{socket}"]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([*command, "--storage-driver", storage, *rules], stdout=log, stderr=log)
        try:
            yield Engine(socket, storage) if _answers(process, socket) else None
        finally:
            process.send_signal(signal.SIGTERM)  # to it alone: it ends its containerd
            process.wait(60)
            subprocess.run(["umount", folder / "exec" / "netns" / "default"], capture_output=True, check=False)


def _answers(process: "subprocess.Popen[bytes]", socket: Path) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    ask = ["docker", "--host", f"unix://{socket}", "version"]
    while process.poll() is None and time.monotonic() < deadline:
        if subprocess.run(ask, capture_output=True, check=False).returncode == 0:
            return True
        time.sleep(0.5)
    return False


def base_image(engine: Engine, folder: Path) -> str:
    """An image of Debian 13 made of Debian's packages, as `debian:13-slim` is; its name."""
    root = folder / "root"
    command = [
        str(require_program("debootstrap")),
        "--variant=minbase",
        "--include=ca-certificates",
        "trixie",
        str(root),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:]
    for place in _LEFT_OUT:
        shutil.rmtree(root / place)
        (root / place).mkdir()
    # Where packages come through a proxy with an authority of its own, this machine knows it, the new system not yet.
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / "etc/ssl/certs/ca-certificates.crt")
    name = "debian-of-packages:13"
    pack = ["tar", "-C", str(root), "-c", "--exclude=./proc/*", "--exclude=./sys/*", "."]
    docker = ["docker", "--host", f"unix://{engine.socket}", "import", "-", name]
    with subprocess.Popen(pack, stdout=subprocess.PIPE) as tar:
        subprocess.run(docker, stdin=tar.stdout, check=True, capture_output=True, timeout=300)
    assert tar.returncode == 0
    return name
