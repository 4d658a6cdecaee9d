"""The files of a run: workbook and CSV, annexes, and the recap of several contracts."""

import csv
import io
import json
import zipfile
from pathlib import Path

from openpyxl import load_workbook

from lab.samples.accounting import APRIL, WITA, span
from lab.samples.journal import change
from pantau.journal import Reader
from pantau.states import State
from tests.pantau.reports.publishing.test_city import data_of
from tests.pantau.reports.publishing.test_edition_store import content_of
from tests.pantau.reports.publishing.town import POINTS, Town, seconds


def test_names_are_text_in_workbook_and_csv(town: Town) -> None:
    """Names that begin with =, +, - or @ are never formulas."""
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
    start, end = APRIL.span(WITA)
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
    assert city["at"] == APRIL.span(WITA)[1] - 1


def test_the_town_is_what_its_tests_say(town: Town, tmp_path: Path) -> None:
    """The test town has five points."""
    assert len(town.configuration.inventory.hotspots) == len(POINTS) == 5
    assert town.folder == tmp_path


def test_the_raw_log_of_probes_lies_beside_the_tables(town: Town) -> None:
    """Of each point of the contract and each hour: sent, answered, milliseconds in each state; no other points."""
    town.make(formats=frozenset({"csv"}))
    files = content_of(town.contract("maesa-telkom") / "draft")
    rows = list(csv.DictReader(io.StringIO(files["annexes/hours.csv"].decode())))
    assert [(row["hotspot"], row["requests"], row["replies"]) for row in rows] == [
        ("P-1", "360", "352"),
        ("P-2", "360", "352"),
    ]
    (one, _) = rows
    assert int(one["until_ns"]) - int(one["from_ns"]) <= 3600 * 1_000_000_000
    assert [int(one[f"{state.label}_ms"]) for state in State] == [*range(1, 8), 0]
    assert int(one["entry"]) > 0
