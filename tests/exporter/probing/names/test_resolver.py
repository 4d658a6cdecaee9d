"""The resolver against a name server on the loopback that does all that is wrong with name servers, and hosts files."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exporter.probing.addresses import Family
from exporter.probing.names import dns_resolver as module
from exporter.probing.names.dns_resolver import DnsResolver
from exporter.probing.names.late_resolver import LateResolver
from exporter.probing.names.resolver import Absent, Answer, Failed, Found
from tests.exporter.probing.names.name_server import BROKEN, NameServer, answer_over_tcp
from tests.patience import PATIENCE_SECONDS, promptly


class Network:
    """Two name servers at one port, 127.0.0.1 and 127.0.0.2, and the files of a machine that is to ask them."""

    def __init__(self, folder: Path, servers: list[NameServer], port: int) -> None:
        self.first, self.second = servers
        self.resolv_conf, self.hosts = folder / "resolv.conf", folder / "hosts"
        self.use("127.0.0.1")
        self.resolver = DnsResolver(self.resolv_conf, self.hosts, port)

    def use(self, *servers: str, more: str = "") -> None:
        """Write resolv.conf."""
        self.resolv_conf.write_text("".join(f"nameserver {server}\n" for server in servers) + more)

    async def ask(self, name: str, family: Family = 4) -> Answer:
        """What the resolver says."""
        return await self.resolver.resolve(name, family)

    async def sets(self, name: str) -> set[str]:
        """The addresses of an answer, of both families."""
        answers = [await self.ask(name, 4), await self.ask(name, 6)]
        return {str(it) for answer in answers if isinstance(answer, Found) for it in answer.addresses}


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Network]:
    """The servers, which answer unless they are told otherwise."""
    loop = asyncio.get_running_loop()
    over_tcp = await asyncio.start_server(answer_over_tcp, "127.0.0.1", 0)
    port = over_tcp.sockets[0].getsockname()[1]
    pairs = [await loop.create_datagram_endpoint(NameServer, (f"127.0.0.{n}", port)) for n in (1, 2)]
    yield Network(tmp_path, [server for _, server in pairs], port)
    for transport, _ in pairs:
        transport.close()
    over_tcp.close()


@pytest.mark.parametrize(
    ("name", "family", "addresses", "ttl"),
    [
        ("four.example", 4, "10.77.0.4", 120),
        ("both.example", 4, "10.77.0.5", 60),
        ("both.example", 6, "2001:db8::5", 60),
        ("six.example", 6, "2001:db8::6", 300),
        ("set.example", 4, "10.77.0.7 10.77.0.8 10.77.0.9", 90),
        ("alias.example", 4, "10.77.0.6", 45),
        ("mapped.example", 6, "10.77.0.3", 90),
    ],
)
async def test_a_name_has_its_whole_set_and_the_least_ttl_of_the_chain(
    network: Network, name: str, family: Family, addresses: str, ttl: float
) -> None:
    """Of 500, 45 and 3000 along a chain of aliases it is 45."""
    answer = await network.ask(name, family)
    assert isinstance(answer, Found)
    assert (sorted(map(str, answer.addresses)), answer.ttl_seconds) == (addresses.split(), ttl)


async def test_a_name_that_does_not_exist_says_so(network: Network) -> None:
    """After one question, with and without its zone's word for how long."""
    assert await network.ask("gone.example") == Absent("no such name: gone.example", whole_name=True)
    assert await network.ask("missing.example") == Absent("no such name: missing.example", whole_name=True)
    assert network.first.asked == [("gone.example.", "A"), ("missing.example.", "A")]


async def test_a_name_without_an_address_says_so(network: Network) -> None:
    """It exists, with neither A nor AAAA."""
    for family in (4, 6):
        answer = await network.ask("empty.example", family)
        assert isinstance(answer, Absent)
        assert (answer.reason, answer.whole_name) == (f"empty.example has no IPv{family} address", False)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server is waited for for a tenth of a second."""
    monkeypatch.setattr(module, "DEADLINE_SECONDS", 0.1)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", sorted(BROKEN))
async def test_whatever_a_server_does_wrong_is_a_failure(network: Network, name: str) -> None:
    """Never an exception, never an address, never an absence."""
    for family in (4, 6):
        answer = await network.ask(name.removesuffix("."), family)
        assert isinstance(answer, Failed), answer


async def test_a_name_server_that_fails_is_named(network: Network) -> None:
    """SERVFAIL."""
    assert await network.ask("servfail.example") == Failed("name server 127.0.0.1: SERVFAIL", heard=True)


@pytest.mark.usefixtures("impatient")
async def test_a_name_server_that_says_nothing_is_given_up(network: Network) -> None:
    """After the deadline, for each of the two records."""
    assert await network.ask("mute.example") == Failed("no name server has answered: 127.0.0.1")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: b"\x81\x80\0\1\0\2\0\0\0\0" + tail))
def test_no_bytes_of_a_server_are_an_exception(raw: bytes, tmp_path: Path) -> None:
    """Behind the right id: a header that promises records, and noise."""

    async def ask() -> Answer:
        loop = asyncio.get_running_loop()
        transport, server = await loop.create_datagram_endpoint(NameServer, ("127.0.0.1", 0))
        server.raw = raw
        network = Network(tmp_path, [server, server], transport.get_extra_info("sockname")[1])
        answer = await network.ask("four.example")
        transport.close()
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "TRY_SECONDS", 0.02)
        patch.setattr(module, "DEADLINE_SECONDS", 0.02)
        assert isinstance(asyncio.run(ask()), Found | Absent | Failed)


async def test_an_answer_that_was_cut_off_is_fetched_whole(network: Network) -> None:
    """300 addresses come by TCP; where that cannot be had, it is a failure and no half set."""
    assert len(await network.sets("large.example")) == 300


@pytest.mark.parametrize("name", ["a..example", "x" * 64 + ".example", "\udcff.example", "x." * 130 + "example"])
async def test_a_name_that_is_none_is_an_absence(network: Network, name: str) -> None:
    """Empty and overlong labels, bytes that are no text: nobody is asked."""
    answer = await network.ask(name)
    assert isinstance(answer, Absent)
    assert network.first.asked == []


async def test_a_dead_server_delays_once(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one answers; from then on it is asked first, until the dead one is worth another try."""
    network.use("127.0.0.1", "127.0.0.2")
    network.first.mute = True
    monkeypatch.setattr(module, "TRY_SECONDS", 0.3)
    for _ in range(4):
        assert await network.sets("four.example") == {"10.77.0.4"}
    assert [len(server.asked) for server in (network.first, network.second)] == [1, 8]


