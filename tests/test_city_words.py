"""No city stands in product code: what is Bitung's, its zone's or its office's comes from the settings, or is data."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.sources import PRODUCT, ROOT

WORDS = re.compile(
    r"\bWITA\b|[Bb]itung|Diskominfo|28_?800\b|28800000000000|puskesmas\|rumah_sakit"
    r"|\bKecamatan (?:\$|\{|%\()|\"Kecamatan \""
    r"|vector\(0\.7[29]\)|\b7[29]/100|\b7[29] %|\b0\.7[29]\b"
)
SUFFIXES = {".py", ".j2", ".html", ".yml", ".css", ".tmpl"}
DATA = (
    "pantau/simulator/",  # the example city itself
    "pantau/intake/shipped/",  # copies of config/, adapted when a city is written
    "pantau/intake/cities/zones.py",  # the zones of Indonesia by their names
    "pantau/texts/formats.py",
)
"""What holds such words because it is a table of them, or a city."""

REMAINING = {
    "pantau/alerting/moments.py",
    "pantau/alerting/rules/mentions.yml",
    "pantau/alerting/rules/templates/agents.yml.j2",
    "pantau/alerting/rules/templates/causes/alerts_wide.yml.j2",
    "pantau/alerting/rules/templates/contracts.yml.j2",
    "pantau/alerting/rules/templates/ends.j2",
    "pantau/alerting/rules/templates/hotspots.yml.j2",
    "pantau/alerting/rules/templates/promql.j2",
    "pantau/alerting/rules/templates/texts.j2",
    "pantau/alerting/rules/templates/unseen.yml.j2",
    "pantau/alerting/sentences.py",
    "pantau/cli/exporter.py",
    "pantau/cli/init.py",
    "pantau/cli/stack.py",
    "pantau/inventory/settings.py",
    "pantau/reports/accounting/__init__.py",
    "pantau/reports/accounting/account.py",
    "pantau/reports/accounting/calendar.py",
    "pantau/reports/accounting/instability.py",
    "pantau/reports/accounting/penalties.py",
    "pantau/reports/causes/proposing.py",
    "pantau/reports/desk/pdf.py",
    "pantau/reports/pdf/attention.py",
    "pantau/reports/pdf/templates/00-cover.html",
    "pantau/reports/pdf/templates/15-record.html",
    "pantau/reports/publishing/city_progress.py",
    "pantau/reports/simulation/presentation.py",
    "pantau/reports/workbook/decisions.py",
    "pantau/reports/workbook/further_tables.py",
    "pantau/reports/workbook/inventory.py",
    "pantau/reports/workbook/points.py",
    "pantau/reports/workbook/recap.py",
    "pantau/reports/workbook/summary.py",
    "pantau/reports/workbook/tables.py",
    "dashboards/city.py",
    "dashboards/executive.py",
    "dashboards/queries/city.py",
    "dashboards/queries/operator.py",
    "dashboards/queries/sla.py",
    "dashboards/style/thresholds.py",
}
"""Where they stand yet: only ever shorter."""


def city_words(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The files that hold a word of a city, and are no data."""
    for path, text in files:
        if not path.startswith(DATA) and WORDS.search(text):
            yield path


def product() -> Iterator[tuple[str, str]]:
    """Every file of the product that is code, a template or a rule."""
    for folder in PRODUCT:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and file.suffix in SUFFIXES:
                yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")


def test_no_further_file_knows_a_city() -> None:
    """What is new is of any city; what remains is listed, and only what exists."""
    found = set(city_words(product()))
    assert found - REMAINING == set()
    assert [path for path in REMAINING if not Path(ROOT / path).is_file()] == []


@pytest.mark.parametrize(
    "text",
    [
        'ZONE = "WITA"',
        "city = 'Kota Bitung'",
        "month(vector(time() + 28800))",
        'f"Kecamatan {name}"',
        "vector(0.79)",
        'category=~"puskesmas|rumah_sakit"',
        'BASELINE = "72/100"',
        "Kecamatan ${name}",
    ],
)
def test_a_word_of_a_city_is_seen(text: str) -> None:
    """The check itself can fail, and data is data."""
    assert list(city_words([("pantau/new.py", text)])) == ["pantau/new.py"]
    assert list(city_words([("pantau/simulator/new.py", text)])) == []
