"""`pantau journal` and `pantau outage` as their users meet them: words and exit statuses."""

import csv
import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lab.samples.journal import Place, change, down, ns, up
from pantau.cli.main import app
from pantau.errors import JournalError
from pantau.journal import HotspotHour, Source, state_map
from pantau.journal.entries import hour
from pantau.states import State
from tests.exporter.app.conftest import city  # noqa: F401 - the fixture


def pantau(*arguments: str) -> Result:
    """Run a command in this process; an exception of ours stays one."""
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "200"})


@pytest.fixture
def config(city: Path) -> Path:  # noqa: F811 - the fixture
    """The settings of a city whose journal has one outage, h1's of 1000 s on 1 April 2024, begun by entry 2."""
    with Place("sqlite:///data/journal.sqlite", city.parent).store() as store:
        store.append([change("h1", 100, State.UNKNOWN, State.UP), down("h1", 1000), up("h1", 2000)])
        store.append([hour(ns(0), ns(3600), [HotspotHour("h1", 9, 8, state_map(range(1, 8)))])], alive_ns=ns(3605))
    return city


def test_verify_is_content_and_says_what_to_keep(config: Path) -> None:
    """The last line is what `--expected` takes; a digest that is another is a finding, status 1."""
    result = pantau("journal", "verify", "--config", str(config))
    assert result.exit_code == 0
    first, kept = result.stdout.splitlines()
    assert first == "4 entries, none changed"
    assert pantau("journal", "verify", "--config", str(config), "--expected", kept).exit_code == 0
    other = f"4:{64 * '0'}"
    result = pantau("journal", "verify", "--config", str(config), "--expected", other)
    assert (result.exit_code, result.stdout.split(":")[0]) == (1, "entry 4")


def test_verify_names_what_was_changed(config: Path) -> None:
    """A second taken off an outage: status 1, and the entry."""
    Place("sqlite:///data/journal.sqlite", config.parent).execute(
        "UPDATE entries SET at_ns = at_ns + 1000000000 WHERE number = 2"
    )
    result = pantau("journal", "verify", "--config", str(config))
    assert result.exit_code == 1
    assert result.stdout.startswith("entry 2: was changed")


def test_where_there_is_no_journal_that_is_said(city: Path) -> None:  # noqa: F811 - the fixture
    """In one sentence with the cure; nothing is made."""
    with pytest.raises(JournalError, match=r"there is no journal at .*pantau run"):
        pantau("journal", "verify", "--config", str(city))
    assert not (city.parent / "data").exists()


def test_what_is_exported_can_be_checked_without_pantau(config: Path, tmp_path: Path) -> None:
    """An auditor's twelve lines: the digests follow from the rows of the CSV alone."""
    assert pantau("journal", "export", "--config", str(config), "--output", str(tmp_path / "out")).exit_code == 0
    digest = bytes(32)
    with (tmp_path / "out" / "entries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        fields = [
            f'"{value}"'
            if name in ("kind", "source", "subject") or (name == "reason" and value)
            else '"' + value.replace('"', '\\"') + '"'
            if name == "detail"
            else value or "null"
            for name, value in row.items()
            if name != "digest"
        ]
        digest = hashlib.sha256(digest + f"[{','.join(fields)}]".encode()).digest()
        assert digest.hex() == row["digest"]
    assert [row["kind"] for row in rows] == ["transition"] * 3 + ["hour"]
    hours = (tmp_path / "out" / "hours.csv").read_text(encoding="utf-8").splitlines()
    states = '"{""0"":1,""1"":2,""2"":3,""3"":4,""4"":5,""5"":6,""6"":7}"'
    assert hours[1:] == [f"4,{ns(0)},{ns(3600)},h1,9,8,{states}"]


