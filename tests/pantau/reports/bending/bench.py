"""What is bent: a small town with a journal of every kind of entry, FINALs on its shelf, and anchors with a party.

And the report that is made of it: statements alone, with all the checks that `pantau report` makes before.
"""

import json
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from lab.samples.accounting import APRIL, WITA
from pantau.errors import PantauError
from pantau.inventory.projection import project
from pantau.journal import ItemKind, Kind, ListItem, Reader, decide, give_reason
from pantau.journal.anchors.taking import take_anchor
from pantau.journal.entries import amend, checkpoint, inventory_taken
from pantau.journal.sources import OFFICE
from pantau.journal.store import Store
from pantau.reports.papers import gather
from pantau.reports.publishing.city import _entries_of
from pantau.reports.publishing.edition_files import data_file
from pantau.reports.publishing.integrity import require_intact
from pantau.reports.publishing.outside import anchors_of, held_outside
from pantau.reports.reading import surveyed
from pantau.reports.statement import JournalEvidence, make_statement, survey
from pantau.reports.statement.late_records import signed_history, with_late
from pantau.states import State
from tests.pantau.journal.authority import Authority, Served, serving
from tests.pantau.reports.publishing.town import MADE_AT, MARCH, Town, found

CONTRACTS = ("maesa-telkom", "maesa-biznet", "girian-telkom")
_NS = 10**9
_LATE = """maintenance:
  - {id: surat-7, scope: hotspot, target: P-1, start: 2024-04-03 00:00, end: 2024-04-05 00:00,
     reason: Surat 7, filed_at: 2024-03-20 08:00, approved_by: Camat}
"""
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""What is made nonsense of and then made to fit ends the run, if not in a sentence; there is no report of it."""


class Verdict(Enum):
    """What became of the report."""

    SAME = "the report does not change"
    REFUSED = "the report is refused"
    NAMED = "the report names it"
    CHANGED = "the report changes, and says nothing"


@dataclass(frozen=True)
class Made:
    """A report, or why there is none."""

    statements: tuple[bytes, ...] = ()
    notes: frozenset[str] = frozenset()
    refusal: str = ""

    @property
    def decided(self) -> list[object]:
        """The statements without what they name: that today's files say otherwise than was chained or signed."""
        return [_without_named(json.loads(one)) for one in self.statements]


def _without_named(data: dict[str, Any]) -> dict[str, Any]:
    """A statement's data without the rows that say what files have, and that it waits for two signatures."""
    rows = [row for row in data["decisions"] if (row["kind"], row["status"]) not in _SAID_BY_FILES]
    claims = [row for row in data["exclusions"] if "proposed" not in row["refusals"]]
    kept = {name: value for name, value in data.items() if name != "inventory_changes"}
    return {**kept, "decisions": rows, "exclusions": claims}


_SAID_BY_FILES = {("window", "proposed"), ("inventory", "proposed")}


@dataclass(frozen=True)
class Bench:
    """The town that is bent, always in a copy, and the copies of its anchors that a party has."""

    town: Town
    copies: Path

    @property
    def journal(self) -> Path:
        """The file."""
        return self.town.folder / "data/journal.sqlite"

    @cached_property
    def straight(self) -> Made:
        """The report of what nobody has bent."""
        made = made_of(self.town)
        assert made.statements, made.refusal
        return made

    def copied(self, folder: Path) -> Town:
        """A town to bend."""
        if folder.exists():
            for path in (folder, *(one for one in folder.rglob("*") if one.is_dir() and not one.is_symlink())):
                path.chmod(0o755)
            shutil.rmtree(folder)
        return Town(shutil.copytree(self.town.folder, folder, symlinks=True))

    def judged(self, bent: Town, *, party: bool = False) -> Verdict:
        """What became of the report; with `party`, whose anchors are held against the journal too."""
        made = made_of(bent, self.copies if party else None)
        if made.refusal:
            return Verdict.REFUSED
        # Folders' names are in what is said.
        said = {one.replace(str(bent.folder), "") for one in made.notes}
        if said - {one.replace(str(self.town.folder), "") for one in self.straight.notes}:
            return Verdict.NAMED
        if made.statements == self.straight.statements:
            return Verdict.SAME
        return Verdict.NAMED if made.decided == self.straight.decided else Verdict.CHANGED


def made_of(town: Town, copies: Path | None = None) -> Made:
    """The month's statements of all contracts, as `pantau report` comes to them."""
    try:
        configuration = town.configuration
        request, zone = town.request(trend_months=1), configuration.settings.zone
        with Reader(town.url, town.folder) as reader:
            outside = held_outside(reader, request, configuration, CONTRACTS)
            history = signed_history(reader, configuration.inventory, APRIL, zone)
            seen = with_late(survey(history, JournalEvidence(reader), APRIL, zone), reader)
            require_intact(reader, APRIL.span(zone)[0], _entries_of(seen), lambda _: None, seen.history.entries)
            theirs = anchors_of(reader, configuration, copies).findings if copies else ()
            if theirs:
                return Made(refusal=str(theirs[0]))
        statements = tuple(data_file(make_statement(name, seen)) for name in CONTRACTS)
    except (PantauError, *_UNREADABLE) as error:
        return Made(refusal=str(error) or type(error).__name__)
    return Made(statements, frozenset(outside.notes))


