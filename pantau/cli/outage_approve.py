"""The command `pantau outage approve`: a person's signature under a list, or the scan of a paper signed by hand."""

import hashlib
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pantau.cli.journal_opening import opened
from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.outage_people import person_of
from pantau.cli.speaking import tell
from pantau.errors import JournalError
from pantau.inventory import Configuration, Person
from pantau.journal import OFFICE, Event, Reader, Store, approve_by_key, approve_by_scan, digest_of_list
from pantau.people import PeopleHistory, SignedList, check_signature, signed_lists

_LEAST_DIGITS = 8
_PIECE_BYTES = 1_048_576
_NOW = 1 << 62
"""An entry behind all others."""


def approve(
    what: Annotated[str, typer.Argument(metavar="LIST", help="The list's file, or the beginning of its SHA-256.")],
    person: Annotated[str, typer.Option(help="The id of who approves, as people.yml has it.")],
    signature: Annotated[Path | None, typer.Option(help="The file that ssh-keygen -Y sign has made.")] = None,
    scan: Annotated[
        Path | None, typer.Option(help="Scan of the paper that a person without a key has signed by hand.")
    ] = None,
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
) -> None:
    """Approve a list of decisions. It counts once two people have, at least one of them with a key.

    Example: pantau outage approve keputusan/daftar-2026-10-4be1.txt --person ani
    --signature keputusan/daftar-2026-10-4be1.txt.sig
    """
    if (signature is None) == (scan is None):
        raise JournalError("an approval rests on a signature or on a scan: give --signature FILE or --scan FILE")
    with opened(config, journal) as (reader, configuration):
        found = _list(reader, configuration, what)
        who = _approver(configuration, person, found)
        _require_chained(_people(reader, configuration), who)
        event = _signed(reader, found, who, signature) if signature else _scanned(found, who, scan or Path())
        with Store(journal or configuration.settings.journal.url, config.parent, OFFICE, create=False) as store:
            *_, entry = store.append([event])  # before it, where this machine is behind: that it is
        after = _list(reader, configuration, found.proposed.sha256)
    tell(f"entry {entry.number}: {who.id} approves the list {found.proposed.sha256}")
    for refused in after.refused:
        tell(f"does not count: {refused}")
    if after.approved_by:
        tell(f"approved by {' and '.join(after.approved_by)}: {len(after.content.items)} decisions count now")
    elif len(after.approvers) < 2:
        tell("one of two: a second person has to approve it")
    else:
        tell("two on paper: at least one has to sign with a key")


def _list(reader: Reader, configuration: Configuration, what: str) -> SignedList:
    """The list that a person means; `JournalError` where it was not proposed here, or was changed."""
    people = _people(reader, configuration)
    known = {one.proposed.sha256: one for one in signed_lists(reader, people, configuration.settings.zone)}
    file = Path(what)
    if file.is_file():
        digest = digest_of_list(file.read_bytes())
    else:
        met = [sha256 for sha256 in known if len(what) >= _LEAST_DIGITS and sha256.startswith(what.lower())]
        digest = met[0] if len(met) == 1 else ""
    if digest not in known:
        raise JournalError(
            f"{what} is no list that was proposed in this journal: it was changed, or belongs to another; "
            "give the file that `pantau outage propose` has written"
        )
    return known[digest]


def _people(reader: Reader, configuration: Configuration) -> PeopleHistory:
    from pantau.reports.statement.inventory_reading import people_of

    return people_of(reader, configuration.inventory)


def _require_chained(people: PeopleHistory, who: Person) -> None:
    """`JournalError` where the journal does not know this person so: a key signs nothing of before it was chained."""
    chained = people.at(_NOW).get(who.id)
    if chained is None or chained.key != who.key:
        raise JournalError(
            f"{who.id} stands in people.yml otherwise than in the journal, and signs nothing until it is chained: "
            "let the exporter reload (SIGHUP), then approve again"
        )


def _approver(configuration: Configuration, name: str, found: SignedList) -> Person:
    who = person_of(configuration, name)
    if not who.approves:
        raise JournalError(f"{who.id} is of an ISP: an ISP proposes, and does not approve")
    if who.until is not None and datetime.now(configuration.settings.zone).date() >= who.until:
        raise JournalError(f"{who.id} signs no more since {who.until}; people.yml says so")
    if any(one.person == who.id for one in found.approvers):
        raise JournalError(f"{who.id} has approved this list already: it takes two people")
    return who


def _signed(reader: Reader, found: SignedList, who: Person, file: Path) -> Event:
    if who.key is None:
        raise JournalError(f"{who.id} has no key in people.yml; enter it there, or give the scan of a signed paper")
    made, text = _bytes(file), reader.blob(found.proposed.sha256) or b""
    if not check_signature(text, made, who.key):
        raise JournalError(
            f"{file} is not a signature of {who.id} under this list: "
            "sign the text itself, with `ssh-keygen -Y sign -n pantau -f KEY FILE`"
        )
    if any(one.key == who.key for one in found.approvers):
        raise JournalError(f"the key of {who.id} has signed this list already: two signatures by one key are one")
    return approve_by_key(found.proposed.sha256, who.id, who.key, made, time.time_ns())


def _scanned(found: SignedList, who: Person, file: Path) -> Event:
    if who.key is not None:
        raise JournalError(f"{who.id} has a key in people.yml, and signs with it: give --signature FILE")
    digest = hashlib.sha256()
    try:
        with file.open("rb") as scan:
            while piece := scan.read(_PIECE_BYTES):
                digest.update(piece)
        if file.stat().st_size == 0:
            raise JournalError(f"{file} is empty: give the scan of the signed paper")
    except OSError as error:
        raise JournalError(f"{file} cannot be read ({error.strerror}); give the scan of the signed paper") from error
    return approve_by_scan(found.proposed.sha256, who.id, digest.hexdigest(), time.time_ns())


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise JournalError(f"{file} cannot be read ({error.strerror}); give the file of the signature") from error
