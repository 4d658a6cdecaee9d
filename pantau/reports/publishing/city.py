"""A whole run: the city's month is surveyed once, then its contracts are reported in parallel processes.

Processes are forked, so each has the survey without copying or reading it again.
"""

import gc
import multiprocessing
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pantau.errors import ReportError
from pantau.inventory import Configuration, Inventory
from pantau.journal import Reader
from pantau.journal.heads import end_of
from pantau.reports.annexes import hours_file, inventory_snapshot, transitions_file
from pantau.reports.edition import Comparison, EditionHead, WitnessDecision
from pantau.reports.publishing.earlier_finals import finals_before
from pantau.reports.publishing.edition_files import edition_of
from pantau.reports.publishing.edition_store import DATA, EditionStore, folder_of
from pantau.reports.publishing.integrity import require_intact
from pantau.reports.publishing.issuing import ContractResult, Provenance, issue, outcome_of
from pantau.reports.publishing.outside import Outside, held_outside
from pantau.reports.publishing.recap import put_recap
from pantau.reports.publishing.register import JournalRegister
from pantau.reports.publishing.request import ReportRequest, chosen
from pantau.reports.publishing.trend import months_before, trend_of
from pantau.reports.statement import (
    InventoryHistory,
    JournalEvidence,
    Statement,
    Survey,
    make_statement,
    measuring_of,
    survey,
    with_corrections,
)
from pantau.reports.statement.late_records import signed_history, with_late
from pantau.reports.statement.rows import TrendRow
from pantau.reports.witness.reasons import NOT_ASKED, reasons_of

ProgressCallback = Callable[[str, int, int], None]
"""Called with what is being done, how many of it are done, and of how many."""
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class ReportRun:
    """What a run has made."""

    outcomes: Sequence[ContractResult]
    """In the order of the inventory's contracts."""
    recap: Path | None
    """Where several contracts stand side by side."""
    notes: Sequence[str] = ()
    """What is wrong elsewhere on the shelf, or could not be proved."""


@dataclass(frozen=True, slots=True)
class _City:
    """What each contract's report needs."""

    survey: Survey
    provenance: Provenance
    request: ReportRequest
    url: str
    folder: Path
    trend: Sequence[Mapping[str, TrendRow]]
    outside: Outside


def make(
    request: ReportRequest, configuration: Configuration, url: str, software: str, progress: ProgressCallback
) -> ReportRun:
    """Report what is asked for. `ReportError` (or `JournalError`, `WitnessError`) where nothing can be reported."""
    today, zone, folder = configuration.inventory, configuration.settings.zone, configuration.path.parent
    with Reader(url, folder) as reader:
        history = signed_history(reader, today, request.month, zone)
        zone = history.zone or zone
        _require_said_in_time(request, configuration.inventory, history)
        contracts = [one.id for one in chosen(history.inventory, request, zone)]
        months = months_before(request.month, request.trend_months - 1, reader, zone)
        outside = held_outside(reader, request, configuration, contracts)
    with _pool(max(1, request.jobs - 1)) as pool:
        # The months before are read beside this one, and come back as a few rows.
        earlier = [pool.submit(trend_of, today, url, folder, month, zone) for month in months]
        found, provenance, unproved = _surveyed(request, configuration, history, url, software, progress)
        trend = []
        for number, future in enumerate(earlier):
            progress("trend", number, len(earlier))
            trend.append(future.result())
    provenance = replace(provenance, anchor=outside.anchor)
    city = _City(found, provenance, request, url, folder, trend, outside)
    outcomes = {one.contract: one for one in _issued(city, contracts, progress)}
    ordered = [outcomes[name] for name in contracts]
    recap = put_recap(request, found, provenance, ordered) if len(ordered) > 1 else None
    return ReportRun(ordered, recap, (*outside.notes, *unproved))


def _require_said_in_time(request: ReportRequest, today: Inventory, history: InventoryHistory) -> None:
    if request.contract in today.contract_by_id and request.contract not in history.inventory.contract_by_id:
        raise ReportError(
            f"contract {request.contract} stands in today's files, and in no inventory that was chained before "
            f"{request.month} ended; see `pantau journal inventory`, or ask for the contract of then"
        )


def _surveyed(
    request: ReportRequest,
    configuration: Configuration,
    history: InventoryHistory,
    url: str,
    software: str,
    progress: ProgressCallback,
) -> tuple[Survey, Provenance, Sequence[str]]:
    settings, folder = configuration.settings, configuration.path.parent
    zone = history.zone or settings.zone
    progress("survey", 0, 1)
    with Reader(url, folder) as reader:
        heads = reader.heads()
        head = end_of(heads)
        found = with_late(survey(history, JournalEvidence(reader), request.month, zone, measuring_of(settings)), reader)
        progress("survey", 1, 1)
        start, _ = request.month.span(zone)
        unproved = require_intact(
            reader,
            start,
            _entries_of(found),
            lambda number: progress("proof", number, head.number),
            found.history.entries,
            whole=request.final,
        )
        reasons, tolerance = reasons_of(reader, found), round(settings.witness.tolerance)
        comparison = _compared(request, reasons, found, tolerance) if request.prometheus else None
    ends = tuple(EditionHead(*one.source, one.number, one.digest.hex()) for one in heads if one.number)
    provenance = Provenance(
        software, head.number, head.digest.hex(), comparison, ends, not_asked=reasons.get(NOT_ASKED)
    )
    return found, provenance, [f"the journal was {unproved}"] if unproved else []


