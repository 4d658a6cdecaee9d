"""The command `pantau outage propose`: one paper with all of a month that waits for two signatures."""

import time
from pathlib import Path
from typing import Annotated

import typer

from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.outage_people import person_of
from pantau.cli.speaking import tell
from pantau.errors import ReportError
from pantau.inventory import load
from pantau.journal import OFFICE, DecisionList, Store, digest_of_list, list_text, propose_list
from pantau.people import NAMESPACE
from pantau.reports.papers import gather, printable
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
    )
    text = list_text(made)
    begin, end = survey.month.span(survey.zone)
    event = propose_list(text, found.reach((begin * _NS, end * _NS)), now_ns)
    digest = digest_of_list(text)
    file = output / f"daftar-{made.month}-{digest[:12]}.txt"
    output.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text)
    file.with_suffix(".html").write_bytes(printable(made, who))
    with Store(journal or configuration.settings.journal.url, config.parent, OFFICE, create=False) as store:
        (entry,) = store.append([event])
    tell(f"entry {entry.number}: list of {len(made.items)} decisions, {file}")
    tell(f"SHA-256 {digest}")
    tell(f"to read and print: {file.with_suffix('.html')}")
    tell(f"to sign: ssh-keygen -Y sign -n {NAMESPACE} -f KEY {file}")
    tell(f"then: pantau outage approve {file} --person ID --signature {file}.sig")
