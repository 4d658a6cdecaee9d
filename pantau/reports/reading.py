"""What commands read before they begin: which month, what was observed in it, and when now is."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pantau.errors import ReportError
from pantau.inventory import load
from pantau.journal import Reader
from pantau.reports.accounting import Month
from pantau.reports.statement import JournalEvidence, Survey, measuring_of, survey
from pantau.reports.statement.late_records import signed_history, with_late


def month_of(text: str) -> Month:
    """The month that a person named; `ReportError` with the cure."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise ReportError(str(error)) from error


def now() -> int:
    """Unix time; SOURCE_DATE_EPOCH (reproducible-builds.org) where a report shall be made again byte by byte."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if fixed and not (fixed.isascii() and fixed.isdecimal()):
        raise ReportError(f"SOURCE_DATE_EPOCH is {fixed!r}; it takes seconds since 1970, or nothing")
    return int(fixed or time.time())


@contextmanager
def surveyed(config: Path, url: str | None, month: str) -> Iterator[tuple[Reader, Survey]]:
    """The city's month, read once, and the open journal that it was read from."""
    named, configuration = month_of(month), load(config)
    settings = configuration.settings
    with Reader(url or settings.journal.url, config.parent) as reader:
        history = signed_history(reader, configuration.inventory, named, settings.zone)
        found = survey(history, JournalEvidence(reader), named, settings.zone, measuring_of(settings))
        yield reader, with_late(found, reader)
