"""The engine rejects forged and replayed replies; how near each came is told to nobody."""

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
    """Captures replies and sends forged ones."""
    with closing(Forger(city)) as adversary:
        yield adversary


@pytest.fixture(scope="module")
def captured(exporter: ExporterProcess, forger: Forger, city: CityNamespace) -> Iterator[dict[str, Echo]]:
    """A genuine reply of every hotspot, of the time before half of them fell silent; they are silent now."""
    with forger.listening() as replies:
        exporter.wait_for_states(all_in("up", HOTSPOTS), 10)
        exporter.wait_until(
            lambda: len({echo.source for echo in replies}) == len(HOTSPOTS), 10, "every hotspot's reply"
        )
    city.black_hole(HOTSPOTS[name] for name in DEAD)
    exporter.wait_for_states(all_in("up", HOTSPOTS) | all_in("down", DEAD), 20)
    yield {echo.source: echo for echo in replies}
    city.heal()


def _counted(exporter: ExporterProcess, before: dict[str, float]) -> dict[str, float]:
    """What has been counted as unmatched since."""
    now = exporter.scrape().by("reason", UNMATCHED)
    return {reason: count - before[reason] for reason, count in now.items() if count != before[reason]}


def _send_forgeries(exporter: ExporterProcess, forger: Forger, messages: dict[str, bytes]) -> dict[str, float]:
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


def test_rejects_replayed_replies_as_duplicates(
    exporter: ExporterProcess, forger: Forger, captured: dict[str, Echo]
) -> None:
    """A genuine reply sent again later, byte for byte, from the right address: its probe has been answered already."""
    replayed = {HOTSPOTS[name]: captured[HOTSPOTS[name]].message for name in DEAD}
    assert _send_forgeries(exporter, forger, replayed) == {"duplicate": FORGERIES}


def test_rejects_a_reply_with_a_wrong_tag(exporter: ExporterProcess, forger: Forger, captured: dict[str, Echo]) -> None:
    """Address, identifier, sequence and token are right."""
    forged = {}
    for name in DEAD:
        echo = captured[HOTSPOTS[name]]
        forged[HOTSPOTS[name]] = echo_reply(echo.identifier, echo.sequence, bytes(8) + echo.body[8:])
    assert _send_forgeries(exporter, forger, forged) == {"mismatch": FORGERIES}


def test_rejects_a_token_that_has_not_been_sent(
    exporter: ExporterProcess, forger: Forger, captured: dict[str, Echo]
) -> None:
    """The sender knows a tag and counts on to probes that have not left."""
    forged = {}
    for name in DEAD:
        echo = captured[HOTSPOTS[name]]
        token = int.from_bytes(echo.body[8:], "big") + 1_000_000
        body = echo.body[:8] + token.to_bytes(8, "big")
        forged[HOTSPOTS[name]] = echo_reply(echo.identifier, token & 0xFFFF, body)
    assert _send_forgeries(exporter, forger, forged) == {"mismatch": FORGERIES}


def test_rejects_a_reply_with_a_wrong_sequence(
    exporter: ExporterProcess, forger: Forger, captured: dict[str, Echo]
) -> None:
    """Everything else is right."""
    forged = {}
    for name in DEAD:
        echo = captured[HOTSPOTS[name]]
        forged[HOTSPOTS[name]] = echo_reply(echo.identifier, echo.sequence ^ 0x5555, echo.body)
    assert _send_forgeries(exporter, forger, forged) == {"mismatch": FORGERIES}


def test_rejects_a_reply_of_another_hotspot(
    exporter: ExporterProcess, forger: Forger, captured: dict[str, Echo]
) -> None:
    """A genuine reply of a hotspot that answers, sent under the address of one that is down."""
    living = [HOTSPOTS[name] for name in HOTSPOTS if name not in DEAD]
    forged = {HOTSPOTS[name]: captured[other].message for name, other in zip(DEAD, living, strict=True)}
    assert _send_forgeries(exporter, forger, forged) == {"mismatch": FORGERIES}


def test_rejects_a_truncated_reply(exporter: ExporterProcess, forger: Forger, captured: dict[str, Echo]) -> None:
    """Identifier and sequence are right, and nothing follows them: it is malformed."""
    forged = {}
    for name in DEAD:
        echo = captured[HOTSPOTS[name]]
        forged[HOTSPOTS[name]] = echo_reply(echo.identifier, echo.sequence, b"")
    assert _send_forgeries(exporter, forger, forged) == {"malformed": FORGERIES}


def test_a_raw_socket_rejects_a_wrong_identifier(
    exporter: ExporterProcess, forger: Forger, captured: dict[str, Echo]
) -> None:
    """Replies to another prober: the kernel filters them for a datagram socket, a raw one must tell them apart."""
    before = exporter.scrape()
    echo = captured[HOTSPOTS[DEAD[0]]]
    for number in range(FORGERIES):
        message = echo_reply((echo.identifier + 1 + number) & 0xFFFF, echo.sequence, echo.body)
        forger.send(echo.source, echo.destination, message)
    # A replay behind them: once it is counted, so are those before it.
    forger.replay(echo)
    known = before.by("reason", UNMATCHED)
    exporter.wait_until(lambda: _counted(exporter, known).get("duplicate") == 1.0, 10, "count the replay")
    raw = before.total("pantau_engine_info", socket="raw") == 1
    assert _counted(exporter, known) == {"duplicate": 1} | ({"mismatch": FORGERIES} if raw else {})


def test_forgeries_change_no_state(exporter: ExporterProcess, captured: dict[str, Echo]) -> None:
    """After all of them the down hotspots have been down without a change, and the others up all the time."""
    assert exporter.states() == all_in("up", HOTSPOTS) | all_in("down", DEAD)
    assert len(exporter.changes()) == len(HOTSPOTS) + len(DEAD)
    assert exporter.scrape().by("hotspot", "hotspot_up") == {name: float(name not in DEAD) for name in HOTSPOTS}
