"""Faults of our own, with real agents: nobody is down, what was not seen is unknown, and it is told of us alone.

The wall clock's step is not here: no test may step the machine's clock. The fast tier injects it
(`tests/exporter/probing/agent/test_judged.py`). A door behind a wall stands in `test_agents.py`, in each run.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from lab.city.natted import CITY
from pantau.journal import Kind, Reader, verify
from pantau.states import State
from tests.city.agents_city import JOURNAL, AgentsCity, Point, agents_city
from tests.city.exporter_process import all_in
from tests.city.scrape import Scrape

pytestmark = [pytest.mark.city, pytest.mark.long, pytest.mark.timeout(600)]

POINTS = [Point(f"p{number}", isp, "w") for number, isp in enumerate(("a", "b", "c") * 2)]
NAMES = [point.name for point in POINTS]
SECONDS = 4
OURS = {
    "pantau_agents_door_up": "AgentsDoorClosed",
    "pantau_agents_page_up": "AgentsPageFailing",
    "pantau_journal_up": "JournalDown",
    "pantau_vantage_up": "VantageDown",
}
"""What is told about us, and by which metric."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentsCity]:
    """Six agents of three ISPs, all up; what the exporter keeps lies on a small disk of its own."""
    folder = tmp_path_factory.mktemp("own")
    state = folder / "state"
    state.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(state)], check=True)
    try:
        with agents_city(folder, POINTS, SECONDS) as city:
            city.start_agents()
            yield city
    finally:
        subprocess.run(["umount", "--lazy", str(state)], check=True)


def told_of_us(scrape: Scrape) -> set[str]:
    """What would page about us."""
    return {alert for metric, alert in OURS.items() if not scrape.value(metric)}


def blind_and_back(running: AgentsCity, end: Callable[[], None]) -> None:
    """All are unknown, by a fault of ours that is told as such; when it has ended all are up, and nobody was down."""
    running.wait_for_states(all_in("unknown", NAMES), 30)
    assert told_of_us(running.exporter.scrape()) == {"AgentsDoorClosed"}
    end()
    running.wait_for_states(all_in("up", NAMES), 30)
    nobody_was_down(running)


def nobody_was_down(running: AgentsCity) -> None:
    """And nothing is told of us any more."""
    assert running.exporter.ever("down") == set()
    scrape = running.exporter.scrape()
    assert scrape.total("hotspot_state_seconds_total", state="down") == 0
    assert told_of_us(scrape) == set()


def test_our_own_address_that_answers_proves_nothing(running: AgentsCity) -> None:
    """Our router leads us back inside while nobody comes in from outside."""
    running.close_door(hairpin=True)
    blind_and_back(running, running.open_door)
    assert running.exporter.events("our own public address lets nobody in") == []


def test_our_own_address_that_does_not_answer_disproves(running: AgentsCity) -> None:
    """Said with its reason, beside the silence."""
    running.close_door()
    seen = "our own public address lets nobody in"
    running.exporter.wait_until(lambda: len(running.exporter.events(seen)) == 1, 60, "miss itself")
    blind_and_back(running, running.open_door)
    assert [line["reason"] for line in running.exporter.events(seen)] == ["Connection refused"]


def test_a_certificate_that_has_expired(running: AgentsCity) -> None:
    """Agents refuse it, and keep their token to themselves; a new one is taken up without a restart."""
    folder = running.settings.parent
    valid = (folder / "door.pem").read_bytes()
    (folder / "door.pem").write_bytes(expired(folder))
    seen = "our own public address lets nobody in"

    def reasons() -> list[str]:
        return [line["reason"] for line in running.exporter.events(seen)]

    def renew() -> None:
        (folder / "door.pem").write_bytes(valid)

    try:
        running.exporter.wait_until(lambda: "certificate has expired" in reasons(), 90, "refuse itself")
        blind_and_back(running, renew)
    finally:
        renew()


