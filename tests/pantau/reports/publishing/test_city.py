"""A whole run over a real journal: files, sums, refusals, and that processes change nothing."""

import csv
import io
import json
import os
import signal
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pantau.errors import JournalError, ReportError
from pantau.journal import Kind, Reader, decide
from pantau.journal.sums import sums_text
from pantau.reports.accounting import Month
from pantau.reports.edition import Comparison, WitnessRow
from pantau.reports.publishing import city
from pantau.reports.publishing.proof import last_before
from pantau.reports.statement import Survey
from pantau.reports.statement.rows import Ratio
from pantau.states import State
from tests.pantau.journal.place import Place, change
from tests.pantau.reports.accounting.building import APRIL, span
from tests.pantau.reports.publishing.test_shelf import content_of
from tests.pantau.reports.publishing.town import HOURS, MADE_AT, MARCH, POINTS, Town, outage, seconds

CONTRACTS = ["maesa-telkom", "maesa-biznet", "girian-telkom"]


def data_of(town: Town, contract: str) -> dict[str, Any]:
    """A draft's data."""
    made: dict[str, Any] = json.loads((town.contract(contract) / "draft/data.json").read_bytes())
    return made


def test_a_city_s_month_is_one_report_a_contract_and_a_recap(town: Town) -> None:
    """Charged seconds are the journal's, also of an outage that began in the month before."""
    made = town.make()
    assert [one.contract for one in made.outcomes] == CONTRACTS
    assert [one.summary.charged_seconds for one in made.outcomes] == [2 * 86_400 + 86_400, 3600, 0]
    assert [one.payment.payable for one in made.outcomes] == [1_000_000 - 33_333 - 16_667, 1_000_000 - 694, None]
    for one in made.outcomes:
        assert one.place == town.contract(one.contract) / "draft"
        files = content_of(one.place)
        assert {"data.json", "edition.json", "annexes/inventory.json", "annexes/transitions.csv"} <= set(files)
    assert made.recap == town.output / "2024-04/_kota/recap"


def test_processes_side_by_side_make_the_same_bytes_as_one(town: Town) -> None:
    """And so does a second run of the same moment."""
    town.make()
    alone = {name: content_of(town.contract(name) / "draft") for name in CONTRACTS}
    recap = content_of(town.output / "2024-04/_kota/recap")
    town.make(jobs=3)
    assert {name: content_of(town.contract(name) / "draft") for name in CONTRACTS} == alone
    assert content_of(town.output / "2024-04/_kota/recap") == recap


def test_the_edition_names_the_journal_s_end_and_the_data_s_sum(town: Town) -> None:
    """What anybody needs to ask for the same again."""
    (one,) = town.make(contract="maesa-telkom").outcomes
    with Reader(town.url, town.folder) as reader:
        head = reader.head()
    assert one.edition is not None
    assert (one.edition.journal_entry, one.edition.journal_hash) == (head.number, head.digest.hex())
    assert one.edition.software == "pantau test"
    assert one.edition.made_at == MADE_AT


def test_the_trend_has_the_months_before_as_far_as_the_journal_goes(town: Town) -> None:
    """March of the contract that held then; of the others April only; nothing before the journal."""
    town.make()
    assert [row["month"] for row in data_of(town, "maesa-telkom")["trend"]] == ["2024-03", "2024-04"]
    assert data_of(town, "maesa-telkom")["trend"][0]["availability"]["percent"] == "98.2527"
    assert [row["month"] for row in data_of(town, "maesa-biznet")["trend"]] == ["2024-04"]


