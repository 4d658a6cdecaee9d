"""Two days of a scripted city through the real exporter, journal and Prometheus: the report agrees with the script.

The same over a whole month of 1000 hotspots: ``make month``, whose figures stand in docs/sla.md.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from lab.history.prometheus import PrometheusServer, prometheus
from lab.month.judging import Judgement, judge, money_of, truths
from lab.month.playing import Played, Player
from lab.month.story import STOPPED_SECONDS, Story, make_story
from lab.samples.accounting import WITA
from pantau.reports.accounting import Month, Spans, midnight
from pantau.reports.publishing import ReportRequest, make
from tests.programs import require_program

SPAN = midnight(date(2024, 5, 14), WITA), midnight(date(2024, 5, 16), WITA)
"""Two nights, one restart and one kill; the 15th, on which hotspots move."""


class Evidence(NamedTuple):
    """Both witnesses, which can still be asked."""

    journal: Path
    prometheus: str


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusServer]:
    """A Prometheus that knows nothing yet."""
    require_program("prometheus")
    with prometheus(tmp_path_factory.mktemp("month") / "prometheus") as server:
        yield server


@pytest.fixture(scope="module")
def evidence(running: PrometheusServer) -> Evidence:
    """Where the story is told to."""
    return Evidence(running.directory.parent / "journal.sqlite", running.url)


@pytest.fixture(scope="module")
def played(running: PrometheusServer, evidence: Evidence) -> tuple[Story, Played, Judgement]:
    """The story, played once."""
    story = make_story(evidence.journal.parent, SPAN, part=1000, interval=120, step=20, scrape=120)
    outcome = Player(story, evidence.journal, running).play()
    return story, outcome, judge(story, outcome, evidence.journal, evidence.prometheus)


@pytest.mark.stack
def test_charged_and_unobserved_seconds_are_the_script_s(played: tuple[Story, Played, Judgement]) -> None:
    """To one interval an outage, and one for each of our faults; of these no second is charged."""
    _, _, judgement = played
    assert [one for one in judgement.verdicts if one.wrong] == []
    assert [one for one in judgement.verdicts if one.of_our_faults or one.while_away] == []
    assert sum(one.outages for one in judgement.verdicts) >= 30
    assert sum(one.charged > 3600 for one in judgement.verdicts) >= 10


@pytest.mark.stack
def test_the_rupiah_of_every_line_are_the_script_s(played: tuple[Story, Played, Judgement]) -> None:
    """By each method, by arithmetic of the script's own; at a coverage of 95 % every line was held, and none tested."""
    _, _, judgement = played
    assert [one for one in judgement.money if one.wrong] == []
    judged = [one for one in judgement.money if one.conclusive]
    assert len(judged) == len(judgement.money) >= 20
    deducting = [one for one in judged if one.row.restitution]
    methods = {made.parties.contract: made.basis[0].terms["method"] for made in judgement.statements}
    assert {methods[one.contract] for one in deducting} == {"R1", "R1b", "R2", "R3", "R4", "R5"}
    assert {one.row.standing for one in judged} == {"met", "missed"}
    assert any(one.row.held for one in judged)
    busy = next(one for one in deducting if one.row.restitution and one.row.payable)
    for more in (1, -1):
        restitution, payable = (busy.row.restitution or 0) + more, (busy.row.payable or 0) - more
        assert replace(busy, row=replace(busy.row, restitution=restitution, payable=payable)).wrong


@pytest.mark.stack
@pytest.mark.parametrize(("before", "wrong"), [(0, False), (5, False), (3600, True)])
def test_what_answers_only_after_the_end_is_held(
    before: int, wrong: bool, played: tuple[Story, Played, Judgement]
) -> None:
    """What ended right before the end had its first answer after it, and waits for a decision; an older one not."""
    story, outcome, judgement = played
    rows = [(made, row) for made in judgement.statements for row in made.points]
    (made, row), line = next(
        (pair, one) for pair, one in zip(rows, judgement.verdicts, strict=True) if pair[1].undecided_seconds > 7200
    )
    truth, end = truths(story, outcome)[row.point], story.span[1]
    down = Spans.of((start, min(stop, end - before)) for start, stop in truth.down if start < end)
    assert money_of(story, made, row, line, replace(truth, down=down)).wrong is wrong


