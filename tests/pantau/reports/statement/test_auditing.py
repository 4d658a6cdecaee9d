"""What auditors ask beside the figures: twins, points never accepted, samples that nobody can know, a schema."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from lab.samples.accounting import APRIL, WITA, at, span
from lab.samples.evidence import BIZNET, CITY, TELKOM, Recorded, dark
from lab.samples.journal import SECOND, Place, change, ns
from pantau.inventory import Inventory, SiteVisit
from pantau.journal.entries import start
from pantau.reports.publishing.edition_files import data_file
from pantau.reports.statement import JournalEvidence, Statement, make_statement, survey
from pantau.reports.statement.audit_rows import TwinRow
from pantau.reports.statement.json_schema import data_schema, schema_text
from pantau.states import State

SCHEMA_FILE = Path(__file__).parents[4] / "docs/data.schema.json"
BUSY = Recorded({"P-1": dark(span("04-03", "04-05"), unseen=[span("04-10", "04-11")])}, counted={"P-1": (10, 9)})


def statement(contract: str = TELKOM, city: Inventory = CITY, evidence: Recorded = BUSY) -> Statement:
    """April of one contract."""
    return make_statement(contract, survey(city, evidence, APRIL, WITA))


def moved(**changes: Mapping[str, object]) -> Inventory:
    """The city with some hotspots changed, by id with _ for -."""
    hotspots = tuple(one.model_copy(update=changes.get(one.id.replace("-", "_"), {})) for one in CITY.hotspots)
    return replace(CITY, hotspots=hotspots)


def test_points_at_one_place_or_address_are_listed_whoever_pays_the_other() -> None:
    """P-1 and P-4, of two contracts, stand 5 m apart; P-2 and P-3 are probed at one address."""
    here = {"latitude": 1.44, "longitude": 125.18}
    near = {"latitude": 1.44003, "longitude": 125.18003}
    city = moved(P_1=here, P_4=near, P_3={"address": "10.77.0.2"})
    assert statement(city=city).twins == (
        TwinRow("P-1", "place", ("P-4",)),
        TwinRow("P-2", "address", ("P-3",)),
        TwinRow("P-3", "address", ("P-2",)),
    )
    assert statement(BIZNET, city).twins == (TwinRow("P-3", "address", ("P-2",)), TwinRow("P-4", "place", ("P-1",)))
    assert statement().twins == ()


def test_points_that_are_paid_and_were_never_accepted_are_listed() -> None:
    """P-2 has a day of acceptance; P-1 was visited once; P-3 never was, and a later visit does not count."""
    rows = statement().unaccepted
    assert [(row.point, row.visited, row.found) for row in rows] == [("P-1", "2024-04-16", "good"), ("P-3", None, "")]
    assert {(row.start, row.monthly_fee) for row in rows} == {(at("04-01"), 500_000)}
    late = SiteVisit.model_validate({"hotspot": "P-3", "date": "2024-05-01", "by": "Diskominfo", "result": "good"})
    later = replace(CITY, site_visits=(*CITY.site_visits, late))
    assert statement(city=later).unaccepted == rows


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A journal with two entries before April and some within."""
    made = Place("sqlite:///data/journal.sqlite", tmp_path)
    with made.store() as store:
        store.append([start(ns(-100), ["P-1"], [], {}), change("P-1", -50, State.UNKNOWN, State.UP)])
        store.append([change("P-1", 9000, State.UP, State.DOWN)], alive_ns=ns(9100))
    return made


def test_a_sample_s_seed_is_what_the_journal_held_when_the_month_began(place: Place) -> None:
    """Nobody knows it earlier, and it stays the same whatever is written later."""
    with place.reader() as reader:
        last = [entry for entry in reader.entries() if entry.event.recorded_ns < ns(0)][-1]
        made = make_statement(TELKOM, survey(CITY, JournalEvidence(reader), APRIL, WITA))
    assert made.sampling.entry == last.number
    assert made.sampling.seed == made.visit_seed == f"{TELKOM}/2024-04/{last.digest.hex()}"
    assert made.sampling.points == made.visit_sample
    with place.store() as store:
        store.append([change("P-1", 9500, State.DOWN, State.UP)], alive_ns=ns(9600))
        store.append([change("P-2", -40, State.UNKNOWN, State.UP)])  # told before the month, and written within it
    with place.reader() as reader:
        assert make_statement(TELKOM, survey(CITY, JournalEvidence(reader), APRIL, WITA)).sampling == made.sampling


def test_of_a_journal_that_began_later_the_first_entry_is_the_seed(tmp_path: Path) -> None:
    """And where there is no entry at all, that is said."""
    place = Place("sqlite:///data/journal.sqlite", tmp_path)
    with place.store() as store:
        (first,) = [one for one in store.append([start(ns(500), ["P-1"], [], {})]) if one.number == 1]
    with place.reader() as reader:
        assert JournalEvidence(reader).seal(ns(0) // SECOND) == (1, first.digest.hex())
    bare = statement(evidence=Recorded(sealed=None)).sampling
    assert (bare.seed, bare.entry) == ("maesa-telkom/2024-04", None)


def test_other_seeds_draw_other_points() -> None:
    """The digest decides, not the contract's name alone."""
    hotspots = tuple(
        CITY.hotspots[0].model_copy(update={"id": f"P-{n}", "address": f"10.0.0.{n}"}) for n in range(1, 61)
    )
    assigned = tuple(CITY.assignments[0].model_copy(update={"hotspot": one.id}) for one in hotspots)
    city = replace(CITY, hotspots=hotspots, assignments=assigned, site_visits=())
    drawn = {statement(city=city, evidence=Recorded(sealed=(1, f"{n:064x}"))).visit_sample for n in range(8)}
    assert len(drawn) == 8
    assert {len(points) for points in drawn} == {3}


def test_the_schema_in_docs_is_that_of_the_code() -> None:
    """Make it again: python -m pantau.reports.statement.json_schema docs/data.schema.json"""
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("contract", [TELKOM, BIZNET])
def test_a_real_data_file_is_valid_by_the_schema(contract: str) -> None:
    """Every field that is in it is described, and every one described is in it."""
    schema, data = data_schema(), json.loads(data_file(statement(contract)))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema, jsonschema.Draft202012Validator)
    assert set(data) == set(schema["properties"])
    assert data["points"]
    assert set(data["points"][0]) == set(schema["$defs"]["PointRow"]["properties"])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("payment"),
        lambda data: data["points"][0].update(charged_seconds="many"),
        lambda data: data["points"][0].pop("restitution"),
        lambda data: data.update(shape=2),
        lambda data: data["measuring"].update(interval_seconds=None),
    ],
)
def test_a_spoilt_data_file_is_not(spoil: object) -> None:
    """The schema tells what is missing and what is of another type."""
    data = json.loads(data_file(statement()))
    assert callable(spoil)
    spoil(data)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, data_schema(), jsonschema.Draft202012Validator)


def test_a_point_that_was_never_monitored_is_not_told_as_newly_added(place: Place) -> None:
    """P-2 stands in the inventory and in no entry; P-1 was watched."""
    with place.reader() as reader:
        made = make_statement(TELKOM, survey(CITY, JournalEvidence(reader), APRIL, WITA))
    reasons = {row.reason for row in made.unobserved}
    assert "never_monitored" in reasons
    assert "added" not in reasons
