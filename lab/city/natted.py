"""Hotspots behind a NAT: a namespace each, one public address for all, and nothing can come in from outside.

    with CityNamespace() as city, NattedHotspots(city, ["h0", "h1"]) as homes:
        homes.start("h0", "busybox", "ash", "agent.sh")     # it reaches `CITY`, and `CITY` sees `PUBLIC`
        homes.afflict("cut", ["h0"])                        # by packets: the process goes on

Between them stands the namespace of an ISP: it masquerades (nftables), and can cut, suspend (any page becomes the page
that its own server gives at `SUSPENSION_PORT`) and break names (to its own resolver at `RESOLVER_PORT`).
"""

import subprocess
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from ipaddress import IPv4Address
from types import TracebackType
from typing import Any, Literal, Self

from lab.city.namespace import CityNamespace

CITY, PUBLIC = "10.75.0.1", "10.75.0.2"
"""Where the hotspots find the city, and how the city sees them all."""
_ISP = "100.64.0.1"
"""Carrier-grade NAT has these addresses (RFC 6598)."""
_FIRST = IPv4Address("100.64.1.1")
SUSPENSION_PORT, RESOLVER_PORT = 8080, 5353

Fault = Literal["cut", "refused", "suspended", "nameless"]

_RULES = f"""
table inet isp {{
    set cut {{ type ipv4_addr; }}
    set refused {{ type ipv4_addr; }}
    set suspended {{ type ipv4_addr; }}
    set nameless {{ type ipv4_addr; }}
    chain forward {{
        type filter hook forward priority filter; policy drop;
        ip saddr @cut drop
        ip daddr @cut drop
        ip saddr @refused reject with icmp net-unreachable
        ip daddr @refused drop
        iifname "lan" accept
        ct state established,related accept
    }}
    chain translate {{
        type nat hook prerouting priority dstnat;
        ip saddr @suspended tcp dport 80 redirect to :{SUSPENSION_PORT}
        ip saddr @nameless udp dport 53 redirect to :{RESOLVER_PORT}
    }}
    chain hide {{
        type nat hook postrouting priority srcnat;
        oifname "out" masquerade
    }}
}}
"""


class NattedHotspots:
    """The hotspots `names`, each in a namespace of its own, behind the NAT of an ISP of `city`. Root only."""

    def __init__(self, city: CityNamespace, names: Sequence[str]) -> None:
        self._city = city
        self._isp = f"{city.name}-i"
        self._namespaces = {name: f"{city.name}-{number}" for number, name in enumerate(names)}
        self.addresses = {name: str(_FIRST + number) for number, name in enumerate(names)}
        self._processes: list[subprocess.Popen[Any]] = []
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as cleanup:
            cleanup.callback(self._remove)
            self._build_isp()
            self._build_hotspots()
            cleanup.callback(self._end_processes)
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def start(self, name: str, *command: str, **options: Any) -> "subprocess.Popen[Any]":
        """Start a command at a hotspot, in a session of its own; it ends with the hotspots at the latest."""
        return self._start(self._namespaces[name], command, options)

    def start_isp(self, *command: str, **options: Any) -> "subprocess.Popen[Any]":
        """Start a server of the ISP's own."""
        return self._start(self._isp, command, options)

    def afflict(self, fault: Fault, names: Iterable[str]) -> None:
        """All at the same moment: ``cut`` lets no packet through, ``refused`` says so to whoever sends one, for
        ``suspended`` and ``nameless`` see the module.
        """
        self._change("add", fault, names)

    def heal(self, fault: Fault, names: Iterable[str]) -> None:
        """The inverse."""
        self._change("delete", fault, names)

    def _change(self, action: str, fault: Fault, names: Iterable[str]) -> None:
        addresses = ", ".join(self.addresses[name] for name in names)
        if addresses:
            self._nft(f"{action} element inet isp {fault} {{ {addresses} }}\n")

    def _build_isp(self) -> None:
        _run("ip", "netns", "add", self._isp)
        _batch(
            self._city.name,
            f"link add toisp type veth peer name out netns {self._isp}",
            f"address add {CITY}/30 dev toisp",
            "link set toisp up",
        )
        _batch(
            self._isp,
            "link set lo up",
            f"address add {PUBLIC}/30 dev out",
            "link set out up",
            f"route add default via {CITY}",
            "link add lan type bridge",
            f"address add {_ISP}/10 dev lan",
            "link set lan up",
        )
        # A dialled line has no gateway: whoever asks for any address is answered by the ISP.
        settings = ("net.ipv4.ip_forward=1", "net.ipv4.conf.lan.proxy_arp=1", "net.ipv4.icmp_ratelimit=0")
        _run(*self._at(self._isp, ["sysctl", "-qw", *settings]))
        self._nft(_RULES)

    def _build_hotspots(self) -> None:
        _batch(None, *(f"netns add {namespace}" for namespace in self._namespaces.values()))
        links = [
            line
            for number, namespace in enumerate(self._namespaces.values())
            for line in (
                f"link add h{number} type veth peer name wan netns {namespace}",
                f"link set h{number} master lan up",
            )
        ]
        _batch(self._isp, *links)
        for name, namespace in self._namespaces.items():
            address = f"address add {self.addresses[name]}/32 dev wan"
            _batch(namespace, "link set lo up", address, "link set wan up", "route add default dev wan")

    def _start(self, namespace: str, command: Sequence[str], options: dict[str, Any]) -> "subprocess.Popen[Any]":
        process = subprocess.Popen(self._at(namespace, command), start_new_session=True, **options)
        self._processes.append(process)
        return process

    def _nft(self, rules: str) -> None:
        subprocess.run(self._at(self._isp, ["nft", "-f", "-"]), input=rules, text=True, check=True, timeout=30)

    @staticmethod
    def _at(namespace: str, command: Iterable[str]) -> list[str]:
        return ["ip", "netns", "exec", namespace, *command]

    def _remove(self) -> None:
        existing = set(_run("ip", "netns", "list").split())
        names = [name for name in (*self._namespaces.values(), self._isp) if name in existing]
        _batch(None, *(f"netns delete {name}" for name in names))

    def _end_processes(self) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait(10)


def _batch(namespace: str | None, *lines: str) -> None:
    """Many commands of `ip` in one process."""
    where = [] if namespace is None else ["-n", namespace]
    subprocess.run(["ip", *where, "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True, timeout=120)


def _run(*command: str) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout
