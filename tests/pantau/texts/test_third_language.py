"""A third language is one entry in the list and one file a catalogue: nothing in the code knows how many there are."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from tests.pantau.alerting.amtool import rendered
from tests.pantau.alerting.test_words import PAGE, TWELVE, hotspot
from tests.pantau.texts.speaking import ROOT, catalogues
from tests.patience import PATIENCE_SECONDS

THIRD = "nl"
_SPEAK = """\
import json, sys
from pathlib import Path
import dashboards
from exporter.web.page import render_page
from pantau.states import State, named
from pantau.texts import LANGUAGES, Formats
from tests.exporter.web.running import make_overview
from zoneinfo import ZoneInfo

out = Path(sys.argv[1])
dashboards.build(out / "dashboards", "nl", Path("examples/bitung/pantau.yml"))
(out / "page.html").write_text(render_page(make_overview(), ready=False, languages=("nl",)))
(out / "everything.html").write_text(render_page(make_overview(), ready=False))
formats = Formats("nl", ZoneInfo("Asia/Makassar"))
said = [formats.duration(3660), formats.day("2024-05-01"), formats.in_words(12)]
print(json.dumps([LANGUAGES, named(State.DOWN, "nl"), *said]))
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product and its configuration, with a language more: every sentence of it has «marks» around."""
    folder = tmp_path_factory.mktemp("third")
    for name in ("pantau", "exporter", "dashboards", "config", "examples"):
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    listed = folder / "pantau" / "texts" / "catalogues.py"
    text = listed.read_text(encoding="utf-8")
    assert text.count('LANGUAGES = ("id", "en")') == 1
    listed.write_text(
        text.replace('LANGUAGES = ("id", "en")', f'LANGUAGES = ("id", "en", "{THIRD}")'), encoding="utf-8"
    )
    for catalogue in catalogues():
        with (folder / catalogue / "id.po").open("rb") as file:
            messages = read_po(file, locale=THIRD)
        for message in messages:
            if message.id:
                message.string = f"«{message.id}»"
        with (folder / catalogue / f"{THIRD}.po").open("wb") as file:
            write_po(file, messages)
    return folder


def run(city: Path, *command: str | Path) -> str:
    """Run Python in the copy and return what it said."""
    there = os.environ | {"PYTHONPATH": f"{city}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=city,
        env=there,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_page_dashboards_and_figures_speak_it(city: Path, tmp_path: Path) -> None:
    """Alone, and beside the others on the page."""
    said = run(city, "-c", _SPEAK, tmp_path)
    assert said.strip() == (
        '[["id", "en", "nl"], "\\u2716 \\u00abOffline\\u00bb", "1 \\u00abh\\u00bb 1 \\u00abmin\\u00bb", "1 mei 2024", '
        '"twelve rupiah"]'
    )
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '<html lang="nl">' in page
    assert "«of 1\u202f000 hotspots work»" in page
    assert '<span class="word">«Degraded»</span>' in page
    together = (tmp_path / "everything.html").read_text(encoding="utf-8")
    assert (
        'Terganggu <span class="small" lang="en">Degraded</span> <span class="small" lang="nl">«Degraded»' in together
    )
    wall = (tmp_path / "dashboards" / "pantau-kota.json").read_text(encoding="utf-8")
    assert '"title": "«City»"' in wall
    assert "▲ «Degraded»" in wall


def test_notifications_speak_it(city: Path, tmp_path: Path) -> None:
    """The command knows it, the words are built and up to date, and Alertmanager's own engine says them."""
    run(city, "-m", "pantau", "alertmanager", "build", "--lang", THIRD)
    built = (city / "config" / "alertmanager.yml").read_text(encoding="utf-8")
    assert f"alertmanager/words.{THIRD}.tmpl" in built
    run(city, "-m", "pantau", "alertmanager", "build")
    assert run(city, "-m", "pantau", "alertmanager", "check") == "good\n"
    words = city / "config" / "alertmanager"
    title = rendered("pantau.title", [PAGE], THIRD, tmp_path, words)
    assert title == "«ISP down» · «ISP Telkom» · 143/143"
    assert rendered("pantau.title", TWELVE, THIRD, tmp_path, words) == "«Hotspot down» · Lembeh Utara · «12 hotspots»"
    text = rendered("pantau.text", [PAGE], THIRD, tmp_path, words)
    assert "«How many»: «143 of 143 hotspots»" in text
    assert "«Excluded»: «our own path (canaries answer)»; «other ISPs»" in text
    assert "«How many»: «1 hotspot»" in rendered("pantau.text", [hotspot(1)], THIRD, tmp_path, words)
