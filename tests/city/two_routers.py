"""Two Linux routers on the prober's own subnet: the first is its gateway and redirects to the second, behind which
10.78.x.y answers after 256 x + y milliseconds.

                    10.75.0.1, 10.75.0.4 (the prober)
                              |
          --------+-----------+-----------+--------
                  |                       |
        near, 10.75.0.2          far, 10.75.0.3 ---- 10.78.0.0/16, slow
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import REPOSITORY

SOURCES = ("10.75.0.1", "10.75.0.4")
NEAR, FAR = "10.75.0.2", "10.75.0.3"
SLOW = "10.78.0.0/16"


def slow_address(milliseconds: int) -> str:
    """The address that answers after so long."""
    return f"10.78.{milliseconds // 256}.{milliseconds % 256}"


@contextmanager
def two_routers(city: CityNamespace) -> Iterator[None]:
    """The routers beside `city`, which refuses their redirects, as many hosts do; they end with the context."""
    near, far = f"{city.name}-n", f"{city.name}-f"
    with ExitStack() as cleanup:
        for name in (near, far):
            _run("ip", "netns", "add", name)
            cleanup.callback(_run, "ip", "netns", "delete", name)
        _run("ip", "-n", city.name, "link", "add", "lan", "type", "bridge")
        _run("ip", "-n", city.name, "link", "set", "lan", "up")
        for source in SOURCES:
            _run("ip", "-n", city.name, "address", "add", f"{source}/24", "dev", "lan")
        for name, port, address in ((near, "to-near", NEAR), (far, "to-far", FAR)):
            peer = ("type", "veth", "peer", "name", "lan", "netns", name)
            _run("ip", "-n", city.name, "link", "add", port, *peer)
            _run("ip", "-n", city.name, "link", "set", port, "master", "lan", "up")
            _run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "lan")
            _run("ip", "-n", name, "link", "set", "lan", "up")
            _run("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        _run("ip", "netns", "exec", near, "sysctl", "-qw", "net.ipv4.conf.lan.send_redirects=1")
        for name in ("all", "lan"):
            city.sysctl(f"net.ipv4.conf.{name}.accept_redirects", "0")
        _run("ip", "-n", near, "route", "add", SLOW, "via", FAR)
        _run("ip", "-n", city.name, "route", "add", SLOW, "via", NEAR)
        cleanup.enter_context(_responder(far))
        yield


@contextmanager
def _responder(namespace: str) -> Iterator[None]:
    command = [sys.executable, "-B", "-m", "lab.benchmarks.responder", SLOW]
    with subprocess.Popen(
        ["ip", "netns", "exec", namespace, *command], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            said: IO[str] | None = process.stdout
            assert said is not None
            assert said.readline() == "ready\n"
            yield
        finally:
            process.kill()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=60, stdout=subprocess.DEVNULL)
