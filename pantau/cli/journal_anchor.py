"""The command `pantau journal anchor`: parses and calls."""

import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from pantau.cli.extras import require
from pantau.cli.journal_opening import opened
from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.speaking import tell
from pantau.errors import AnchorError
from pantau.journal.anchors.due import is_due
from pantau.journal.anchors.recorded import last_taken_ns

_NS = 1_000_000_000


def anchor(
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
    if_due: Annotated[
        bool, typer.Option("--if-due", help="Only where today's has not been taken: for a timer, without `pantau run`.")
    ] = False,
) -> None:
    """Have an authority outside stamp where the journal ends (RFC 3161), and mail that to the parties.

    The authority, its pinned root and the parties stand under `tsa` in pantau.yml. `pantau run` does it each day by
    itself. Exit status 1: a party has not got it by mail.

    Example: pantau journal anchor
    """
    require("anchors")
    from pantau.journal.anchors.taking import take_anchor

    with opened(config, journal) as (reader, configuration):
        settings, url = configuration.settings, str(journal or configuration.settings.journal.url)
        last_ns = last_taken_ns(reader)
    authority = settings.tsa
    if authority is None:
        raise AnchorError("no authority is set: name its url and roots under tsa in pantau.yml")
    if if_due and not is_due(last_ns, time.time_ns(), authority.time_of_day, settings.zone):
        tell("not due: today's anchor has been taken")
        return
    taken = take_anchor(url, config.parent, authority, time.time_ns())
    at = datetime.fromtimestamp(taken.stamp.at_ns // _NS, UTC)
    tell(f"{taken.number}:{taken.digest.hex()}")
    tell(f"stamped {at:%Y-%m-%d %H:%M:%S}Z by {taken.stamp.authority}")
    tell(f"{config.parent / authority.folder / taken.name}.json, .tsr")
    for failure in taken.failures:
        tell(failure)
    if taken.failures:
        raise typer.Exit(1)
