"""`pantau report witness` and `reason` as their users meet them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lab.samples.journal import Place, change, down, up
from lab.samples.people import decided, list_of, open_office
from pantau.cli.main import app
from pantau.errors import JournalError, PantauError, ReportError, WitnessError
from pantau.journal import OFFICE, ItemKind, ListItem, Reader, verify
from pantau.states import NOT_SERVING, State, matcher
from tests.exporter.app.conftest import city  # noqa: F401 - the fixture
from tests.pantau.prometheus.answering import answering

DAY = 86_400
WHO = ("--month", "2024-04", "--person", "Ani", "--document", "BA-1", "--reason", "Prometheus mati 3 April")


def pantau(*arguments: str) -> Result:
    """Run a command in this process; an exception of ours stays one."""
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "200"})


@pytest.fixture
def config(city: Path) -> Path:  # noqa: F811 - the fixture
    """h1 was seen from the month's first second for 20 days, and down for one of them."""
    with Place("sqlite:///data/journal.sqlite", city.parent).store() as store:
        store.append([change("h1", 0, State.UNKNOWN, State.UP), down("h1", 2 * DAY), up("h1", 3 * DAY)])
        store.append([change("h1", 20 * DAY, State.UP, State.INACTIVE, -1)])
    return city


@pytest.fixture
def server() -> Iterator[str]:
    """A Prometheus that knows h1 alone, and saw it down for half a day less."""

    def answer(asked: dict[str, str], _: object) -> tuple[int, bytes]:
        start, end, step = (int(asked[name]) for name in ("start", "end", "step"))
        first = 1_711_900_800
        values = []
        for at in range(start, end + 1, step):
            since = min(at - first, 20 * DAY)
            is_down = max(0, min(since, 3 * DAY) - 2 * DAY - DAY // 2)
            of_outages = f'state=~"{matcher(NOT_SERVING)}"' in asked["query"]
            values.append([at, str(is_down if of_outages else since + 9 * DAY)])
        result = [{"metric": {"hotspot": "h1"}, "values": values}]
        return 200, json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}}).encode()

    with answering(answer) as url:
        yield url


def test_what_differs_is_shown_until_somebody_says_why(config: Path, server: str) -> None:
    """Exit status 1 until two have approved a reason; with one, person and entry are shown."""
    ask = ("report", "witness", "--month", "2024-04", "--prometheus", server, "--config", str(config))
    first = pantau(*ask)
    assert first.exit_code == 1
    head, row, closing = first.stdout.splitlines()
    assert head.split() == [
        "Titik",
        "Mati:",
        "jurnal",
        "Prometheus",
        "Teramati:",
        "jurnal",
        "Prometheus",
        "Selisih",
        "Alasan",
    ]
    assert row.split() == ["h1", "24:00:00", "12:00:00", "480:00:00", "480:00:00", "1,6667", "%"]
    assert closing == "5 titik; 1 berbeda lebih dari 0,0231 %, 1 di antaranya tanpa alasan yang disetujui."
    given = pantau("report", "reason", "h1", "h1", *WHO, "--config", str(config))
    assert given.stdout == "entry 5: reason for h1, 2024-04\n"
    second = pantau(*ask)
    assert second.exit_code == 1
    assert "Prometheus mati 3 April (Ani, #5)" in second.stdout
    office = open_office(config.parent / "keys")
    (config.parent / "people.yml").write_text(office.file, encoding="utf-8")
    config.write_text(config.read_text(encoding="utf-8").replace("inventory: [", "inventory: [people.yml, "))
    said = ListItem(ItemKind.WITNESS, "2024-04", "h1", None, None, "differs", "BA-1", None, "Prometheus mati 3 April")
    with Place("sqlite:///data/journal.sqlite", config.parent).store(OFFICE) as store:
        decided(store, office, list_of([said]))
    assert pantau(*ask).exit_code == 0
    english = pantau(*ask, "--all", "--lang", "en")
    assert english.stdout.splitlines()[-1] == "5 points; 1 differ by more than 0.0231 %, 0 of them unapproved."
    assert len(english.stdout.splitlines()) == 7


def test_a_reason_is_taken_back_by_a_further_entry(config: Path, server: str) -> None:
    """Both entries stay in the journal, and its chain verifies."""
    ask = ("report", "witness", "--month", "2024-04", "--prometheus", server, "--config", str(config))
    pantau("report", "reason", "h1", *WHO, "--config", str(config))
    back = pantau("report", "reason", "h1", *WHO, "--withdraw", "--config", str(config))
    assert back.stdout == "entry 6: withdrawn for h1, 2024-04\n"
    assert pantau(*ask).exit_code == 1
    with Reader("sqlite:///data/journal.sqlite", config.parent) as reader:
        assert [(one.hotspot, one.person, one.withdrawn) for one in reader.reasons(1_711_900_800 * 10**9)] == [
            ("h1", "Ani", False),
            ("h1", "Ani", True),
        ]
        assert reader.reasons(1_714_492_800 * 10**9) == []
        assert list(verify(reader)) == []
        assert reader.head().alive_ns == (1_711_900_800 + 20 * DAY + 6) * 10**9  # a person's word is no sign of life


@pytest.mark.parametrize(
    ("arguments", "kind", "sentence"),
    [
        (("reason", "h9", *WHO), ReportError, "no hotspot of the inventory is called 'h9'"),
        (("reason", "h1", *WHO[:2], "--person", " ", *WHO[4:]), JournalError, "needs a person"),
        (("reason", "h1", *WHO[:6], "--reason", ""), JournalError, "needs a reason"),
        (("reason", "h1", *WHO[:4], "--reason", "x"), ReportError, "rests on a document: give its number"),
        (("reason", *WHO), ReportError, "points by their ids, or --not-asked"),
        (("reason", "h1", "--not-asked", *WHO), ReportError, "points by their ids, or --not-asked"),
        (("reason", "h1", "--month", "April", *WHO[2:]), ReportError, "'April' is not a month; write year-month"),
        (("witness", "--month", "2024-13", "--prometheus", "http://x"), ReportError, "'2024-13' is not a month"),
        (("witness", "--month", "2024-04", "--prometheus", "x"), WitnessError, "is no address of a Prometheus"),
        (("witness", "--month", "2024-04", "--prometheus", "x", "--lang", "fr"), ReportError, "not one of id, en"),
    ],
)
def test_what_cannot_be_is_refused(
    config: Path, arguments: tuple[str, ...], kind: type[PantauError], sentence: str
) -> None:
    """Invalid input is refused with a message that says what to do; nothing is written."""
    with pytest.raises(kind, match=sentence):
        pantau("report", *arguments, "--config", str(config))
    with Reader("sqlite:///data/journal.sqlite", config.parent) as reader:
        assert reader.head().number == 4
