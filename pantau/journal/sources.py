"""Who writes into a journal: each source has a chain of its own. Pure."""

from typing import NamedTuple

from pantau.errors import JournalError


class Source(NamedTuple):
    """One running exporter, as the journal knows it, or one of the two that are none."""

    name: str
    """Of an exporter, that of its vantage."""
    shard: int | None = 0
    """Which part of the hotspots it probes, counted from 0; None of `LEGACY` and `OFFICE`, so that a vantage may have
    any name."""

    def __str__(self) -> str:
        return self.name if self.shard is None else f"{self.name}/{self.shard}"


LEGACY = Source("legacy", None)
"""All that stood in a journal before it had sources. Nothing is added to it; one exporter follows it."""
OFFICE = Source("office", None)
"""What people decide, whoever runs the command: causes, exclusions, reasons."""
LEGACY_REF = 0
"""The number of `LEGACY` in the table `sources`; the others are counted from 1."""


def parse_source(text: str) -> Source:
    """``VANTAGE`` or ``VANTAGE/SHARD``, as a command takes it."""
    name, slash, shard = text.rpartition("/")
    source = Source(name, int(shard)) if slash and shard.isascii() and shard.isdigit() else Source(text)
    if not source.name.strip():
        raise JournalError(f"{text!r} names no source; write the vantage's name, or VANTAGE/SHARD")
    return source