@pytest.mark.parametrize(
    ("asked", "contracts", "recap"),
    [
        ({"contract": "maesa-biznet"}, ["maesa-biznet"], None),
        ({"kecamatan": "maesa"}, ["maesa-telkom", "maesa-biznet"], "_kecamatan-maesa"),
        ({"isp": "telkom"}, ["maesa-telkom", "girian-telkom"], "_isp-telkom"),
        ({"kecamatan": "girian"}, ["girian-telkom"], None),
    ],
)
def test_what_is_asked_for_is_reported(
    town: Town, asked: dict[str, Any], contracts: list[str], recap: str | None
) -> None:
    """And a recap where it is more than one."""
    made = town.make(**asked)
    assert [one.contract for one in made.outcomes] == contracts
    assert made.recap == (town.output / "2024-04" / recap / "recap" if recap else None)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"contract": "nowhere"}, "'nowhere' is no contract of the inventory, which has: maesa-telkom, maesa-biznet"),
        ({"kecamatan": "x"}, "'x' is no kecamatan of the inventory, which has: maesa, girian"),
        ({"isp": "x"}, "'x' is no isp of the inventory, which has: telkom, biznet"),
        (
            {"month": MARCH, "contract": "maesa-biznet"},
            "contract maesa-biznet holds from 2024-04-01 up to 2025-01-01, not in",
        ),
        ({"month": Month(2025, 1), "made_at": MADE_AT + 400 * 86_400}, "no contract of kota holds in 2025-01"),
        ({"month": Month(2024, 6)}, "2024-06 has not begun"),
        ({"month": Month(2024, 5), "final": True}, "2024-05 is not over: leave --final out for a draft"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(town: Town, asked: dict[str, Any], told: str) -> None:
    """And nothing is written."""
    with pytest.raises(ReportError, match=told):
        town.make(**asked)
    assert not town.output.exists()


def test_a_month_that_runs_has_a_draft(town: Town) -> None:
    """What is not yet observed is unobserved."""
    made = town.make(month=Month(2024, 5), contract="maesa-telkom", formats=frozenset({"json"}))
    (one,) = made.outcomes
    assert one.summary.coverage is not None
    assert one.summary.coverage.numerator * 31 == one.summary.coverage.denominator * 2


def test_without_a_journal_there_is_no_report(town: Town) -> None:
    """The sentence is the journal's."""
    (town.folder / "data/journal.sqlite").unlink()
    with pytest.raises(JournalError, match="there is no journal at"):
        town.make()
    assert not town.output.exists()


def entry_of(town: Town, point: str, month: Month) -> int:
    """The point's first entry in a month."""
    start, end = month.span()
    with Reader(town.url, town.folder) as reader:
        return next(reader.transitions(start * 10**9, end * 10**9, [point])).number


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE entries SET at_ns = at_ns + 60000000000 WHERE number = :number", "an outage of the month"),
        ("UPDATE blobs SET content = :content", "the sums of an hour"),
        ("DELETE FROM entries WHERE number = :number", "an entry taken out"),
    ],
)
def test_a_journal_that_was_changed_makes_no_report(town: Town, statement: str, where: str) -> None:
    """The entry is named, and nothing is written."""
    number = entry_of(town, "P-1", APRIL)
    one_less = [row._replace(replies=row.replies - 1) if row.hotspot == "P-1" else row for row in HOURS]
    values = {"number": number, "content": zlib.compress(sums_text(one_less))}
    values = {name: value for name, value in values.items() if f":{name}" in statement}
    Place(town.url, town.folder).execute(statement, **values)
    with pytest.raises(ReportError, match=r"the journal does not prove itself \(entry \d+: .*journal verify"):
        town.make()
    assert not town.output.exists(), where


def test_an_old_entry_that_a_figure_rests_on_is_proved_too(town: Town) -> None:
    """P-2's outage of April began in March; of what no figure of April rests on, `pantau journal verify` tells."""
    start = APRIL.span()[0]
    with Reader(town.url, town.folder) as reader:
        assert last_before(reader, start) > 5
        begun = next(entry for entry in reader.transitions((start - 7300) * 10**9, start * 10**9, ["P-2"])).number
        assert begun == last_before(reader, start)
    place = Place(town.url, town.folder)
    place.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE number = :number", number=entry_of(town, "P-1", MARCH))
    assert len(town.make(trend_months=1).outcomes) == 3
    place.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE number = :number", number=begun)
    with pytest.raises(ReportError, match=f"entry {begun}: was changed"):
        town.make(trend_months=1)


