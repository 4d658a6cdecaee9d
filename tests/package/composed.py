"""A checkout of an operator's, and the real Compose over it, speaking to an engine of the test's own."""

import json
import os
import shutil
import socketserver
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import yaml

from lab.city.namespace import CityNamespace
from tests.package.engine import Engine
from tests.rules.checking import ROOT

RUN = ("exporter", "prometheus", "alertmanager")
"""Of the four services those whose programs Debian packages; there is no Grafana of it."""
_FILES = ("docker-compose.yml", "versions.yml", "prometheus.yml", "config", "scripts")
_DEBIANS = """\
FROM {base}
RUN apt-get update && apt-get install --yes --no-install-recommends prometheus prometheus-alertmanager busybox \\
    && rm -rf /var/lib/apt/lists/* && ln -s /bin/busybox /bin/wget \\
    && mkdir /prometheus /alertmanager && chown 65534:65534 /prometheus /alertmanager
"""
_ENTRY = 'FROM {base}\nENTRYPOINT ["/usr/bin/{program}"]\n'
_PROXY = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
"""Leads nowhere: whoever asks through it is told nothing."""


def build_others(engine: Engine, base: str, folder: Path) -> None:
    """Images with Debian's Prometheus and Alertmanager, under the very names that versions.yml has."""
    services = yaml.safe_load((ROOT / "versions.yml").read_text("utf-8"))["services"]
    _build(engine, "debians", _DEBIANS.format(base=base), folder)
    for service, program in (("prometheus", "prometheus"), ("alertmanager", "prometheus-alertmanager")):
        _build(engine, services[service]["image"], _ENTRY.format(base="debians", program=program), folder)


def _build(engine: Engine, tag: str, text: str, folder: Path) -> None:
    place = folder / "context"
    place.mkdir(exist_ok=True)
    (place / "Dockerfile").write_text(text)
    engine.docker("build", "--network", "host", "--tag", tag, str(place), seconds=900)


HOOK = ("10.76.0.1", 9899)
"""An address of the namespace, as containers reach it."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder with what Compose reads."""

    folder: Path
    engine: Engine

    @classmethod
    def made(cls, folder: Path, engine: Engine, inventory: Path | None = None) -> "Checkout":
        """Of this tree, with the settings and inventory of `inventory`, and a proxy in each container's environment."""
        folder.mkdir()
        for name in _FILES:
            copy: Callable[..., object] = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        for file in inventory.iterdir() if inventory is not None else ():
            shutil.copy(file, folder / "config")
        override = {"services": {name: {"environment": _PROXY} for name in RUN}}
        (folder / "docker-compose.override.yml").write_text(yaml.safe_dump(override))
        return cls(folder, engine)

    def compose(self, *arguments: str, check: bool = True) -> str:
        """What `docker compose ARGUMENTS` says, on either stream."""
        done = subprocess.run(
            [str(Path(sys.prefix, "bin", "docker-compose")), *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "DOCKER_HOST": f"unix://{self.engine.socket}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0 or not check, done.stdout[-3000:]
        return done.stdout.strip()

    def up(self, *services: str) -> None:
        """Start them, or all that can be."""
        self.compose("up", "--detach", "--no-build", "--pull", "never", *(services or RUN))

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of a service's container."""
        name = self.compose("ps", "--all", "--quiet", service)
        found: list[dict[str, Any]] = json.loads(self.engine.docker("inspect", name))
        return found[0]

    def healthy(self, service: str) -> bool:
        """As its own check says."""
        return bool(self.inspect(service)["State"]["Health"]["Status"] == "healthy")

    def waited(self, holds: Callable[[], bool], what: str, seconds: float = 120) -> None:
        """Return once it holds; else fail with what the containers have said."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"no {what}:\n{self.compose('logs', '--tail', '30')[-4000:]}"
            time.sleep(0.5)


class Running:
    """A checkout, and the namespace in which its ports are."""

    def __init__(self, checkout: Checkout, city: CityNamespace) -> None:
        self.checkout, self.city = checkout, city

    def fetch(self, url: str) -> str:
        """The body there; empty where nobody answers."""

        def inside() -> str:
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - into the namespace
                    return str(answer.read().decode())
            except OSError:
                return ""

        return self.city.call(inside)

    def up(self) -> dict[str, str]:
        """What Prometheus says of each job."""
        told = self.fetch("http://127.0.0.1:9090/api/v1/query?query=up")
        results: list[dict[str, Any]] = json.loads(told)["data"]["result"] if told else []
        return {one["metric"]["job"]: one["value"][1] for one in results}


@contextmanager
def hook(city: CityNamespace) -> Iterator[list[bytes]]:
    """A webhook of the office; what came."""
    told: list[bytes] = []

    class Hook(BaseHTTPRequestHandler):
        """Takes what comes."""

        def do_POST(self) -> None:
            told.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_ignored: object) -> None:
            """Say nothing."""

    server = city.call(socketserver.ThreadingTCPServer, HOOK, Hook)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
