"""What agents say, as far as the bill: the real judge and journal, and the statement of what they were told."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from exporter.probing.agent.beats import Minute
from exporter.probing.uptime.source import UptimeReading, UptimeResult
from lab.samples.accounting import WITA
from pantau.inventory import Assignment, Contract, Inventory
from pantau.journal import Reader, Source, Store
from pantau.journal.entries import uptime_told
from pantau.reports.accounting import Month
from pantau.reports.statement import JournalEvidence, Statement, make_statement, survey
from pantau.reports.statement.rows import PointRow
from pantau.states import State
from tests.exporter.probing.agent.city import UNPINGED, AgentCity, of_isps
from tests.network import SECOND

FEE = 100_000_000
"""So that a minute is worth Rp2315."""
CUT_SECONDS = 360
ISP, CITY = "agent_custody: isp", "agent_custody: city"
POINTS = {
    "telkom-silent": f"address: 10.77.0.1, {ISP}, kelurahan: Pateten",
    "telkom-liar": f"address: 10.77.0.2, {ISP}, kelurahan: Pateten",
    "telkom-city": f"address: 10.77.0.3, {CITY}, kelurahan: Pateten",
    "telkom-unpinged": f"{UNPINGED}, {ISP}, kelurahan: Pateten",
    "biznet-honest": f"address: 10.77.0.5, {ISP}, kelurahan: Pateten",
}
NOVEMBER = Month(2023, 11)
SILENT_KINDS = ("telkom-silent", "telkom-liar", "biznet-honest")


class Told(NamedTuple):
    """A journal, and the inventory by which it is billed."""

    folder: Path
    inventory: Inventory
    back_ns: int
    """When the cut was over."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """All lines cut for six minutes; the devices of some go on to beat, by a way of their own."""
    folder = tmp_path_factory.mktemp("whose")
    city = AgentCity(folder, {**of_isps(1, "infotek", "starlink"), **POINTS})
    city.scripted.minute = Minute(portal="ok", dns="ok")
    city.run(65)
    city.cut("telkom-silent", "telkom-liar", "telkom-city", "biznet-honest")
    city.scripted.silent = {"telkom-silent", "biznet-honest"}
    city.run(CUT_SECONDS)
    assert city.those(State.DOWN) == set(SILENT_KINDS)
    city.network.hosts.clear()
    city.scripted.silent.clear()
    back_ns = city.clock.wall_ns()
    city.run(62)
    assert city.those(State.UP) == set(city.states())
    city.recorder.beat()
    with Store("sqlite:///journal.sqlite", folder, Source("test", 0)) as store:
        store.append(city.told, alive_ns=city.clock.wall_ns())
    return Told(folder, _billed(city.configuration.inventory), back_ns)


def _billed(inventory: Inventory) -> Inventory:
    """Every point pays by R2, whatever was seen of the month."""
    terms = {"start": "2023-11-01", "end": "2024-01-01", "method": "R2", "sla_ratio": "0.98"}
    contracts = [
        Contract.model_validate({"id": isp, "kecamatan": "maesa", "isp": isp, "minimum_coverage_ratio": "0", **terms})
        for isp in ("telkom", "biznet")
    ]
    rows = [
        Assignment.model_validate(
            {"hotspot": name, "contract": name.partition("-")[0], "start": "2023-11-01", "monthly_fee": str(FEE)}
        )
        for name in POINTS
    ]
    return replace(inventory, contracts=tuple(contracts), assignments=tuple(rows))


def statements(told: Told, journal: str = "journal.sqlite") -> list[Statement]:
    """November's."""
    with Reader(f"sqlite:///{journal}", told.folder) as reader:
        found = survey(told.inventory, JournalEvidence(reader), NOVEMBER, WITA)
    return [make_statement(isp, found) for isp in ("telkom", "biznet")]


def lines(made: list[Statement]) -> dict[str, PointRow]:
    """By point."""
    return {row.point: row for one in made for row in one.points}


def test_a_beating_agent_of_the_isp_moves_no_bill(told: Told) -> None:
    """It beat while its line was cut, and pays what the silent one pays; the city's own device is believed."""
    found = lines(statements(told))
    paid = {name: row.restitution for name, row in found.items()}
    assert paid["telkom-silent"] == pytest.approx(CUT_SECONDS * FEE / (30 * 86_400), abs=20 * FEE / (30 * 86_400))
    assert paid["telkom-liar"] == pytest.approx(paid["telkom-silent"], abs=11 * FEE / (30 * 86_400))
    assert (paid["telkom-city"], paid["telkom-unpinged"]) == (0, 0)


def test_the_statement_says_what_rests_on_whom(told: Told) -> None:
    """The city's agent alone for the cut; the ISP's for all that nobody can ping; of what pings confirm nothing."""
    made = statements(told)
    found = lines(made)
    assert found["telkom-city"].agent_seconds == {"city": pytest.approx(CUT_SECONDS, abs=25)}
    unpinged = found["telkom-unpinged"]
    assert unpinged.agent_seconds == {"isp": unpinged.state_seconds["up"]}
    assert unpinged.state_seconds["up"] >= CUT_SECONDS
    assert [found[name].agent_seconds for name in SILENT_KINDS] == [{}] * 3
    assert all(sum(row.state_seconds.values()) == row.contract_seconds for row in found.values())
    sums = made[0].summary.agent_seconds
    assert sums == {
        name: found[f"telkom-{end}"].agent_seconds[name] for name, end in (("city", "city"), ("isp", "unpinged"))
    }


def test_a_reboot_that_the_isps_device_claims_moves_no_bill(told: Told) -> None:
    """The liar says that it restarted; the honest one of another ISP says that it stayed on: nobody's power failed."""
    before = {name: row.payable for name, row in lines(statements(told)).items()}
    journal = told.folder / "journal.sqlite"
    copy = told.folder / "claimed.sqlite"
    copy.write_bytes(journal.read_bytes())
    told_ns = told.back_ns + 40 * SECOND
    claims = [("telkom-liar", 90), ("telkom-silent", 90), ("biznet-honest", 90_000)]
    with Store("sqlite:///claimed.sqlite", told.folder, Source("test", 0)) as store:
        store.append([uptime_told(name, told_ns, uptime, "agent", None, {}) for name, uptime in claims])
    made = statements(told, "claimed.sqlite")
    assert {name: row.payable for name, row in lines(made).items()} == before
    causes = {one.point: (one.cause, one.uptime_told_by) for statement in made for one in statement.events}
    assert causes == {
        "telkom-liar": ("restart", "isp"),
        "telkom-silent": ("restart", "isp"),
        "biznet-honest": ("fo_putus", "isp"),
    }


def test_the_reading_that_a_heartbeat_gives_is_what_the_journal_gets(tmp_path: Path) -> None:
    """As the recorder writes it: so the claim above is one that an agent can make."""
    city = AgentCity(tmp_path, of_isps(1))
    city.recorder.uptime_told("telkom-0", "", "agent", UptimeReading(UptimeResult.TOLD, 25))
    (event,) = (one for one in city.told if one.uptime_seconds is not None)
    assert (event.subject, event.uptime_seconds, event.evidence) == ("telkom-0", 25, "agent")
