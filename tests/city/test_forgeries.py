"""Forged and replayed replies raise nobody, and each lie is counted by what gave it away."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import ExporterProcess, all_in
from tests.city.forger import Echo, Forger, echo_reply
from tests.city.inventories import QUICK, city_hotspots, write_configuration

pytestmark = pytest.mark.city

HOTSPOTS = city_hotspots(40)
DEAD = list(HOTSPOTS)[:20]
FORGERIES = 500
UNMATCHED = "pantau_unmatched_replies_total"


@pytest.fixture(scope="module", params=["datagram", "raw"])
def exporter(
    request: pytest.FixtureRequest, city: CityNamespace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ExporterProcess]:
    """An exporter over forty hotspots."""
    city.allow_datagram_sockets(True)
    settings = write_configuration(tmp_path_factory.mktemp(request.param), HOTSPOTS, {**QUICK, "socket": request.param})
    with ExporterProcess(city, settings) as running:
        yield running


@pytest.fixture(scope="module")
def forger(city: CityNamespace) -> Iterator[Forger]:
    """The adversary."""
    with closing(Forger(city)) as adversary:
        yield adversary


@pytest.fixture(scope="module")
def overheard(exporter: ExporterProcess, forger: Forger, city: CityNamespace) -> Iterator[dict[str, Echo]]:
    """A genuine reply of every hotspot, of the time before half of them fell silent; they are silent now."""
    with forger.listening() as replies:
        exporter.wait_for_states(all_in("up", HOTSPOTS), 10)
        exporter.wait_until(lambda: len({echo.source for echo in replies}) == len(HOTSPOTS), 10, "be overheard")
    city.black_hole(HOTSPOTS[name] for name in DEAD)
    exporter.wait_for_states(all_in("up", HOTSPOTS) | all_in("down", DEAD), 20)
    yield {echo.source: echo for echo in replies}
    city.heal()


def _counted(exporter: ExporterProcess, before: dict[str, float]) -> dict[str, float]:
    """What has been counted as unmatched since."""
    now = exporter.scrape().by("reason", UNMATCHED)
    return {reason: count - before[reason] for reason, count in now.items() if count != before[reason]}


def _lie(exporter: ExporterProcess, forger: Forger, messages: dict[str, bytes]) -> dict[str, float]:
    """Send `FORGERIES` replies, in turn from each address; what the exporter has counted of them in the end."""
    before = exporter.scrape().by("reason", UNMATCHED)
    sources = list(messages)
    for number in range(FORGERIES):
        source = sources[number % len(sources)]
        forger.send(source, source, messages[source])
    exporter.wait_until(
        lambda: sum(_counted(exporter, before).values()) >= FORGERIES, 10, f"count {FORGERIES} forged replies"
    )
    return _counted(exporter, before)


def test_replayed_replies_are_stale_or_duplicates(
    exporter: ExporterProcess, forger: Forger, overheard: dict[str, Echo]
) -> None:
    """A reply of yesterday, byte for byte, from the right address: its probe has been answered already."""
    replayed = {HOTSPOTS[name]: overheard[HOTSPOTS[name]].message for name in DEAD}
    assert _lie(exporter, forger, replayed) == {"duplicate": FORGERIES}


def test_the_nonce_cannot_be_guessed(exporter: ExporterProcess, forger: Forger, overheard: dict[str, Echo]) -> None:
    """The right address, identifier, sequence and token, and a wrong nonce."""
    forged = {}
    for name in DEAD:
        echo = overheard[HOTSPOTS[name]]
        forged[HOTSPOTS[name]] = echo_reply(echo.identifier, echo.sequence, bytes(8) + echo.body[8:])
    assert _lie(exporter, forger, forged) == {"nonce": FORGERIES}


def test_a_token_of_the_future_is_stale(exporter: ExporterProcess, forger: Forger, overheard: dict[str, Echo]) -> None:
    """A spy who knows the nonce counts on to probes that have not left."""
    forged = {}
    for name in DEAD:
        echo = overheard[HOTSPOTS[name]]
        token = int.from_bytes(echo.body[8:], "big") + 1_000_000
        body = echo.body[:8] + token.to_bytes(8, "big")
        forged[HOTSPOTS[name]] = echo_reply(echo.identifier, token & 0xFFFF, body)
    assert _lie(exporter, forger, forged) == {"stale": FORGERIES}


def test_a_wrong_sequence_is_noticed(exporter: ExporterProcess, forger: Forger, overheard: dict[str, Echo]) -> None:
    """Everything right but the sequence."""
    forged = {}
    for name in DEAD:
        echo = overheard[HOTSPOTS[name]]
        forged[HOTSPOTS[name]] = echo_reply(echo.identifier, echo.sequence ^ 0x5555, echo.body)
    assert _lie(exporter, forger, forged) == {"sequence": FORGERIES}


def test_a_living_hotspots_reply_does_not_raise_a_dead_one(
    exporter: ExporterProcess, forger: Forger, overheard: dict[str, Echo]
) -> None:
    """The genuine reply of a neighbour that answers, sent under the dead hotspot's address."""
    living = [HOTSPOTS[name] for name in HOTSPOTS if name not in DEAD]
    forged = {HOTSPOTS[name]: overheard[other].message for name, other in zip(DEAD, living, strict=True)}
    assert _lie(exporter, forger, forged) == {"source": FORGERIES}


def test_a_reply_cut_short_is_malformed(exporter: ExporterProcess, forger: Forger, overheard: dict[str, Echo]) -> None:
    """Identifier and sequence are right, and nothing follows them."""
    forged = {}
    for name in DEAD:
        echo = overheard[HOTSPOTS[name]]
        forged[HOTSPOTS[name]] = echo_reply(echo.identifier, echo.sequence, b"")
    assert _lie(exporter, forger, forged) == {"malformed": FORGERIES}


def test_a_wrong_identifier_reaches_a_raw_socket_only(
    exporter: ExporterProcess, forger: Forger, overheard: dict[str, Echo]
) -> None:
    """Another prober's replies: the kernel keeps them from a datagram socket, a raw one must tell them apart."""
    before = exporter.scrape()
    echo = overheard[HOTSPOTS[DEAD[0]]]
    for number in range(FORGERIES):
        message = echo_reply((echo.identifier + 1 + number) & 0xFFFF, echo.sequence, echo.body)
        forger.send(echo.source, echo.destination, message)
    # A replay behind them: once it is counted, so are those before it.
    forger.replay(echo)
    known = before.by("reason", UNMATCHED)
    exporter.wait_until(lambda: _counted(exporter, known).get("duplicate") == 1.0, 10, "count the replay")
    raw = before.total("pantau_engine_info", socket="raw") == 1
    assert _counted(exporter, known) == {"duplicate": 1} | ({"identifier": FORGERIES} if raw else {})


def test_nobody_was_raised_and_nobody_felled(exporter: ExporterProcess, overheard: dict[str, Echo]) -> None:
    """After all the lies: the dead are down without a change since, and the living have been up all the time."""
    assert exporter.states() == all_in("up", HOTSPOTS) | all_in("down", DEAD)
    assert len(exporter.changes()) == len(HOTSPOTS) + len(DEAD)
    assert exporter.scrape().by("hotspot", "hotspot_up") == {name: float(name not in DEAD) for name in HOTSPOTS}
