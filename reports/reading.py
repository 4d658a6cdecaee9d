"""From settings, a journal's URL and a month's name to the month as it was observed: for commands that need no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exporter.errors import ReportError
from exporter.inventory import load
from journal import Reader
from reports.accounting import Month
from reports.statement import JournalEvidence, Survey, survey


def month_of(text: str) -> Month:
    """The month that a person named; `ReportError` with the cure."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise ReportError(str(error)) from error


@contextmanager
def surveyed(config: Path, url: str | None, month: str) -> Iterator[tuple[Reader, Survey]]:
    """The city's month, read once, and the open journal that it was read from."""
    named, configuration = month_of(month), load(config)
    settings = configuration.settings
    with Reader(url or settings.journal.url, config.parent) as reader:
        yield reader, survey(configuration.inventory, JournalEvidence(reader), named, settings.zone)
