"""How a list of decisions is handed out: as text that is signed, as a page to read, and as an entry of the journal."""

from collections.abc import Collection
from pathlib import Path

from pantau.cli.speaking import tell
from pantau.inventory import Configuration, Person
from pantau.journal import OFFICE, DecisionList, Store, digest_of_list, list_text, propose_list
from pantau.people import NAMESPACE
from pantau.reports.papers import printable


def hand_out(
    made: DecisionList,
    who: Person,
    reach_ns: tuple[int, int | None],
    output: Path,
    configuration: Configuration,
    url: str | None,
    records: Collection[bytes] = (),
) -> None:
    """Write it into `output`, propose it in the journal, and say what to do with it.

    `reach_ns` is the time that it concerns, `records` are those of the inventory that its items name.
    """
    text = list_text(made)
    event = propose_list(text, reach_ns, made.proposed_at * 1_000_000_000, records)
    digest = digest_of_list(text)
    file = output / f"daftar-{made.month}-{digest[:12]}.txt"
    output.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text)
    file.with_suffix(".html").write_bytes(printable(made, who))
    place = url or configuration.settings.journal.url
    with Store(place, configuration.path.parent, OFFICE, create=False) as store:
        *_, entry = store.append([event])  # before it, where this machine is behind: that it is
    tell(f"entry {entry.number}: list of {len(made.items)} decisions, {file}")
    tell(f"SHA-256 {digest}")
    tell(f"to read and print: {file.with_suffix('.html')}")
    tell(f"to sign: ssh-keygen -Y sign -n {NAMESPACE} -f KEY {file}")
    tell(f"then: pantau outage approve {file} --person ID --signature {file}.sig")
