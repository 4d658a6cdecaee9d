"""Cities that are not the example's, from `pantau init` to the report: New York and Bandung, in their own shape.

New York has boroughs, cents, English, and clocks that are changed; Bandung another zone of Indonesia.
"""

import csv
import io
import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from zipfile import ZipFile

import pytest

from dashboards import rendered
from exporter.web.page import render_page
from lab.samples.editions import edition
from lab.samples.evidence import Recorded
from pantau.intake.cities.elsewhere import named_city
from pantau.intake.cities.finding import find_city
from pantau.intake.cities.folder import write_city
from pantau.intake.cities.indonesia import plan_of
from pantau.intake.cities.plan import CityPlan, NamedEntry
from pantau.intake.cities.rendering import HOTSPOT_COLUMNS
from pantau.inventory import Configuration, load
from pantau.reports.accounting import Condition, Month, Stretch, midnight
from pantau.reports.pdf import html
from pantau.reports.statement import Statement, make_statement, measuring_of, survey
from pantau.reports.workbook import workbook
from tests.exporter.web.running import make_overview
from tests.patience import PATIENCE_SECONDS
from tests.programs import require_program

BOROUGHS = {"Manhattan": 120, "Brooklyn": 80, "Queens": 60, "Bronx": 30, "Staten Island": 10}
NEW_YORK = """
priority_categories: [library]
categories: [library, kiosk]
access_types: [coax]
office:
  name: Office of Technology and Innovation
  district_word: Borough
  ward_word: Neighborhood
  district_head: President of
  target: 0.99
  baselines: [{when: 2025-12, online: 0.8}]
  currency: {code: USD, digits: 2}
"""
MONTHLY_FEE = 4999


@dataclass(frozen=True)
class WholeCity:
    """What its office has."""

    folder: Path
    configuration: Configuration

    def rules(self, name: str) -> str:
        """A rule file."""
        return (self.folder / "rules" / name).read_text(encoding="utf-8")


def city_of(folder: Path, plan: CityPlan, points: Sequence[Sequence[object]], further: str) -> WholeCity:
    """As `pantau init` writes it; then its points, a contract, and what it says of itself."""
    write_city(plan, folder)
    settings = folder / "pantau.yml"
    if further:
        text = re.sub(r"^(priority_categories:.*\n|office:\n(?:  .*\n)+)", "", settings.read_text(), flags=re.MULTILINE)
        settings.write_text(text + further)
    rows = io.StringIO()
    csv.writer(rows, lineterminator="\n").writerows([HOTSPOT_COLUMNS, *points])
    (folder / "inventory/hotspots.csv").write_text(rows.getvalue())
    paid = [row for row in points if row[HOTSPOT_COLUMNS.index("contract")]]
    lines = ["hotspot,contract,start,monthly_fee", *(f"{row[0]},k,2026-01-01,{MONTHLY_FEE}" for row in paid)]
    (folder / "inventory/assignments.csv").write_text("\n".join(lines) + "\n")
    place, isp = paid[0][3], paid[0][6]
    (folder / "inventory/contracts.yml").write_text(
        f"contracts: [{{id: k, kecamatan: {place}, isp: {isp}, start: 2026-01-01, end: 2027-01-01, "
        f"sla_ratio: 0.98, method: R2}}]\n"
    )
    from pantau.alerting import build, rules

    rules.build(settings, folder / "rules")
    build(settings)
    return WholeCity(folder, load(settings, strict=True))


def point(number: int, place: str, category: str, isp: str, contract: str = "") -> list[object]:
    """A row of `hotspots.csv`."""
    address = f"10.20.{number // 250}.{number % 250 + 1}"
    given = {"id": f"P-{number:03}", "name": f"Point {number}", "address": address, "kecamatan": place, "isp": isp}
    given |= {"category": category, "contract": contract}
    return [given.get(column, "") for column in HOTSPOT_COLUMNS]