def _compared(
    request: ReportRequest, reasons: Mapping[str, WitnessDecision], found: Survey, tolerance_seconds: int
) -> Comparison:
    from pantau.reports.witness import compare

    return compare(request.prometheus, found, reasons, lambda: request.made_at, tolerance_seconds)


def _entries_of(found: Survey) -> set[int]:
    """All entries that a figure may rest on."""
    numbers = {number for own in found.stretches.values() for stretch in own for number in stretch.entries}
    numbers |= {number for fault in found.faults for number in fault.entries}
    numbers |= {one.entry for one in found.settlements}
    decisions = found.ledger.decisions
    numbers |= {number for one in decisions for number in (one.entry, one.approved_entry, *one.approvals)}
    # An approval of before the month is judged by the people of then.
    return numbers | found.history.signers.entries


def _issued(city: _City, contracts: Sequence[str], progress: ProgressCallback) -> Iterator[ContractResult]:
    jobs = min(city.request.jobs, len(contracts))
    if jobs <= 1:
        for number, name in enumerate(contracts):
            progress("reports", number, len(contracts))
            yield _issue(city, name)
        return
    # The survey lives to the end of the run: a collection in a forked process would only copy its pages.
    gc.freeze()
    try:
        with _pool(jobs, city) as pool:
            futures = [pool.submit(_issue_here, name) for name in contracts]
            for number, future in enumerate(as_completed(futures)):
                progress("reports", number, len(contracts))
                yield future.result()
    finally:
        gc.unfreeze()


def _register(city: _City, name: str) -> JournalRegister:
    month = str(city.request.month)
    start, _ = city.request.month.span(city.survey.zone)
    return JournalRegister(city.url, city.folder, name, month, start * 10**9, city.outside.shelf.of(name, month))


@contextmanager
def _pool(jobs: int, city: _City | None = None) -> Iterator[ProcessPoolExecutor]:
    """Forked processes; `ReportError` where one was killed from outside."""
    try:
        with ProcessPoolExecutor(jobs, _FORK, None if city is None else partial(_enter, city)) as pool:
            yield pool
    except BrokenProcessPool as error:
        raise ReportError(
            "a process of this run was ended from outside, for want of memory perhaps; try again with --jobs 1"
        ) from error


_here: list[_City] = []
"""In a forked process: what it inherited at the fork."""


def _enter(city: _City) -> None:
    _here.append(city)


def _issue_here(name: str) -> ContractResult:
    return _issue(_here[-1], name)


def _issue(city: _City, name: str) -> ContractResult:
    request, found = city.request, city.survey
    store = EditionStore(request.output / str(request.month) / folder_of(name))
    try:
        statement = make_statement(name, found, final_entry=_final_entry(store))
    except ReportError as error:
        return _refused(make_statement(name, found), error)
    earlier = tuple(month[name] for month in city.trend if name in month)
    statement = replace(statement, trend=(*earlier, *statement.trend))
    try:
        statement = with_corrections(statement, found, finals_before(request.output, name, request.month))
    except ReportError as error:
        return _refused(statement, error)
    points = list(dict.fromkeys(row.point for row in statement.points))
    provenance = replace(city.provenance, comparison=_of(points, city.provenance.comparison))

    def annexes() -> dict[str, bytes]:
        further = {number for point in points for one in found.stretches.get(point, ()) for number in one.entries}
        with Reader(city.url, city.folder) as reader:
            span = statement.start, statement.end
            transitions, hours = transitions_file(reader, points, span, further), hours_file(reader, points, span)
        snapshot = inventory_snapshot(found.inventory, name)
        return {"transitions.csv": transitions, "hours.csv": hours, "inventory.json": snapshot}

    try:
        return issue(statement, provenance, request, store, annexes, _register(city, name))
    except ReportError as error:
        return _refused(statement, error)


def _refused(statement: Statement, error: ReportError) -> ContractResult:
    """What one contract's folder does not allow stops no other contract's report."""
    return outcome_of(statement, None, None, str(error))


def _final_entry(store: EditionStore) -> int:
    """The last entry that the latest FINAL of this month from before there were lists had read; 0 without one."""
    for version in range(store.last_final, 0, -1):
        if b'\n"decisions": ' not in store.read(version, DATA):
            return edition_of(store.read(version, "edition.json")).journal_entry
    return 0


def _of(points: Collection[str], comparison: Comparison | None) -> Comparison | None:
    """The rows of some points."""
    if comparison is None:
        return None
    own = set(points)
    return replace(comparison, rows=tuple(row for row in comparison.rows if row.point in own))