async def test_a_server_that_fails_is_not_the_last_word(network: Network) -> None:
    """The second one is asked; what both fail at is a failure after one question each."""
    network.use("127.0.0.1", "127.0.0.2")
    assert isinstance(await network.ask("refused.example"), Failed)
    assert [len(server.asked) for server in (network.first, network.second)] == [1, 1]


async def test_other_files_count_at_once(network: Network) -> None:
    """Another name server, none, and one again, as a network manager writes them."""
    assert await network.sets("four.example") == {"10.77.0.4"}
    network.use("127.0.0.2")
    assert await network.sets("four.example") == {"10.77.0.4"}
    assert [len(server.asked) for server in (network.first, network.second)] == [2, 2]
    network.use()
    assert await network.ask("four.example") == Failed(f"no name server is configured in {network.resolv_conf}")
    network.resolv_conf.unlink()
    assert isinstance(await network.ask("four.example"), Failed)
    network.use("127.0.0.1", more="options nonsense ndots:x\n")
    assert await network.sets("six.example") == {"2001:db8::6"}


async def test_search_domains_are_for_names_without_a_dot(network: Network) -> None:
    """Else a mistyped name would be somebody else's host."""
    network.use("127.0.0.1", more="search lain.example kantor.example\n")
    assert await network.sets("router") == {"10.77.0.2"}
    assert await network.sets("four.example") == {"10.77.0.4"}
    assert isinstance(await network.ask("router.kantor"), Absent)
    assert [name for name, record in network.first.asked if record == "A"] == [
        "router.lain.example.",
        "router.kantor.example.",
        "four.example.",
        "router.kantor.",
    ]


async def test_the_hosts_file_comes_first(network: Network) -> None:
    """As for every program of the machine; believed for a minute, in all its addresses, and nobody else is asked."""
    lines = [
        "# comment",
        "10.77.1.8 gone.example Alias.Example. # more",
        "2001:db8::8 gone.example",
        "nonsense x.example",
    ]
    network.hosts.write_text("\n".join(lines))
    assert await network.ask("gone.example") == Found((ip_address("10.77.1.8"),), 60)
    assert await network.sets("gone.example") == {"10.77.1.8", "2001:db8::8"}
    assert await network.sets("alias.example") == {"10.77.1.8"}
    assert network.first.asked == []
    network.hosts.write_text("10.77.1.9 gone.example\n")
    assert await network.sets("gone.example") == {"10.77.1.9"}
    network.hosts.unlink()
    assert await network.sets("gone.example") == set()


async def test_hosts_work_without_a_name_server(network: Network) -> None:
    """A machine without a usable resolv.conf."""
    network.use()
    network.hosts.write_text("10.77.0.4 four.example\n")
    assert await network.sets("four.example") == {"10.77.0.4"}
    answer = await network.ask("gone.example")
    assert isinstance(answer, Failed)
    assert "no name server is configured" in answer.reason


async def test_a_question_that_is_cancelled_leaves_nothing_behind(network: Network) -> None:
    """No socket, no thread, no task; at once."""
    network.first.mute = True
    async with asyncio.TaskGroup() as tasks:
        asking = [tasks.create_task(network.ask(f"n{n}.example")) for n in range(100)]
        while len(network.first.asked) < 100:  # noqa: ASYNC110 - the server is another's
            await asyncio.sleep(0.01)
        with promptly(0.1):
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
    assert len(asyncio.all_tasks()) == 1


async def test_the_resolver_of_the_machine_is_made_for_the_first_name(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, and never for a city of addresses."""
    made: list[DnsResolver] = []

    def make() -> DnsResolver:
        made.append(network.resolver)
        return network.resolver

    monkeypatch.setattr(module, "DnsResolver", make)
    late = LateResolver()
    assert made == []
    assert await late.resolve("four.example", 4) == Found((ip_address("10.77.0.4"),), 120)
    assert await late.resolve("four.example", 4) == Found((ip_address("10.77.0.4"),), 120)
    assert made == [network.resolver]


def test_an_exporter_without_names_does_not_carry_dnspython() -> None:
    """It is 3 MB."""
    code = "import sys, exporter.app; sys.exit('dns' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=PATIENCE_SECONDS).returncode == 0
