"""The run of an exporter that may write: that it is the last one, and that the journal is the one it has written."""

from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.errors import JournalError
from pantau.journal.heads import ChainHead, digest_at
from pantau.journal.journal_file import JournalFile
from pantau.journal.lease import LeaseHeldError, LeaseWatch, Pulse
from pantau.journal.schema import PRESENT, head
from pantau.journal.sources import Source


class Tenure:
    """What one open store knows of its right to write, and of what it has left there."""

    def __init__(self, where: str, source: Source, file: JournalFile | None) -> None:
        self._where = where
        self._source = source
        self._file = file
        self._watch = LeaseWatch()
        self._left: ChainHead | None = None
        self._claims = False

    @property
    def run(self) -> int | None:
        """Its number; None before it has begun."""
        return self._left.run if self._left else None

    def begin(self, left: ChainHead) -> None:
        """It is the last run, and has left the head so."""
        self._left = left
        if self._file:
            self._file.note()
            if self._claims:
                with suppress(OSError):  # without the lock others wait until our beats cease
                    self._file.hold_lease(left.run)

    def require_free(self, found: ChainHead | None, wall_ns: int, now: float) -> None:
        """Raise `LeaseHeldError` while another run holds the lease."""
        if found is not None:
            lapsed = self._watch.lapsed(Pulse(found.run, found.number, found.beat_ns), now, wall_ns)
            if not lapsed and not (self._file and self._file.holder_is_gone(found.run)):
                raise LeaseHeldError(
                    f"another exporter of {self._source} writes the journal {self._where} (run {found.run}): this one "
                    "waits until that has ended; if both are wanted, give one of them a vantage.name of its own"
                )
        self._claims = True

    def require_ours(self, connection: Connection, found: ChainHead | None) -> None:
        """Raise where a later run has begun, or the journal is not the one that this run has written."""
        left = self._left
        if left is None or self._source.shard is None:
            return
        if found is not None and found.run > left.run:
            if self._file:
                self._file.give_lease_back()
            raise LeaseHeldError(
                f"another exporter of {self._source} has taken over the journal {self._where} (run {found.run}), for "
                f"this one (run {left.run}) had said nothing for too long: it waits now"
            )
        if found is None or found.run < left.run or digest_at(connection, PRESENT, left.number) != left.digest:
            raise JournalError(
                f"the journal {self._where} is not the one that this exporter has written: entry {left.number} is not "
                "in it as it was; put the right one back, or see what became of it and start the exporter again"
            )

    def give_back(self, connection: Connection, ref: int | None) -> None:
        """The next one need not wait; unless it has taken over already."""
        ours = (head.c.source == ref, head.c.run == self.run)
        connection.execute(sa.update(head).where(*ours).values(beat_ns=0))
