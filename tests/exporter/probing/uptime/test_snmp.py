"""A real snmpd is asked: with version 2c and 3, with wrong secrets, and none of it on the loop that probes."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from exporter.probing.uptime.asking import AT_A_TIME, SnmpUptimes
from exporter.probing.uptime.counters import Counters
from exporter.probing.uptime.snmp import Secrets, get_counters
from exporter.probing.uptime.source import UptimeResult
from pantau.clock import SystemClock
from pantau.inventory import Configuration, load
from pantau.inventory.snmp import SnmpAccess
from tests.exporter.probing.uptime.agent import AUTH, COMMUNITY, PRIVACY, snmpd
from tests.patience import promptly

GOOD = Path(__file__).parents[3] / "pantau" / "inventory" / "good"
V2 = {"name": "city", "community_file": "community"}
HIDDEN = {"name": "hidden", "version": "3", "user": "hidden", "auth_file": "auth", "privacy_file": "privacy"}
PLAIN = {"name": "plain", "version": "3", "user": "plain", "auth_file": "auth", "auth": "sha"}
ALL = Secrets(COMMUNITY, AUTH, PRIVACY)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of the daemon."""
    with snmpd(tmp_path_factory.mktemp("snmpd")) as port:
        yield port


def machine_uptime() -> float:
    """Of the machine that we and snmpd run on."""
    return float(Path("/proc/uptime").read_text("ascii").split()[0])


def get(access: dict[str, str], port: int, secrets: Secrets = ALL) -> Counters | UptimeResult:
    """Ask once."""
    made = SnmpAccess.model_validate({**access, "port": port})
    return asyncio.run(get_counters("127.0.0.1", made, secrets, 0.4))


@pytest.mark.parametrize("access", [V2, HIDDEN, PLAIN], ids=lambda access: access["name"])
def test_the_three_counters_are_read(port: int, access: dict[str, str]) -> None:
    """The machine's is that of /proc/uptime, and the agent's two are of one start."""
    told = get(access, port)
    assert isinstance(told, Counters)
    assert told.host == pytest.approx(machine_uptime(), abs=3)
    assert told.agent is not None
    assert told.engine == pytest.approx(told.agent, abs=3)
    assert told.agent < 300


@pytest.mark.parametrize(
    ("access", "secrets", "result"),
    [
        (V2, Secrets("public"), UptimeResult.NO_ANSWER),
        (HIDDEN | {"user": "nobody"}, ALL, UptimeResult.REFUSED),
        (PLAIN, Secrets("", "another-password", ""), UptimeResult.REFUSED),
        (PLAIN, Secrets("", "short", ""), UptimeResult.FAILED),
        (PLAIN | {"auth": "md5"}, ALL, UptimeResult.REFUSED),
        # Of an answer that it may not give in the open it says so.
        ({**HIDDEN, "privacy_file": ""}, ALL, UptimeResult.BAD_ANSWER),
    ],
)
def test_wrong_secrets_are_told_apart_as_far_as_the_device_does(
    port: int, access: dict[str, str], secrets: Secrets, result: UptimeResult
) -> None:
    """A wrong community looks like silence."""
    assert get({key: value for key, value in access.items() if value}, port, secrets) is result


def test_nobody_at_home_is_no_answer() -> None:
    """A port that nobody has opened."""
    assert get(V2, 9) is UptimeResult.NO_ANSWER


def test_secrets_are_never_shown() -> None:
    """Not in what a traceback prints."""
    assert repr(ALL) == str(ALL) == "Secrets(...)"


@pytest.fixture
def configuration(tmp_path: Path, port: int) -> Configuration:
    """A city of which one hotspot is asked, by a community that lies in a file."""
    shutil.copytree(GOOD, tmp_path / "city")
    settings = tmp_path / "city" / "pantau.yml"
    access = f"  accesses:\n    - {{name: city, community_file: community, port: {port}, hotspots: [BTG-1]}}\n"
    settings.write_text(settings.read_text("utf-8") + f"snmp:\n  timeout: 400ms\n{access}", "utf-8")
    (tmp_path / "city" / "community").write_text(COMMUNITY + "\n", "ascii")
    return load(settings)


