"""A whole run over a real journal: files, sums, refusals, and that processes change nothing."""

import hashlib
import json
import os
import signal
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lab.samples.accounting import APRIL, WITA, span
from lab.samples.journal import Place
from pantau.errors import JournalError, ReportError
from pantau.journal import ItemKind, Kind, ListItem, Reader, decide
from pantau.journal.entries import detail_of
from pantau.journal.sums import sums_text
from pantau.reports.accounting import Month
from pantau.reports.edition import Comparison, WitnessRow
from pantau.reports.publishing import city
from pantau.reports.publishing.integrity import last_before
from pantau.reports.publishing.register import JournalRegister
from pantau.reports.statement import Survey
from pantau.reports.statement.rows import Ratio
from tests.pantau.reports.publishing.test_edition_store import content_of
from tests.pantau.reports.publishing.town import HOURS, MADE_AT, MARCH, Town, outage

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
    """Files do not depend on the number of processes, and are the same when made again."""
    town.make()
    alone = {name: content_of(town.contract(name) / "draft") for name in CONTRACTS}
    recap = content_of(town.output / "2024-04/_kota/recap")
    town.make(jobs=3)
    assert {name: content_of(town.contract(name) / "draft") for name in CONTRACTS} == alone
    assert content_of(town.output / "2024-04/_kota/recap") == recap


def test_the_edition_names_the_journal_s_end_and_the_data_s_sum(town: Town) -> None:
    """edition.json has the journal's head and the SHA-256 of data.json."""
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
    """By contract, kecamatan, ISP and city; a recap where there are several contracts."""
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
    """Invalid requests are refused, and no file is written."""
    with pytest.raises(ReportError, match=told):
        town.make(**asked)
    assert not town.output.exists()


def test_a_month_that_runs_has_a_draft(town: Town) -> None:
    """Time that is still to come is unobserved."""
    made = town.make(month=Month(2024, 5), contract="maesa-telkom", formats=frozenset({"json"}))
    (one,) = made.outcomes
    assert one.summary.coverage is not None
    assert one.summary.coverage.numerator * 31 == one.summary.coverage.denominator * 2


def test_without_a_journal_there_is_no_report(town: Town) -> None:
    """A missing journal is the journal's own error."""
    (town.folder / "data/journal.sqlite").unlink()
    with pytest.raises(JournalError, match="there is no journal at"):
        town.make()
    assert not town.output.exists()


def entry_of(town: Town, point: str, month: Month) -> int:
    """The point's first entry in a month."""
    start, end = month.span(WITA)
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
    """A changed entry is named, and no file is written."""
    number = entry_of(town, "P-1", APRIL)
    one_less = [row._replace(replies=row.replies - 1) if row.hotspot == "P-1" else row for row in HOURS]
    values = {"number": number, "content": zlib.compress(sums_text(one_less))}
    values = {name: value for name, value in values.items() if f":{name}" in statement}
    Place(town.url, town.folder).execute(statement, **values)
    with pytest.raises(ReportError, match=r"the journal does not prove itself \(entry \d+: .*journal verify"):
        town.make()
    assert not town.output.exists(), where


def test_an_old_entry_that_a_figure_rests_on_is_proved_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a draft of an old journal those before the month are verified that a figure rests on; of a FINAL all are."""
    monkeypatch.setattr("pantau.reports.publishing.integrity._SOON", 0)
    start = APRIL.span(WITA)[0]
    with Reader(town.url, town.folder) as reader:
        assert last_before(reader, start) > 5
        begun = next(entry for entry in reader.transitions((start - 7300) * 10**9, start * 10**9, ["P-2"])).number
        assert begun == last_before(reader, start)
    place = Place(town.url, town.folder)
    place.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE number = :number", number=entry_of(town, "P-1", MARCH))
    draft = town.make(trend_months=1)
    assert len(draft.outcomes) == 3
    assert draft.notes == (
        f"the journal was verified from entry {begun + 1} on; a FINAL, and `pantau journal verify`, verify all",
    )
    with pytest.raises(ReportError, match="was changed"):
        town.make(trend_months=1, final=True, without_second_witness="uji")
    place.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE number = :number", number=begun)
    with pytest.raises(ReportError, match=f"entry {begun}: was changed"):
        town.make(trend_months=1)


def test_a_decision_after_the_final_is_a_version(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exclusion that two approved late: version 2 of that contract, with its difference; the others stay final."""
    monkeypatch.setattr("pantau.reports.pdf.pdf", lambda *_: b"pdf")
    town.open_office()
    town.allow_one_witness()
    asked = {"final": True, "without_second_witness": "uji"}
    town.make(**asked)
    number = entry_of(town, "P-1", APRIL)
    with Reader(town.url, town.folder) as reader:
        found = reader.outage(number)
    assert found is not None
    said = decide(found, Kind.EXCLUSION, MADE_AT * 10**9, code="kahar", person="ani", reason="gempa", document="BA/1")
    with town.office_store() as store:
        store.append([said.event])
    proposed = {one.contract: one.note for one in town.make(**asked).outcomes}
    assert proposed["maesa-telkom"] == "corrects version 1", "held until two have approved it"
    dark = span("04-03", "04-05")
    town.decide([ListItem(ItemKind.EXCLUSION, str(number), "P-1", *dark, "kahar", "BA/1", None, "gempa")])
    made = town.make(**asked)
    notes = {one.contract: one.note for one in made.outcomes}
    assert notes == {
        "maesa-telkom": "corrects version 2",
        "maesa-biznet": "already final, version 1",
        "girian-telkom": "already final, version 1",
    }
    edition = made.outcomes[0].edition
    assert edition is not None
    changed = {one.field: (one.before, one.after) for one in edition.differences}
    assert changed["points[P-1].excluded_seconds"] == ("0", "172800")
    assert changed["payment.held"] == ("33333", "0")
    assert changed["payment.payable"] == ("950000", "983333")