@pytest.mark.parametrize("hairpin", [False, True])
def test_a_page_of_ours_that_fails(running: AgentsCity, hairpin: bool) -> None:
    """All agents of all ISPs lack it; nobody is without internet, whether or not it comes to us."""
    exporter = running.exporter
    before = exporter.scrape().total("pantau_agents_unbelieved_total", check="portal")
    running.close_page(hairpin=hairpin)
    try:
        exporter.wait_until(lambda: told_of_us(exporter.scrape()) == {"AgentsPageFailing"}, 60, "miss the page", 0.3)
        time.sleep(8 * SECONDS)
        assert exporter.states() == all_in("up", NAMES)
        assert exporter.scrape().total("pantau_agents_unbelieved_total", check="portal") >= before + 6 * len(NAMES)
    finally:
        running.open_page()
    exporter.wait_until(lambda: told_of_us(exporter.scrape()) == set(), 60, "find the page again", 0.3)
    nobody_was_down(running)
    assert exporter.ever("no_internet") == exporter.ever("isolated") == set()
    assert exporter.scrape().total("hotspot_state_seconds_total", state="no_internet") == 0
    with Reader(JOURNAL, running.settings.parent) as reader:
        for history in reader.histories(0, time.time_ns(), NAMES):
            assert not {one.state for one in history.segments} & {State.NO_INTERNET, State.ISOLATED, State.DOWN}


def test_a_disk_that_is_full(running: AgentsCity) -> None:
    """Heartbeats are heard and judged all the same; the journal has everything when there is room again."""
    state = running.settings.parent / "state"
    filler = state / "filler"
    fill(filler)
    exporter = running.exporter
    exporter.wait_until(lambda: told_of_us(exporter.scrape()) == {"JournalDown"}, 60, "find the disk full", 0.3)
    before = running.heartbeats()
    time.sleep(3 * SECONDS)
    assert all(running.heartbeats()[name] > before[name] for name in NAMES)
    assert exporter.states() == all_in("up", NAMES)
    unkept = "what was last heard of agents cannot be kept"
    exporter.wait_until(lambda: bool(exporter.events(unkept)), 90, "try to keep what it has heard", 1.0)
    before = running.heartbeats()
    time.sleep(2 * SECONDS)
    assert all(running.heartbeats()[name] > before[name] for name in NAMES)
    filler.unlink()
    exporter.wait_until(lambda: told_of_us(exporter.scrape()) == set(), 60, "write again", 0.3)
    nobody_was_down(running)
    assert exporter.scrape().total("pantau_journal_lost_events_total") == 0
    with Reader(JOURNAL, running.settings.parent) as reader:
        assert list(verify(reader)) == []


def test_an_exporter_that_was_away(running: AgentsCity) -> None:
    """For five intervals: nobody is down, the time is unknown, and what the agents kept meanwhile mends it."""
    exporter = running.exporter
    status, _ = exporter.stop()
    away_ns = time.time_ns()
    time.sleep(5 * SECONDS)
    back_ns = time.time_ns()
    exporter.start()
    running.wait_for_states(all_in("up", NAMES), 30)
    nobody_was_down(running)
    assert status == 0

    def mended() -> set[str]:
        with Reader(JOURNAL, running.settings.parent) as reader:
            entries = [entry.event for entry in reader.of_kinds(Kind.AMEND)]
        away = [one for one in entries if one.at_ns < back_ns and (one.until_ns or 0) > away_ns]
        return {one.subject for one in away if one.after == State.UP}

    exporter.wait_until(lambda: mended() == set(NAMES), 60, "mend what it has not seen", 0.5)
    with Reader(JOURNAL, running.settings.parent) as reader:
        assert list(verify(reader)) == []
        for history in reader.histories(away_ns, back_ns, NAMES):
            assert {one.state for one in history.segments} <= {State.UP, State.UNKNOWN}
            assert State.UNKNOWN in {one.state for one in history.segments}


def test_agents_of_one_isp_alone(tmp_path: Path) -> None:
    """Whoever is silent may be silent for our sake: unknown, though the others are heard."""
    points = [Point(f"one{number}", "a", "w") for number in range(3)]
    with agents_city(tmp_path, points, SECONDS) as city:
        city.start_agents()
        city.homes.afflict("refused", ["one0"])
        city.wait_for_states(all_in("up", ["one1", "one2"]) | all_in("unknown", ["one0"]), 30)
        assert told_of_us(city.exporter.scrape()) == set()
        city.homes.heal("refused", ["one0"])
        city.wait_for_states(all_in("up", [point.name for point in points]), 30)
        nobody_was_down(city)


def fill(file: Path) -> None:
    """Take all room that is left."""
    with file.open("wb", buffering=0) as filler:
        for size in (65_536, 4096, 1):
            try:
                while True:
                    filler.write(b"\0" * size)
            except OSError:
                continue


def expired(folder: Path) -> bytes:
    """The door's certificate as the same CA had made it, good until an hour ago."""
    valid = x509.load_pem_x509_certificate((folder / "door.pem").read_bytes())
    key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(valid.subject)
        .issuer_name(valid.issuer)
        .public_key(valid.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now - timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(CITY))]), critical=False)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