@pytest.mark.stack
def test_both_witnesses_agree(played: tuple[Story, Played, Judgement]) -> None:
    """Journal and Prometheus agree on every hotspot, far within the tolerance."""
    _, _, judgement = played
    assert judgement.comparison is not None
    rows = judgement.comparison.rows
    assert len(rows) == 27
    assert judgement.comparison.open == ()
    assert all(row.difference is not None and float(row.difference.percent) < 0.02 for row in rows)
    assert all(row.journal_seen_seconds > 150_000 for row in rows)


@pytest.mark.stack
def test_a_final_rests_on_both_witnesses(
    played: tuple[Story, Played, Judgement], evidence: Evidence, tmp_path: Path
) -> None:
    """`pantau report --final --prometheus URL` writes a FINAL whose files verify."""
    story, _, _ = played
    request = ReportRequest(
        Month(2024, 5),
        tmp_path,
        made_at=midnight(date(2024, 6, 3), WITA),
        kecamatan="maesa",
        final=True,
        prometheus=evidence.prometheus,
        trend_months=1,
    )
    made = make(request, story.after, f"sqlite:///{evidence.journal}", "pantau", lambda _what, _done, _all: None)
    assert len(made.outcomes) >= 2
    for outcome in made.outcomes:
        assert outcome.edition is not None, outcome.note
        assert (outcome.edition.status, outcome.edition.version) == ("final", 1)
        compared = outcome.edition.comparison
        assert compared is not None
        assert compared.open == ()
        assert len(compared.rows) == outcome.summary.points
        assert outcome.place is not None
        proof = subprocess.run(
            ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=outcome.place, capture_output=True, check=False
        )
        assert proof.returncode == 0, proof.stderr


@pytest.mark.stack
def test_a_point_that_moves_is_billed_by_both_contracts(played: tuple[Story, Played, Judgement]) -> None:
    """Until the 15th by one contract, from then on by the other; no second twice."""
    story, _, judgement = played
    assert story.moved
    for point in story.moved:
        lines = [row for made in judgement.statements for row in made.points if row.point == point]
        ends = sorted((row.start, row.end) for row in lines)
        assert [end for _, end in ends[:-1]] == [start for start, _ in ends[1:]] == [midnight(date(2024, 5, 15), WITA)]
        assert sum(one.outages > 0 for one in judgement.verdicts if one.point == point) >= 1


@pytest.mark.stack
def test_a_report_that_charges_more_is_detected(played: tuple[Story, Played, Judgement]) -> None:
    """The check itself can fail: an interval too many on a line without outages, a second of a fault of ours."""
    story, _, judgement = played
    quiet = next(one for one in judgement.verdicts if one.charged_bound == 0)
    assert replace(quiet, charged=1).wrong
    assert replace(quiet, of_our_faults=1).wrong
    busy = next(one for one in judgement.verdicts if one.charged_bound)
    assert replace(busy, charged=busy.true_charged + busy.charged_bound + 1).wrong
    assert replace(busy, unseen=busy.true_unseen + busy.unseen_bound + story.interval).wrong


@pytest.mark.stack
def test_the_script_has_every_kind_of_fault(played: tuple[Story, Played, Judgement]) -> None:
    """A clean end and a kill; cuts, refused sends and overflows; a point that never answers."""
    story, outcome, _ = played
    assert [killed for _, killed in story.nights] == [True, False] or [killed for _, killed in story.nights] == [
        False,
        True,
    ]
    clean, killed = sorted(end - start for start, end in outcome.away)
    assert clean == STOPPED_SECONDS < killed <= STOPPED_SECONDS + 60
    truth = truths(story, outcome)
    faults = Spans.of(outcome.away)
    (unseen,) = {one.unseen for one in truth.values()}
    assert len((unseen - faults).spans) == 7
    assert any(one.down.spans == (SPAN,) for one in truth.values())
    assert outcome.scrapes > 1400