@pytest.fixture(scope="module")
def new_york(tmp_path_factory: pytest.TempPathFactory) -> WholeCity:
    """300 points in five boroughs; those of Manhattan by Spectrum are paid."""
    plan = named_city("New York", "America/New_York", list(BOROUGHS), [("Manhattan", "Harlem", None)])
    isps = (NamedEntry("spectrum", "Spectrum"), NamedEntry("optimum", "Optimum"))
    plan = replace(plan, isps=isps, language="en", district_word="Borough", ward_word="Neighborhood")
    places = [one.id for one in plan.districts for _ in range(BOROUGHS[one.name])]
    points = [
        point(number, place, ("library", "kiosk")[number % 5 > 0], ("spectrum", "optimum")[number % 2], contract)
        for number, place in enumerate(places)
        for contract in ["k" if place == "manhattan" and number % 2 == 0 else ""]
    ]
    return city_of(tmp_path_factory.mktemp("new-york") / "config", plan, points, NEW_YORK)


@pytest.fixture(scope="module")
def bandung(tmp_path_factory: pytest.TempPathFactory) -> WholeCity:
    """65 points in its kecamatan."""
    plan = replace(plan_of(find_city("Kota Bandung").certain[0]), isps=(NamedEntry("telkom", "Telkom"),))
    places = [one.id for one in plan.districts]
    points = [point(n, places[n % 30], "taman", "telkom", "k" if n % 30 == 0 else "") for n in range(65)]
    return city_of(tmp_path_factory.mktemp("bandung") / "config", plan, points, "")


def month_of(city: WholeCity, month: Month, start: str, hours: int) -> Statement:
    """The statement of its contract: one point dark for some hours from the morning of a day, and up otherwise."""
    settings, inventory = city.configuration.settings, city.configuration.inventory
    first, last = month.span(settings.zone)
    dark = midnight(date.fromisoformat(start), settings.zone) + 9 * 3600
    ends = dark + hours * 3600
    whole = [Stretch(first - 86_400, last + 86_400, Condition.UP, (1,))]
    cut = [
        Stretch(first - 86_400, dark, Condition.UP, (1,)),
        Stretch(dark, ends, Condition.DOWN, (2,)),
        Stretch(ends, last + 86_400, Condition.UP, (3,)),
    ]
    by_point = {one.id: cut if number == 0 else whole for number, one in enumerate(inventory.hotspots)}
    found = survey(inventory, Recorded(by_point), month, settings.zone, measuring_of(settings))
    return make_statement("k", found)


def test_inventory_and_priority(new_york: WholeCity, bandung: WholeCity) -> None:
    """Each city has its own number of points, its own words for places, its zone."""
    sizes = [len(one.configuration.inventory.active_hotspots) for one in (new_york, bandung)]
    assert sizes == [300, 65]
    assert [len(one.configuration.inventory.kecamatan) for one in (new_york, bandung)] == [5, 30]
    assert 'category=~"library", priority!="false"' in new_york.rules("causes.yml")
    assert 'category=~"puskesmas|rumah_sakit", priority!="false"' in bandung.rules("causes.yml")


