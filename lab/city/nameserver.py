"""A name server of a city's own: the dnsmasq that tells its names, and that whoever looks one up in it asks."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.city.namespace import CityNamespace
from pantau.errors import ScenarioError

SERVER = "127.0.0.1"


def nameserver_command(hosts: Path, zone: str, *more: str) -> tuple[str, ...]:
    """The command line of a dnsmasq that tells the names in a file, as of /etc/hosts, and no other of that zone.

    Raises `ScenarioError` where it is not installed.
    """
    program = shutil.which("dnsmasq") or shutil.which("dnsmasq", path="/usr/sbin")
    if program is None:
        raise ScenarioError("dnsmasq is not installed; `make install` installs it")
    alone = ("--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=")
    names = (f"--local=/{zone}/", f"--addn-hosts={hosts}")
    return (program, *alone, *names, "--bind-interfaces", f"--listen-address={SERVER}", *more)


@contextmanager
def asked_in(city: CityNamespace) -> Iterator[None]:
    """Who looks up a name in the city's namespace asks its own server; `ip netns exec` lays this over /etc."""
    of_namespace = Path("/etc/netns") / city.name
    of_namespace.mkdir(parents=True)
    (of_namespace / "resolv.conf").write_text(f"nameserver {SERVER}\n")
    try:
        yield
    finally:
        shutil.rmtree(of_namespace)
