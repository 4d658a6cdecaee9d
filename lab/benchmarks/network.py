"""Two network namespaces joined by a veth: the probers live in one, a city that answers in the other.

The city answers for a whole prefix; dead hotspots are elements of an nftables set, dropped on arrival. A second prefix
is answered by a process behind a TUN device, after a known delay (`responder.py`). Root only.
"""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

CITY, DELAYED = "10.77.0.0/16", "10.78.0.0/16"
PROBER_LINK, CITY_LINK = "probes", "city"
_PROBER, _CITY = "10.76.0.1", "10.76.0.2"
_ROOT = Path(__file__).resolve().parents[2]
_numbers = itertools.count()
_BATCH = 5000

_RULES = """
table ip bench {{
    set dead {{ type ipv4_addr; }}
    chain arriving {{
        type filter hook input priority filter;
        icmp type echo-request ip daddr @dead drop
    }}
}}
"""


def city_addresses(count: int) -> list[str]:
    """10.77.0.1 and so on, the ends of each /24 left out."""
    return [f"10.77.{number // 254}.{number % 254 + 1}" for number in range(count)]


class BenchNetwork:
    """The two namespaces; every address of `CITY` answers until it is in the set of the silent."""

    def __init__(self) -> None:
        stem = f"bench-{os.getpid()}-{next(_numbers)}"
        self.prober, self.city = f"{stem}-p", f"{stem}-c"
        self._processes: list[subprocess.Popen[Any]] = []

    def __enter__(self) -> Self:
        for name in (self.prober, self.city):
            _run("ip", "netns", "add", name)
            _run("ip", "-n", name, "link", "set", "lo", "up")
        peer = ("type", "veth", "peer", "name", CITY_LINK, "netns", self.city)
        _run("ip", "-n", self.prober, "link", "add", PROBER_LINK, *peer)
        for name, link, address in ((self.prober, PROBER_LINK, _PROBER), (self.city, CITY_LINK, _CITY)):
            _run("ip", "-n", name, "address", "add", f"{address}/30", "dev", link)
            _run("ip", "-n", name, "link", "set", link, "up")
        _run("ip", "-n", self.prober, "route", "add", "default", "via", _CITY)
        _run("ip", "-n", self.city, "route", "add", "local", CITY, "dev", "lo")
        settings = ("net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0", "net.ipv4.icmp_msgs_per_sec=1000000")
        _run("ip", "netns", "exec", self.city, "sysctl", "-qw", *settings)
        _run("ip", "netns", "exec", self.prober, "sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647")
        self._nft(_RULES.format())
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        for name in (self.prober, self.city):
            _run("ip", "netns", "delete", name)

    def command(self, command: Sequence[str], city: bool = False) -> list[str]:
        """The command line that runs `command` inside; the process is the command itself, not a wrapper."""
        return ["ip", "netns", "exec", self.city if city else self.prober, *command]

    def start(self, command: Sequence[str], city: bool = False, **options: Any) -> "subprocess.Popen[Any]":
        """Start a command inside. It is ended with the network at the latest."""
        process = subprocess.Popen(self.command(command, city), cwd=_ROOT, **options)
        self._processes.append(process)
        return process

    def kill(self, addresses: Iterable[str]) -> None:
        """Have these hotspots fall silent, all at the same moment."""
        self._change("add", addresses)

    def revive(self, addresses: Iterable[str]) -> None:
        """Have these answer again."""
        self._change("delete", addresses)

    def revive_all(self) -> None:
        """Have all answer again."""
        self._nft("flush set ip bench dead\n")

    def start_responder(self) -> None:
        """Have 10.78.x.y answer after 256 x + y milliseconds; returns when it does."""
        responder = [sys.executable, "-m", "lab.benchmarks.responder", DELAYED]
        process = self.start(responder, city=True, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", "the responder did not start"

    def _change(self, action: str, addresses: Iterable[str]) -> None:
        addresses = list(addresses)
        for start in range(0, len(addresses), _BATCH):
            part = ", ".join(addresses[start : start + _BATCH])
            self._nft(f"{action} element ip bench dead {{ {part} }}\n")

    def _nft(self, rules: str) -> None:
        subprocess.run(self.command(["nft", "-f", "-"], city=True), input=rules, text=True, check=True)


def wait_until(true: Any, seconds: float, what: str, pause_seconds: float = 0.1) -> None:
    """Wait until something is so; `TimeoutError` where it is not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"did not {what} in {seconds} s")
        time.sleep(pause_seconds)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=60)
