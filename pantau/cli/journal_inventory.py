"""The command `pantau journal inventory`: what decided money when, as it was chained."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Annotated

import typer

from pantau.cli.journal_opening import opened
from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.speaking import tell
from pantau.errors import JournalError
from pantau.inventory.projection import KINDS, Lines, changes_between, lines_in
from pantau.journal import ChainedInventory, Reader

_NS = 1_000_000_000
_SHOWN = 5
"""Of the changes of one inventory; a report lists those of its month."""


def list_inventories(
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
    at: Annotated[
        str | None, typer.Option(help="Local time, as in '2024-04-12 03:15': what held then, content by content.")
    ] = None,
) -> None:
    """List what decided money: when it was chained, by which entry, and what changed.

    Example: pantau journal inventory --at "2024-04-12 03:15"
    """
    with opened(config, journal) as (reader, configuration):
        zone, chained = configuration.settings.zone, reader.inventories()
        lines = _held_at(reader, chained, _moment(at, zone), zone) if at else _changes(reader, chained, zone)
        for line in lines:
            tell(line)


def _moment(at: str, zone: tzinfo) -> int:
    try:
        return int(datetime.fromisoformat(at).replace(tzinfo=zone).timestamp()) * _NS
    except ValueError as error:
        raise typer.BadParameter(f"{at!r} is no local time; write it as 2024-04-12 03:15", param_hint="--at") from error


def _changes(reader: Reader, chained: list[ChainedInventory], zone: tzinfo) -> Iterator[str]:
    before: Mapping[str, Lines] | None = None
    files: Mapping[str, str] = {}
    for one in chained:
        if one.files == files:
            continue
        files, lines = one.files, _lines(reader, one)
        yield _head(one, zone)
        if before is None:
            yield "  " + ", ".join(f"{len(lines[kind])} {kind}" for kind in KINDS if lines[kind])
        else:
            yield from _told(before, lines)
        before = lines
    if before is None:
        yield "no inventory is chained; pantau run chains it when it starts"


def _told(before: Mapping[str, Lines], lines: Mapping[str, Lines]) -> Iterator[str]:
    changes = [change for kind in KINDS for change in changes_between(kind, before[kind], lines[kind])]
    for change in changes[:_SHOWN]:
        for field, then, now in change.fields():
            yield f"  {change.kind} {change.record}: {field + ' ' if field else ''}{then or '-'} -> {now or '-'}"
    if len(changes) > _SHOWN:
        yield f"  and {len(changes) - _SHOWN} more records"
    if not changes:
        yield "  how it is measured"


def _held_at(reader: Reader, chained: list[ChainedInventory], at_ns: int, zone: tzinfo) -> Iterator[str]:
    held = [one for one in chained if one.at_ns <= at_ns]
    if not held:
        yield "nothing was chained by then; reports of that time use today's files, and say so"
        return
    yield _head(held[-1], zone)
    for name, digest in sorted(held[-1].files.items()):
        content = reader.blob(digest)
        proved = content is not None and hashlib.sha256(content).hexdigest() == digest
        count = content.count(b"\n") if content is not None else 0
        yield f"  {name}: {f'{count} lines' if proved else 'CHANGED OR MISSING'}, {digest}"


def _head(one: ChainedInventory, zone: tzinfo) -> str:
    when = datetime.fromtimestamp(one.at_ns / _NS, zone)
    return f"{when:%Y-%m-%d %H:%M:%S}  entry {one.entry}  {one.digest[:16]}"


def _lines(reader: Reader, one: ChainedInventory) -> Mapping[str, Lines]:
    try:
        return lines_in(one.files, reader.blob)
    except ValueError as error:
        raise JournalError(f"the inventory of entry {one.entry} cannot be read ({error})") from error