async def test_a_device_is_asked_and_its_answer_concluded(configuration: Configuration) -> None:
    """By what it was silent for: it stayed on; it restarted; or the daemon alone is known to have."""
    source = SnmpUptimes(lambda: configuration, SystemClock())
    assert (source.asks("BTG-1"), source.asks("BTG-2"), source.asks("nobody")) == (True, False, False)
    stayed = await source.ask("BTG-1", "127.0.0.1", 0.001)
    restarted = await SnmpUptimes(lambda: configuration, SystemClock()).ask("BTG-1", "127.0.0.1", 10 * 365 * 86_400)
    open_still = await SnmpUptimes(lambda: configuration, SystemClock()).ask("BTG-1", "127.0.0.1", machine_uptime() - 9)
    for told in (stayed, restarted):
        assert told.result is UptimeResult.TOLD
        assert told.uptime_seconds == pytest.approx(machine_uptime(), abs=5)
    assert (open_still.result, open_still.uptime_seconds) == (UptimeResult.UNCLEAR, None)
    assert set(open_still.facts) == {"hrSystemUptime", "snmpEngineTime", "sysUpTime", "why"}
    source.close()


@pytest.mark.parametrize("content", [None, "", "\n", "\xff\xfe"])
async def test_a_secret_that_cannot_be_read_is_said(configuration: Configuration, content: str | None) -> None:
    """Missing, empty or no text: nobody is asked with nothing."""
    file = configuration.path.parent / "community"
    file.unlink()
    if content is not None:
        file.write_bytes(content.encode("latin-1"))
    source = SnmpUptimes(lambda: configuration, SystemClock())
    assert (await source.ask("BTG-1", "127.0.0.1", 60)).result is UptimeResult.NO_SECRET
    source.close()


async def test_a_secret_that_was_changed_needs_no_reload(configuration: Configuration) -> None:
    """The file is read each time."""
    source = SnmpUptimes(lambda: configuration, SystemClock())
    file = configuration.path.parent / "community"
    file.write_text("wrong", "ascii")
    assert (await source.ask("BTG-1", "127.0.0.1", 60)).result is UptimeResult.NO_ANSWER
    file.write_text(COMMUNITY, "ascii")
    assert (await source.ask("BTG-1", "127.0.0.1", 0.001)).result is UptimeResult.TOLD
    source.close()


async def test_asking_takes_nothing_of_the_loop_and_is_left_at_once(configuration: Configuration) -> None:
    """The library works in a thread of its own; a device that is silent holds up no stop."""
    source = SnmpUptimes(lambda: configuration, SystemClock())
    await source.ask("BTG-1", "127.0.0.1", 60)
    assert [thread.daemon for thread in threading.enumerate() if thread.name == "snmp"][-1:] == [True]
    (configuration.path.parent / "community").write_text("wrong", "ascii")
    asking = asyncio.create_task(source.ask("BTG-1", "127.0.0.1", 60))
    await asyncio.sleep(0.05)
    with promptly(0.2):
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        source.close()


async def test_a_city_that_comes_back_is_asked_a_few_at_a_time(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of twenty recoveries at one moment eight are asked, and the next when one of them has answered."""
    at_once = most = 0

    async def slow(*_: object) -> Counters:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.01)
        at_once -= 1
        return Counters(9e6, 9e6, 9e6)

    monkeypatch.setattr("exporter.probing.uptime.asking._get", slow)
    source = SnmpUptimes(lambda: configuration, SystemClock())
    told = await asyncio.gather(*(source.ask("BTG-1", "127.0.0.1", 60) for _ in range(20)))
    assert ({one.result for one in told}, most) == ({UptimeResult.TOLD}, AT_A_TIME)
    source.close()
