"""The bender: of what a report reads one thing after the other is bent, and then all digests are made to fit.

The report does not change, refuses, or names it. With a party's anchor that holds also of what was made to fit;
without one docs/evidence.md lists what is not seen, and nothing else is allowed.
"""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pantau.journal import Kind
from tests.pantau.journal.rewriting import refit
from tests.pantau.reports.bending.bench import Bench, Verdict, kinds_in, made_bench
from tests.pantau.reports.bending.bends import Bend, bends_of, file_bends
from tests.sources import ROOT

SEED = 16
OPEN: dict[str, str] = {}
OPEN_BEHIND: dict[str, str] = {}
"""What is bent without a word as yet, and what will see it; the second of what was made to fit and stands behind the
party's last anchor. Each has to be taken out here when it is seen."""
OPEN_FILES = {
    "hotspots.csv": "names on the paper are those of today",
    "isps.yml": "names on the paper are those of today",
    "kecamatan.yml": "names on the paper are those of today",
}
FEW, ALL = 6, pytest.param(10**9, marks=[pytest.mark.long, pytest.mark.timeout(7200)])


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A town that nobody outside vouches for."""
    return made_bench(tmp_path_factory.mktemp("alone"), anchored=False)


@pytest.fixture(scope="module")
def anchored(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A town with an anchor, of which a party has a copy, and with FINALs."""
    return made_bench(tmp_path_factory.mktemp("anchored"), anchored=True)


def some(bends: Iterator[Bend], most: int) -> list[Bend]:
    """All, or as many as there is time for: of each place about as many."""
    chance = random.Random(SEED)
    everything = list(bends)
    if len(everything) <= most:
        return everything
    places = sorted({bend.where for bend in everything})
    chosen = [chance.choice([bend for bend in everything if bend.where == place]) for place in places]
    return chance.sample(chosen, min(most, len(chosen)))


def silent(bench: Bench, bends: Sequence[Bend], folder: Path, *, fits: bool = False, party: bool = False) -> list[Bend]:
    """The bends that changed the report without a word."""
    found = []
    for bend in bends:
        town = bench.copied(folder / "bent")
        journal = town.folder / "data/journal.sqlite"
        bend.apply(journal)
        if fits:
            refit(town.url, town.folder)
        if bench.judged(town, party=party) is Verdict.CHANGED:
            found.append(bend)
    return found


def unseen_in_the_guide() -> set[str]:
    """The first column of the table in docs/evidence.md that says what nobody sees without an anchor."""
    text = (ROOT / "docs/evidence.md").read_text(encoding="utf-8")
    table = text.partition("<!-- bender -->")[2].partition("<!-- /bender -->")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE))


def test_the_bench_has_every_kind_that_is_written(anchored: Bench) -> None:
    """What is not there cannot be bent: a kind that a report reads has to be in the town."""
    written = {"start", "transition", "hour", "cause", "exclusion", "witness", "amend", "checkpoint", "inventory"}
    written |= {Kind.PROPOSAL.label, Kind.APPROVAL.label}
    assert written | {Kind.ANCHOR.label, Kind.EDITION.label} <= set(kinds_in(anchored.town))


@pytest.mark.parametrize("most", [FEW, ALL])
def test_a_bent_journal_changes_no_report_silently(alone: Bench, tmp_path: Path, most: int) -> None:
    """One value, row or pair of rows of any table, with nothing made to fit: nobody outside is needed to see it."""
    bends = some(bends_of(alone.journal, random.Random(SEED)), most)
    found = silent(alone, bends, tmp_path)
    assert [str(bend) for bend in found if bend.where not in OPEN] == []
    if most > FEW:
        assert {bend.where for bend in found} == set(OPEN), "what is seen by now is to be taken out of OPEN"


@pytest.mark.parametrize("most", [FEW, ALL])
def test_a_journal_that_was_made_to_fit_is_seen_by_the_party_s_anchor(
    anchored: Bench, tmp_path: Path, most: int
) -> None:
    """Every digest, content and head is computed anew, as an insider would: the copies outside know better."""
    bends = some(bends_of(anchored.journal, random.Random(SEED)), most)
    found = silent(anchored, bends, tmp_path, fits=True, party=True)
    assert [str(bend) for bend in found if bend.where not in {*OPEN, *OPEN_BEHIND}] == []


@pytest.mark.parametrize("most", [FEW, ALL])
def test_without_an_anchor_only_what_the_guide_lists_is_not_seen(alone: Bench, tmp_path: Path, most: int) -> None:
    """docs/evidence.md names each place; what it names and what is seen all the same is taken out of it."""
    bends = some(bends_of(alone.journal, random.Random(SEED)), most)
    found = {bend.where for bend in silent(alone, bends, tmp_path, fits=True)}
    assert found - set(OPEN) <= unseen_in_the_guide()
    if most > FEW:
        assert found - set(OPEN) == unseen_in_the_guide()


@pytest.mark.parametrize("most", [12, ALL])
def test_a_bent_file_changes_no_report_silently(anchored: Bench, tmp_path: Path, most: int) -> None:
    """Every file below the folder: settings, inventory, anchors, and all that lies on the shelf."""
    chance = random.Random(SEED)
    bends: list[Bend] = []
    for file in sorted(anchored.town.folder.rglob("*")):
        if not file.is_dir() and file.suffix != ".sqlite" and file.name != ".lock":
            name = file.relative_to(anchored.town.folder).as_posix()
            bends += file_bends(file, name, chance)
    silently = set()
    for bend in bends if most > FEW * 2 else some(iter(bends), most):
        town = anchored.copied(tmp_path / "bent")
        (town.folder / bend.where).parent.chmod(0o755)
        bend.apply(town.folder / bend.where)
        if anchored.judged(town) is Verdict.CHANGED:
            silently.add(bend.where)
    assert silently <= set(OPEN_FILES)


def test_a_bend_that_would_change_the_report_is_one(alone: Bench, tmp_path: Path) -> None:
    """The check itself can fail: a later end of an outage, made to fit, is another report."""
    bends = [bend for bend in bends_of(alone.journal, random.Random(SEED)) if bend.where == "entries.at_ns"]
    changed = 0
    for bend in random.Random(SEED).sample(bends, 8):
        town = alone.copied(tmp_path / "bent")
        bend.apply(town.folder / "data/journal.sqlite")
        refit(town.url, town.folder)
        changed += alone.judged(town) is Verdict.CHANGED
    assert changed