def test_each_contract_has_the_witness_of_its_own_points(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the witnesses differ at one point, its contract is not final; the others are."""
    asked: list[tuple[str, Mapping[str, str]]] = []

    def compare(
        server: str, survey: Survey, reasons: Mapping[str, str], now: Callable[[], float], tolerance: int
    ) -> Comparison:
        asked.append((server, reasons))
        assert tolerance == 600
        rows = [WitnessRow(point, 1, 9, 1, 9, Ratio(0, 1, "0.0000"), point != "P-3", "") for point in survey.stretches]
        return Comparison("http://p", int(now()), Ratio(1, 1000, "0.1000"), tuple(rows))

    monkeypatch.setattr("pantau.reports.witness.compare", compare)
    monkeypatch.setattr("pantau.reports.pdf.pdf", lambda *_: b"pdf")
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
    """A worker killed by the kernel ends the run with an error message."""
    monkeypatch.setattr(city, "make_statement", lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(ReportError, match=r"was ended from outside, .*; try again with --jobs 1"):
        town.make(jobs=2)


def test_one_folder_that_cannot_be_written_stops_no_other_report(town: Town) -> None:
    """The error stands in that contract's row."""
    blocked = town.contract("maesa-biznet")
    blocked.parent.mkdir(parents=True)
    blocked.write_text("in the way", encoding="utf-8")
    made = town.make(jobs=2)
    assert [one.edition is None for one in made.outcomes] == [False, True, False]
    assert "cannot work in" in made.outcomes[1].note
    recap = json.loads(content_of(town.output / "2024-04/_kota/recap")["recap.json"])
    assert [row["status"] for row in recap["contracts"]] == ["draft", "refused", "draft"]


def test_an_outage_noted_later_changes_the_next_draft(town: Town) -> None:
    """A second run reads the journal again."""
    before = town.make(contract="maesa-biznet").outcomes[0].summary.charged_seconds
    town.note(outage("P-4", span("04-22", "04-23")))
    after = town.make(contract="maesa-biznet").outcomes[0].summary.charged_seconds
    assert after - before == 86_400


def test_what_one_person_decided_before_lists_holds_where_an_old_final_had_counted_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A month without a FINAL: Rp33,333 are held; with one from before there were lists, they are paid as it said."""
    monkeypatch.setattr("pantau.reports.pdf.pdf", lambda *_: b"pdf")
    number = entry_of(town, "P-1", APRIL)
    with Reader(town.url, town.folder) as reader:
        found = reader.outage(number)
    assert found is not None
    said = decide(found, Kind.EXCLUSION, MADE_AT * 10**9, code="kahar", person="Ani L.", reason="gempa", document="B")
    facts = said.event.facts
    del facts["status"]
    with town.office_store() as store:
        store.append([said.event._replace(detail=detail_of(facts))])
    assert data_of_draft(town)["payment"]["held"] == 33_333
    town.open_office()
    town.allow_one_witness()
    with monkeypatch.context() as patch:
        # It is from before FINALs were entries.
        patch.setattr(JournalRegister, "record", lambda *_: None)
        town.make(contract="maesa-telkom", final=True, without_second_witness="uji", trend_months=1)
    final = town.contract("maesa-telkom") / "final-1"
    data = (final / "data.json").read_bytes()
    assert json.loads(data)["payment"]["held"] == 33_333, "one that knows lists holds it"
    forget_lists(final)
    made = data_of_draft(town)
    assert (made["payment"]["held"], made["payment"]["payable"]) == (0, 983_333)
    assert [(row["status"], row["binding"]) for row in made["decisions"]] == [("approved", "before_lists")]


def data_of_draft(town: Town) -> dict[str, Any]:
    """Telkom's draft, made now."""
    town.make(contract="maesa-telkom", trend_months=1)
    return data_of(town, "maesa-telkom")


def forget_lists(final: Path) -> None:
    """A FINAL as an older version wrote it."""
    data = final / "data.json"
    lines = data.read_text(encoding="utf-8").split('\n"decisions": ')[0].rstrip(",\n") + "\n}\n"
    sums = final / "SHA256SUMS"
    old = hashlib.sha256(data.read_bytes()).hexdigest()
    for file in (data, sums, final):
        file.chmod(0o755)
    data.write_text(lines, encoding="utf-8")
    sums.write_text(sums.read_text(encoding="utf-8").replace(old, hashlib.sha256(data.read_bytes()).hexdigest()))