def test_an_outage_is_listed_classified_and_excluded(config: Path) -> None:
    """Each decision is a new entry with its person and reason; the list shows the last of each kind."""
    where = ("--config", str(config))
    listed = pantau("outage", "list", "--month", "2024-04", *where)
    assert listed.stdout.splitlines()[1].split() == [
        "2",
        "h1",
        "2024-04-01",
        "00:16:40",
        "2024-04-01",
        "00:33:20",
        "1000",
    ]
    who = ("--person", "Ani", "--reason", "tiket 7")
    for cause in ("fo_putus", "listrik_pln"):
        assert pantau("outage", "classify", "2", cause, *who, *where).exit_code == 0
    result = pantau("outage", "exclude", "2", "--code", "listrik_pln", "--document", "BA-1", *who, *where)
    assert result.stdout == "entry 7: exclusion of outage 2, h1, 2024-04-01 00:16:40\n"
    listed = pantau("outage", "list", "--month", "2024-04", *where)
    assert listed.stdout.splitlines()[1].split()[-2:] == ["listrik_pln", "listrik_pln"]
    with Place("sqlite:///data/journal.sqlite", config.parent).reader() as reader:
        decisions = reader.decisions(ns(0), ns(5000))
    codes = [(one.code, one.document) for one in decisions]
    assert codes == [("fo_putus", ""), ("listrik_pln", ""), ("listrik_pln", "BA-1")]
    assert {(one.person, one.reason) for one in decisions} == {("Ani", "tiket 7")}
    assert pantau("journal", "verify", *where).exit_code == 0


def test_of_several_sources_one_is_named(config: Path) -> None:
    """`outage list` refuses to mix two exporters' views; a number needs no choice, and the proof is of all chains."""
    where = ("--config", str(config))
    with Place("sqlite:///data/journal.sqlite", config.parent).store(Source("bukit")) as store:
        store.append([change("h1", 100, State.UNKNOWN, State.UP), down("h1", 3000), up("h1", 3600)])
    with pytest.raises(JournalError, match="name one of bukit/0, noc-bitung/0"):
        pantau("outage", "list", "--month", "2024-04", *where)
    for source, number in (("bukit", "6"), ("noc-bitung/0", "2")):
        listed = pantau("outage", "list", "--month", "2024-04", "--source", source, *where)
        assert [line.split()[0] for line in listed.stdout.splitlines()[1:]] == [number]
    decided = pantau("outage", "classify", "6", "fo_putus", "--person", "Ani", "--reason", "tiket 7", *where)
    assert decided.stdout.startswith("entry 8: cause of outage 6, h1")
    lines = pantau("journal", "verify", *where).stdout.splitlines()
    assert lines[:2] == ["noc-bitung/0 up to 4, bukit/0 up to 7, office up to 8", "8 entries, none changed"]
    assert pantau("journal", "verify", "--expected", lines[2], *where).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("outage", "classify", "3", "fo_putus", "--person", "Ani", "--reason", "x"), "entry 3 began no outage"),
        (("outage", "classify", "2", "nonsense", "--person", "Ani", "--reason", "x"), "is no cause; the causes are"),
        (("outage", "classify", "2", "fo_putus", "--person", " ", "--reason", "x"), "needs a person"),
        (("outage", "classify", "2", "fo_putus", "--person", "Ani", "--reason", ""), "needs a reason"),
        (("outage", "exclude", "2", "--code", "kahar", "--person", "Ani", "--reason", "x"), "rests on a document"),
        (
            ("outage", "exclude", "2", "--code", "gempa", "--document", "BA-1", "--person", "Ani", "--reason", "x"),
            "'gempa' is no cause; the causes are",
        ),
        (("outage", "list", "--month", "April"), "write YYYY-MM"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused(config: Path, arguments: tuple[str, ...], sentence: str) -> None:
    """In one sentence; the journal is as it was."""
    with pytest.raises(JournalError, match=sentence):
        pantau(*arguments, "--config", str(config))
    with Place("sqlite:///data/journal.sqlite", config.parent).reader() as reader:
        assert reader.head().number == 4
