"""A city in a network namespace: two whole prefixes that answer, and faults that a test switches on and off.

    with CityNamespace() as city:
        exporter = city.start(sys.executable, "-m", "pantau", "run", ...)
        city.black_hole(["10.77.0.5", "10.77.8.0/24"])
        page = city.call(fetch, "http://127.0.0.1:9810/metrics")

Nothing leaves the machine: the namespace has a loopback and a veth to a second namespace of its own, the router that
answers "time to live exceeded". Both vanish with it, with every process started in it.
"""

import ctypes
import os
import subprocess
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from lab.city import firewall

CITY4 = "10.77.0.0/16"
CITY6 = "fd77::/64"
_LINK4, _ROUTER4 = "10.76.0.1", "10.76.0.2"
_LINK6, _ROUTER6 = "fd76::1", "fd76::2"
_CLONE_NEWNET = 0x4000_0000
_STOP_SECONDS = 5.0

P = ParamSpec("P")
T = TypeVar("T")


class CityNamespace:
    """Every address of `CITY4` and `CITY6` answers echo requests, until it is told otherwise.

    Root only. `name` is the namespace's, as `ip netns` lists it.
    """

    def __init__(self) -> None:
        self.name = f"pantau-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self._router = f"{self.name}-r"
        self._undo: dict[str, Callable[[], None]] = {}
        self._losses = 0
        self._processes: list[subprocess.Popen[Any]] = []
        self._inside = ThreadPoolExecutor(max_workers=16, thread_name_prefix=self.name, initializer=self._enter)
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as cleanup:
            cleanup.callback(self._inside.shutdown)
            for name in (self.name, self._router):
                _run("ip", "netns", "add", name)
                cleanup.callback(_run, "ip", "netns", "delete", name)
            cleanup.callback(self._end_processes)
            self._build()
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def run(self, *command: str) -> str:
        """Run a command inside and wait for it; its standard output. `CalledProcessError` if it fails."""
        return _run(*self.within(command))

    def start(self, *command: str, **options: Any) -> "subprocess.Popen[Any]":
        """Start a command inside; `options` are those of `Popen`. It is ended with the namespace at the latest."""
        process = subprocess.Popen(self.within(command), **options)
        self._processes.append(process)
        return process

    def within(self, command: Iterable[str]) -> list[str]:
        """The command line that runs `command` inside; the process is the command itself, not a wrapper."""
        return ["ip", "netns", "exec", self.name, *command]

    def call(self, function: Callable[P, T], /, *arguments: P.args, **keywords: P.kwargs) -> T:
        """Call a function in a thread that lives inside: sockets it opens belong to the namespace for good."""
        return self._inside.submit(function, *arguments, **keywords).result()

    def submit(self, function: Callable[P, T], /, *arguments: P.args, **keywords: P.kwargs) -> Future[T]:
        """As `call`, without waiting for it."""
        return self._inside.submit(function, *arguments, **keywords)

    def sysctl(self, name: str, value: str) -> None:
        """Set a setting of the namespace's network: ``net.ipv4.ping_group_range``."""
        file = Path("/proc/sys", *name.split("."))
        self.call(file.write_text, value)

    def allow_datagram_sockets(self, allowed: bool) -> None:
        """Whether ordinary users may open datagram ICMP sockets; root may open them only if they may."""
        self.sysctl("net.ipv4.ping_group_range", "0 2147483647" if allowed else "1 0")

    def black_hole(self, addresses: Iterable[str]) -> None:
        """Drop every echo request to these addresses or prefixes: they are silent. All at the same moment."""
        addresses = list(addresses)
        self._change(firewall.add(dict.fromkeys(addresses, "drop")))
        self._undo |= dict.fromkeys(addresses, _nothing)

    def lose(self, address: str, percent: int) -> None:
        """Drop `percent` of the echo requests to an address, evenly spread and the same in every run."""
        self._losses += 1
        chain = f"loss{self._losses}"
        self._change(firewall.loss_chain(self._losses, percent) + firewall.add({address: f"jump {chain}"}))
        self._undo[address] = _nothing

    def police(self, per_second: int, burst: int = 20) -> None:
        """Drop the echo requests, to all addresses together, that come faster than this."""
        self._change(firewall.police(per_second, burst))

    def unpolice(self) -> None:
        """Let all through again."""
        self._change(firewall.unpolice())

    def reject(self, address: str, kind: str) -> None:
        """Answer echo requests with an ICMP error: net, host, prohibited (unreachable) or ttl_exceeded."""
        if kind == "ttl_exceeded":
            self._reject_beyond_router(address)
            return
        family = firewall.family_of(address)
        self._change(firewall.add({address: f"jump reject_{kind}{family}"}))
        self._undo[address] = _nothing

    def heal(self, addresses: Iterable[str] | None = None) -> None:
        """End the faults of these addresses (as they were named when they began), or of all. At the same moment."""
        healed = list(self._undo if addresses is None else addresses)
        undo = {address: self._undo.pop(address) for address in healed}
        self._change(firewall.delete(address for address, action in undo.items() if action is _nothing))
        for action in undo.values():
            action()

    def _enter(self) -> None:
        """Move the calling thread into the namespace (setns(2)); Python 3.11 has no os.setns."""
        libc = ctypes.CDLL(None, use_errno=True)
        descriptor = os.open(f"/run/netns/{self.name}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            if libc.setns(descriptor, _CLONE_NEWNET):
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number), self.name)
        finally:
            os.close(descriptor)

    def _build(self) -> None:
        _run("ip", "-n", self.name, "link", "set", "lo", "up")
        _run("ip", "-n", self.name, "route", "add", "local", CITY4, "dev", "lo")
        _run("ip", "-n", self.name, "-6", "route", "add", "local", CITY6, "dev", "lo")
        self._build_router()
        self._change(firewall.base())
        for setting in ("net.ipv4.icmp_ratelimit", "net.ipv6.icmp.ratelimit"):
            self.sysctl(setting, "0")  # the city may be as talkative as the tests are impatient

    def _build_router(self) -> None:
        veth = ("type", "veth", "peer", "name", "inward", "netns", self._router)
        _run("ip", "-n", self.name, "link", "add", "outward", *veth)
        ends = ((self.name, "outward", _LINK4, _LINK6), (self._router, "inward", _ROUTER4, _ROUTER6))
        for namespace, link, address4, address6 in ends:
            _run("ip", "-n", namespace, "address", "add", f"{address4}/30", "dev", link)
            _run("ip", "-n", namespace, "address", "add", f"{address6}/64", "dev", link, "nodad")
            _run("ip", "-n", namespace, "link", "set", link, "up")
        settings = ("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        unlimited = ("net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0")
        _run("ip", "netns", "exec", self._router, "sysctl", "-qw", *settings, *unlimited)
        # A way on, which no packet lives long enough to take: without one the router would say "unreachable".
        _run("ip", "-n", self._router, "route", "add", "default", "via", _LINK4)
        _run("ip", "-n", self._router, "-6", "route", "add", "default", "via", _LINK6)

    def _reject_beyond_router(self, address: str) -> None:
        router = _ROUTER4 if firewall.family_of(address) == 4 else _ROUTER6
        route = (address, "via", router, "dev", "outward", "table", "local")
        family = f"-{firewall.family_of(address)}"
        # A packet routed to the router with hops to spare would be lost there: no answer is no fault of this kind.
        self._change(firewall.expire(address))
        _run("ip", "-n", self.name, family, "route", "add", *route)

        def undo() -> None:
            _run("ip", "-n", self.name, family, "route", "delete", *route)
            self._change(firewall.unexpire(address))

        self._undo[address] = undo

    def _change(self, rules: str) -> None:
        if rules:
            subprocess.run(self.within(["nft", "-f", "-"]), input=rules, text=True, check=True, timeout=30)

    def _end_processes(self) -> None:
        running = [process for process in self._processes if process.poll() is None]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pipe in (pipe for process in self._processes for pipe in (process.stdin, process.stdout, process.stderr)):
            if pipe is not None:
                pipe.close()


def _nothing() -> None:
    """There is no more to undo than the verdict in the map."""


def _run(*command: str) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout
