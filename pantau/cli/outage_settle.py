"""The command `pantau outage settle`: what becomes of money that a FINAL holds, as a list that two have to sign."""

import time
from pathlib import Path
from typing import Annotated

import typer

from pantau.cli.journal_opening import opened
from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.outage_lists import hand_out
from pantau.cli.outage_people import person_of
from pantau.errors import ReportError
from pantau.journal import DecisionList
from pantau.journal.lists import clean
from pantau.reports.accounting import HeldSettlement
from pantau.reports.publishing.settling import require_held
from pantau.reports.statement.held_money import edition_of, settlement_item, settlements_in
from pantau.reports.statement.inventory_reading import people_of
from pantau.reports.statement.office import office_words

_NS = 1_000_000_000
_NEXT = 1 << 62
"""An entry behind all others."""


def settle(
    final: Annotated[str, typer.Argument(help="The FINAL's number, such as maesa-telkom/2026-10/1.")],
    held: Annotated[int, typer.Option(help="What it holds there, in the currency's smallest unit: 24306.", min=1)],
    pay: Annotated[int, typer.Option(help="What of it is paid; the rest is deducted for good.", min=0)],
    person: Annotated[str, typer.Option(help="The id of who proposes it, as people.yml has it.")],
    document: Annotated[str, typer.Option(help="Number of the document that it rests on.")],
    reason: Annotated[str, typer.Option(help="Why so much: minutes, a letter.")],
    point: Annotated[
        str, typer.Option(help="The point whose line holds it; without it all that the FINAL holds.")
    ] = "",
    reports: Annotated[Path, typer.Option(help="Folder in which the FINALs lie.")] = Path("laporan"),
    output: Annotated[Path, typer.Option(help="Folder for the list as text and as a page to print.")] = Path(
        "keputusan"
    ),
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
) -> None:
    """Propose what becomes of held money: a list of its own, which two people approve.

    Until then it stays held; then it is paid with the month in which the second approves. What the FINAL does not hold
    there is refused.

    Example: pantau outage settle maesa-telkom/2026-10/1 --point P-2 --held 24306 --pay 20000 --document BA/7
    --person ani --reason "rapat 12 November"
    """
    now = time.time_ns() // _NS
    with opened(config, journal) as (reader, configuration):
        head, zone = reader.head(), configuration.settings.zone
        settled = list(settlements_in(reader, people_of(reader, configuration.inventory), zone))
    who, money = person_of(configuration, person), office_words(configuration.settings).money
    contract, month, version = edition_of(final)
    if contract not in configuration.inventory.contract_by_id:
        raise ReportError(f"{contract!r} is no contract of the inventory; its contracts have their ids")
    if pay > held:
        amounts = [money.amount(one, "en_GB") for one in (held, pay)]
        raise ReportError(f"of {amounts[0]} that is held {amounts[1]} cannot be paid; --pay is at most --held")
    if not document.strip() or not reason.strip():
        raise ReportError("held money is settled by a document, with a reason: give --document and --reason")
    asked = HeldSettlement(_NEXT, contract, month, version, point, held, pay, now, document, ())
    require_held(reports, asked, settled, money)
    item = settlement_item(final, point, (pay, held), clean(document), clean(reason))
    made = DecisionList(
        month=month,
        contract=contract,
        zone=zone.key,
        person=who.id,
        proposed_at=now,
        journal=f"{head.number}:{head.digest.hex()}",
        effect=pay,
        items=(item,),
        currency=money.code,
        digits=money.digits,
    )
    hand_out(made, who, (0, None), output, configuration, journal)