def test_a_decision_after_the_final_is_a_version(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exclusion that was accepted late: version 2 of that contract, with its difference; the others stay final."""
    monkeypatch.setattr("pantau.reports.paper.pdf", lambda *_: b"paper")
    asked = {"final": True, "without_second_witness": "uji"}
    town.make(**asked)
    with Reader(town.url, town.folder) as reader:
        found = reader.outage(entry_of(town, "P-1", APRIL))
    assert found is not None
    said = decide(
        found, Kind.EXCLUSION, MADE_AT * 10**9, code="kahar", person="Ani", reason="gempa", document="BA/1",
        accepted_by="Camat",
    )  # fmt: skip
    town.note([said.event])
    made = town.make(**asked)
    notes = {one.contract: one.note for one in made.outcomes}
    assert notes == {
        "maesa-telkom": "corrects version 1",
        "maesa-biznet": "already final, version 1",
        "girian-telkom": "already final, version 1",
    }
    edition = made.outcomes[0].edition
    assert edition is not None
    changed = {one.field: (one.before, one.after) for one in edition.differences}
    assert changed["points[P-1].excluded_seconds"] == ("0", "172800")
    assert [after for place, (_, after) in changed.items() if place.endswith(".document")] == ["BA/1"]


def test_each_contract_has_the_witness_of_its_own_points(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the witnesses differ at one point, its contract is not final; the others are."""
    asked: list[tuple[str, Mapping[str, str]]] = []

    def compare(server: str, survey: Survey, reasons: Mapping[str, str], now: Callable[[], float]) -> Comparison:
        asked.append((server, reasons))
        rows = [WitnessRow(point, 1, 9, 1, 9, Ratio(0, 1, "0.0000"), point != "P-3", "") for point in survey.stretches]
        return Comparison("http://p", int(now()), Ratio(1, 1000, "0.1000"), tuple(rows))

    monkeypatch.setattr("pantau.reports.witness.compare", compare)
    monkeypatch.setattr("pantau.reports.paper.pdf", lambda *_: b"paper")
    made = town.make(final=True, prometheus="http://p", jobs=2)
    assert asked == [("http://p", {})]
    assert [one.edition is None for one in made.outcomes] == [False, True, False]
    assert "journal and Prometheus differ at P-3" in made.outcomes[1].note
    comparison = made.outcomes[0].edition.comparison if made.outcomes[0].edition else None
    assert comparison is not None
    assert [row.point for row in comparison.rows] == ["P-1", "P-2"]
    assert comparison.asked_at == MADE_AT


def test_a_process_that_is_ended_from_outside_ends_the_run_with_a_sentence(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel does for want of memory."""
    monkeypatch.setattr(city, "make_statement", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(ReportError, match=r"was ended from outside, .*; try again with --jobs 1"):
        town.make(jobs=2)


def test_one_folder_that_cannot_be_written_stops_no_other_report(town: Town) -> None:
    """It is told in its own row."""
    blocked = town.contract("maesa-biznet")
    blocked.parent.mkdir(parents=True)
    blocked.write_text("in the way", encoding="utf-8")
    made = town.make(jobs=2)
    assert [one.edition is None for one in made.outcomes] == [False, True, False]
    assert "cannot work in" in made.outcomes[1].note
    recap = json.loads(content_of(town.output / "2024-04/_kota/recap")["recap.json"])
    assert [row["status"] for row in recap["contracts"]] == ["draft", "refused", "draft"]


def test_names_are_text_in_workbook_and_csv(town: Town) -> None:
    """A name that begins with = + - or @ is computed by nobody."""
    town.make(contract="maesa-telkom")
    town.make(contract="maesa-biznet")
    names = []
    for contract in ("maesa-telkom", "maesa-biznet"):
        files = content_of(town.contract(contract) / "draft")
        book = files[f"id/laporan-{contract}-2024-04.xlsx"]
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
        assert not any("HYPERLINK" in sheet for sheet in sheets)
        names += [row[1].value for row in load_workbook(io.BytesIO(book))["Titik"].iter_rows(min_row=5)]
        for name in ("points.csv", "calendar.csv"):
            for row in csv.DictReader(io.StringIO(files[f"annexes/{name}"].decode())):
                assert row["name"][0] not in "=+-@"
                assert row["name"].lstrip("'") in names
    assert names == ['=HYPERLINK("http://x","Titik 1")', "Titik 2", "@Titik 3", "+Titik 4"]


def test_the_annexes_are_what_the_figures_rest_on(town: Town) -> None:
    """Transitions of the month with those that held before it, as in the journal; the inventory without contacts."""
    town.make(contract="maesa-telkom")
    files = content_of(town.contract("maesa-telkom") / "draft")
    rows = list(csv.DictReader(io.StringIO(files["annexes/transitions.csv"].decode())))
    assert {row["hotspot"] for row in rows} == {"P-1", "P-2"}
    start, end = APRIL.span()
    inside = [row for row in rows if start * 10**9 <= int(row["at_ns"]) < end * 10**9]
    before = [row for row in rows if int(row["at_ns"]) < start * 10**9]
    assert [(row["hotspot"], row["after"]) for row in inside] == [("P-2", "up"), ("P-1", "down"), ("P-1", "up")]
    assert [(row["hotspot"], row["after"]) for row in before] == [("P-1", "up"), ("P-2", "down")]
    with Reader(town.url, town.folder) as reader:
        entry = reader.entry(int(rows[0]["entry"]))
    assert entry is not None
    assert rows[0]["digest"] == entry.digest.hex()
    used = {int(number) for row in data_of(town, "maesa-telkom")["events"] for number in row["entries"]}
    assert used <= {int(row["entry"]) for row in rows}
    inventory = json.loads(files["annexes/inventory.json"])
    assert [one["id"] for one in inventory["hotspots"]] == ["P-1", "P-2"]
    assert len(inventory["assignments"]) == 2
    assert b"noc@telkom" not in files["annexes/inventory.json"]
    points = list(csv.DictReader(io.StringIO(files["annexes/points.csv"].decode())))
    assert [row["charged_seconds"] for row in points] == ["172800", "86400"]
    assert points[0]["start"] == "2024-04-01T00:00:00+08:00"
    assert points[0]["availability"] == "14/15"


def test_a_recap_adds_up_and_says_where_the_city_stands(town: Town) -> None:
    """By kecamatan and ISP; money is unknown where one contract has none; three shares with what each is of."""
    town.note([change("P-4", seconds(span("04-30 12:00", "04-30 13:00")[0]), State.UP, State.DOWN)])
    made = town.make()
    assert made.recap is not None
    recap = json.loads(content_of(made.recap)["recap.json"])
    assert recap["total"]["points"] == 5
    assert recap["total"]["charged_seconds"] == sum(one.summary.charged_seconds for one in made.outcomes)
    assert recap["total"]["payable"] is None
    by_kecamatan = {row["kecamatan"]: row for row in recap["by_kecamatan"]}
    assert by_kecamatan["maesa"]["payable"] == sum(one.payment.payable or 0 for one in made.outcomes[:2])
    assert by_kecamatan["girian"]["availability"] == {"numerator": 1, "denominator": 1, "percent": "100.0000"}
    assert [row["isp"] for row in recap["by_isp"]] == ["biznet", "telkom"]
    city = recap["city"]
    assert (city["online"], city["observed"], city["installed"], city["programme"]) == (4, 5, 5, 1000)
    assert city["online_of_observed"]["percent"] == "80.0000"
    assert city["online_of_programme"]["percent"] == "0.4000"
    assert [one["online"] for one in city["baselines"]] == ["72/100", "79/100"]
    assert city["points_to_target"] == 996
    up = 5 * 30 * 86_400 - sum(one.summary.charged_seconds for one in made.outcomes) - 240
    ratio = city["online_of_observed_time"]
    assert ratio["numerator"] * 5 * 30 * 86_400 == up * ratio["denominator"]
    assert city["at"] == APRIL.span()[1] - 1


def test_an_outage_noted_later_changes_the_next_draft(town: Town) -> None:
    """Nothing is kept from the run before."""
    before = town.make(contract="maesa-biznet").outcomes[0].summary.charged_seconds
    town.note(outage("P-4", span("04-22", "04-23")))
    after = town.make(contract="maesa-biznet").outcomes[0].summary.charged_seconds
    assert after - before == 86_400


def test_the_town_is_what_its_tests_say(town: Town, tmp_path: Path) -> None:
    """Five points."""
    assert len(town.configuration.inventory.hotspots) == len(POINTS) == 5
    assert town.folder == tmp_path
