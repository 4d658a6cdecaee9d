"""The command `pantau outage propose`: one paper with all of a month that waits for two signatures."""

import time
from pathlib import Path
from typing import Annotated

import typer

from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.outage_lists import hand_out
from pantau.cli.outage_people import person_of
from pantau.cli.speaking import tell
from pantau.errors import ReportError
from pantau.inventory import load
from pantau.journal import DecisionList
from pantau.reports.papers import gather
from pantau.reports.reading import surveyed

_NS = 1_000_000_000


def propose(
    month: Annotated[str, typer.Option(help="The month, YYYY-MM.")],
    person: Annotated[str, typer.Option(help="The id of who proposes it, as people.yml has it.")],
    contract: Annotated[str, typer.Option(help="Only this contract, by its id; without it the whole city.")] = "",
    output: Annotated[Path, typer.Option(help="Folder for the list as text and as a page to print.")] = Path(
        "keputusan"
    ),
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
) -> None:
    """Write one list of all that would change a month's money: to read, to sign, and then to approve.

    Nothing counts yet: it is shown as proposed, and its money is held, until two people have approved the list.

    Example: pantau outage propose --month 2026-10 --person ani
    """
    configuration = load(config)
    who = person_of(configuration, person)
    if contract and contract not in configuration.inventory.contract_by_id:
        raise ReportError(f"{contract!r} is no contract of the inventory; its contracts have their ids")
    now_ns = time.time_ns()
    with surveyed(config, journal, month) as (reader, survey):
        found = gather(survey, reader, contract)
        head = reader.head()
    if not found.items:
        tell(f"nothing of {survey.month} waits for a decision")
        return
    made = DecisionList(
        month=str(survey.month),
        contract=contract,
        zone=survey.zone.key,
        person=who.id,
        proposed_at=now_ns // _NS,
        journal=f"{head.number}:{head.digest.hex()}",
        effect=found.effect,
        items=found.items,
        currency=survey.measuring.told.currency,
        digits=survey.measuring.told.currency_digits,
    )
    begin, end = survey.month.span(survey.zone)
    hand_out(made, who, found.reach((begin * _NS, end * _NS)), output, configuration, journal, found.records)