@dataclass(frozen=True)
class _Settings:
    url: str
    roots: str = "roots.pem"
    folder: str = "data/anchors"
    mail: None = None


def made_bench(folder: Path, *, anchored: bool) -> Bench:
    """A bench; without `anchored` nobody outside vouches for the journal, and nothing has been issued."""
    town = found(_made(folder / "town"))
    town.open_office()
    settings = town.config.read_text("utf-8")
    town.config.write_text(settings.replace("people.yml]", "people.yml, maintenance.yml]"), "utf-8")
    (town.folder / "maintenance.yml").write_text("maintenance: []\n", "utf-8")
    configuration = town.configuration
    said = project(configuration.settings, configuration.inventory)
    town.begin_journal([inventory_taken(MARCH.span(WITA)[0] * _NS, said)])
    _every_kind(town)
    copies = folder / "copies"
    if anchored:
        _anchor(town, folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("pantau.reports.pdf.pdf", lambda *_: b"pdf")
            patch.setattr("pantau.reports.workbook.workbook", lambda *_: b"xlsx")
            patch.setattr("pantau.reports.workbook.recap.recap_workbook", lambda *_: b"xlsx")
            run = town.make(final=True, without_second_witness="uji", trend_months=1)
            assert all(one.edition for one in run.outcomes), run
        shutil.copytree(town.folder / "data/anchors", copies)
    _in_one_file(town.folder / "data/journal.sqlite")
    return Bench(town, copies)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _every_kind(town: Town) -> None:
    """Of the kinds that a town's exporter does not write by itself, one each."""
    at_ns = MADE_AT * _NS
    start_ns = APRIL.span(WITA)[0] * _NS
    with Reader(town.url, town.folder) as reader:
        outages = [one for history in reader.histories(start_ns, at_ns) for one in history.outages]
    first, second = sorted(outages, key=lambda one: one.number)[-2:]
    said = {"person": "Ani", "reason": "tiket 7"}
    events = [
        decide(first, Kind.CAUSE, at_ns, code="fo_putus", **said).event,
        decide(second, Kind.EXCLUSION, at_ns, code="kahar", document="BA/1", accepted_by="Camat", **said).event,
        give_reason("P-1", "2024-04", start_ns, at_ns, person="Ani", text="jam 3").event,
    ]
    with Store(town.url, town.folder, OFFICE, create=False) as store:
        store.append(events)
    town.note(
        [
            checkpoint(at_ns, {"ntp": "synchronised"}),
            amend("P-1", (start_ns, start_ns + _NS), State.UP, "agent", at_ns, at_ns),
        ]
    )
    begin, end = second.start_ns // _NS, (second.end_ns or at_ns) // _NS
    told = "kahar", "BA/1", None, "tiket 7"
    item = ListItem(ItemKind.EXCLUSION, str(second.number), second.hotspot, begin, end, *told)
    town.decide([item])
    town.allow_one_witness()
    _sign_late(town)


def _sign_late(town: Town) -> None:
    """A letter that was typed after the month, and two people have signed."""
    (town.folder / "maintenance.yml").write_text(_LATE, "utf-8")
    with surveyed(town.config, town.url, str(APRIL)) as (reader, found):
        items = [item for item in gather(found, reader).items if item.kind is ItemKind.WINDOW]
    assert [item.target for item in items] == ["surat-7"]
    town.decide(items)


def _anchor(town: Town, folder: Path) -> None:
    authority = Authority(folder / "tsa")
    shutil.copy(authority.root.certificate, town.folder / "roots.pem")
    settings = town.config.read_text("utf-8")
    town.config.write_text(f"{settings}tsa: {{url: 'http://127.0.0.1:1/', roots: roots.pem}}\n", "utf-8")
    with serving(Served(authority.reply)) as served:
        take_anchor(town.url, town.folder, _Settings(served.url), (MADE_AT + 1) * _NS)


def _in_one_file(journal: Path) -> None:
    """So that a copy of the file is a copy of the journal."""
    connection = sqlite3.connect(journal)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()


def kinds_in(town: Town) -> Mapping[str, int]:
    """How many entries of each kind there are."""
    with Reader(town.url, town.folder) as reader:
        labels = [entry.event.kind.label for entry in reader.entries()]
    return {label: labels.count(label) for label in sorted(set(labels))}