def test_rules_are_on_the_city_s_clocks(new_york: WholeCity, bandung: WholeCity) -> None:
    """WIB is one figure; New York's clocks are a series that changes with them. Prometheus takes both."""
    own = "".join(file.read_text() for file in sorted((bandung.folder / "rules").glob("*.yml")))
    assert ".Add 25200000000000).Format" in own
    assert "month(vector(time() + 25200))" in own
    assert "WITA" not in own
    theirs = "".join(file.read_text() for file in sorted((new_york.folder / "rules").glob("*.yml")))
    assert "month(vector(time() + scalar(calendar:zone_offset:seconds)))" in theirs
    assert re.findall(r'"zone", "(\w+)"', theirs) == ["EST", "EDT"]
    assert "Borough {{ with printf" in theirs
    assert re.findall(r"WITA|WIB|Kecamatan \{", theirs) == []
    files = [*sorted((new_york.folder / "rules").glob("*.yml")), *sorted((bandung.folder / "rules").glob("*.yml"))]
    promtool = require_program("promtool")
    done = subprocess.run(
        [promtool, "check", "rules", *files], capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_alertmanager_speaks_the_city_s_words(new_york: WholeCity, bandung: WholeCity) -> None:
    """Its language, its districts, its signature, its hours."""
    assert "words.en.tmpl" in (new_york.folder / "alertmanager.yml").read_text()
    english = (new_york.folder / "alertmanager/words.en.tmpl").read_text()
    assert "Borough down" in english
    assert "Kecamatan down" not in english
    assert "location: America/New_York" in (new_york.folder / "alertmanager.yml").read_text()
    assert "Pantau, Kota Bandung" in (bandung.folder / "alertmanager/links.tmpl").read_text()
    assert "location: Asia/Jakarta" in (bandung.folder / "alertmanager.yml").read_text()


def test_dashboards_are_the_city_s(new_york: WholeCity, bandung: WholeCity) -> None:
    """Names, words of the levels, target and earlier counts, zone; nothing of the example."""
    drawn = dict(rendered("en", new_york.folder / "pantau.yml"))
    wall = json.loads(drawn["pantau-kota"])
    assert wall["timezone"] == "America/New_York"
    assert '"By neighborhood"' in drawn["pantau-kecamatan"]
    assert "Staten Island : staten-island" in drawn["pantau-kecamatan"]
    assert "Target 99 %" in drawn["pantau-kota"]
    assert "December 2025: 80 %" in drawn["pantau-kota"]
    assert '"vector(0.99)"' in drawn["pantau-kota"]
    assert 'category=~\\"library|' in "".join(drawn.values())
    indonesian = dict(rendered("id", bandung.folder / "pantau.yml"))
    assert json.loads(indonesian["pantau-kota"])["timezone"] == "Asia/Jakarta"
    for text in (*drawn.values(), *indonesian.values()):
        assert re.findall(r"Bitung|WITA|28800|Girian|0\.79", text) == []


def test_the_page_is_on_the_city_s_clocks(new_york: WholeCity) -> None:
    """Its times are New York's."""
    zone = new_york.configuration.settings.zone
    page = render_page(make_overview(timezone=zone, now_seconds=1_785_000_000.0), ready=True, languages=("en",))
    assert re.search(r"\b13:20\b", page), page  # 17:20 UTC, in summer


def test_a_month_with_a_day_of_23_hours(new_york: WholeCity) -> None:
    """March 2026 has an hour less in New York; the month, its days and its money are reckoned with that."""
    made = month_of(new_york, Month(2026, 3), "2026-03-08", 24)
    assert made.end - made.start == 31 * 86_400 - 3600
    assert len(made.days) == 31
    assert (made.currency, made.currency_digits, made.summary.points) == ("USD", 2, 60)
    assert made.payment.gross == 60 * MONTHLY_FEE
    assert {row.charged_seconds for row in made.points} == {0, 24 * 3600}
    lost = next(row for row in made.points if row.charged_seconds)
    assert lost.availability is not None
    assert Fraction(lost.availability.numerator, lost.availability.denominator) == 1 - Fraction(
        24 * 3600, made.end - made.start
    )


def test_the_report_speaks_the_office_s_words(new_york: WholeCity) -> None:
    """Borough, dollars with cents, its zone; in the pages and in the workbook."""
    made = month_of(new_york, Month(2026, 3), "2026-03-08", 24)
    text = re.sub(r"<[^>]+>", " ", html(made, edition("k/2026-03/1"), "en"))
    read = " ".join(text.split())
    assert "Public WiFi in Borough Manhattan, served by Spectrum" in read
    assert "1–31 March 2026, 00:00–24:00 America/New_York" in read
    assert "US$2,999.40" in read
    assert "President of Manhattan" in read
    assert re.findall(r"\bRp\d|WITA|rupiah|[Kk]ecamatan|Bitung", read) == []
    cells = _strings(workbook(made, edition("k/2026-03/1"), "en"))
    assert "From (America/New_York)" in cells
    assert re.findall(r"\(WITA\)|Rp\"|[Kk]ecamatan", cells) == []


def test_a_report_of_bandung_says_wib_everywhere(bandung: WholeCity) -> None:
    """In the pages and in the workbook; nothing of another zone of Indonesia."""
    made = month_of(bandung, Month(2026, 4), "2026-04-08", 24)
    read = " ".join(re.sub(r"<[^>]+>", " ", html(made, edition("k/2026-04/1"), "id")).split())
    cells = _strings(workbook(made, edition("k/2026-04/1"), "id"))
    assert "1–30 April 2026, 00:00–24:00 WIB" in read
    assert "Mulai (WIB)" in cells
    assert re.findall(r"WITA|Bitung|Diskominfo", read + cells) == []


def _strings(file: bytes) -> str:
    with ZipFile(io.BytesIO(file)) as book:
        names = ("xl/sharedStrings.xml", "xl/styles.xml")
        return "\n".join(book.read(name).decode() for name in names)
