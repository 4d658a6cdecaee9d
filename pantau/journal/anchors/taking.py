"""One anchor from beginning to end: the heads are read, stamped, proved, kept on the disk, chained, and mailed.

Each step leaves what is before it whole: killed anywhere, the journal has at most one anchor less, or one that lies in
the folder and is not chained yet; that one is chained the next time.
"""

from pathlib import Path
from typing import NamedTuple, Protocol

from pantau.errors import AnchorError
from pantau.journal.anchors.asking import PATIENCE_SECONDS, ask
from pantau.journal.anchors.document import ProvedStamp, anchored, document_of, read_document
from pantau.journal.anchors.keeping import AnchorFolder
from pantau.journal.anchors.mailing import Mailing, mail
from pantau.journal.anchors.recorded import anchor_event, recorded_anchors
from pantau.journal.anchors.stamping import Roots, prove, read_roots, request_for
from pantau.journal.entry_reading import EntryReader
from pantau.journal.sources import OFFICE
from pantau.journal.store import Store

_MAILED_AGAIN = 10
"""Of so many anchors, the latest, mail that failed is tried again."""


class Authority(Protocol):
    """Whom we ask and where we keep it; the settings have it. Paths are relative to the folder of the settings."""

    @property
    def url(self) -> str:
        """Of the authority."""

    @property
    def roots(self) -> str:
        """File of the certificates that are trusted, in PEM."""

    @property
    def folder(self) -> str:
        """Where anchors are kept."""

    @property
    def mail(self) -> Mailing | None:
        """The parties; None where none gets them by mail."""


class Taken(NamedTuple):
    """What became of it."""

    name: str
    """Of its files."""
    number: int
    """The journal's last entry that it is over."""
    digest: bytes
    stamp: ProvedStamp
    failures: tuple[str, ...]
    """A sentence for each party that has not got it by mail."""


def take_anchor(
    url: str, settings_folder: Path, authority: Authority, now_ns: int, patience_seconds: float = PATIENCE_SECONDS
) -> Taken:
    """Anchor the journal at `url` now. `AnchorError` where no token can be had, `JournalError` of the journal."""
    roots, kept = read_roots(settings_folder / authority.roots), AnchorFolder(settings_folder / authority.folder)
    _chain_what_is_kept(url, settings_folder, kept, roots, now_ns)
    with EntryReader(url, settings_folder) as reader:
        heads = anchored(reader.heads(), now_ns)
    if not heads.ends:
        raise AnchorError("the journal has no entry yet: there is nothing to anchor")
    document = document_of(heads)
    request = request_for(document)
    token = ask(authority.url, request.body, patience_seconds)
    stamp = prove(token, document, roots, request.nonce)
    name = kept.put(heads.number, document, token)
    with Store(url, settings_folder, OFFICE, create=False) as store:
        store.append([anchor_event(document, token, heads.number, stamp, now_ns)])
    failures = mail_what_waits(settings_folder, authority, now_ns)
    return Taken(name, heads.number, heads.digest, stamp, failures)


def mail_what_waits(settings_folder: Path, authority: Authority, now_ns: int) -> tuple[str, ...]:
    """Send the latest anchors to whoever has not got them; a sentence for each failure."""
    if authority.mail is None:
        return ()
    failures: list[str] = []
    kept = AnchorFolder(settings_folder / authority.folder)
    for name in kept.names()[-_MAILED_AGAIN:]:
        got = kept.mailed(name)
        waiting = _Waiting(authority.mail, tuple(one for one in authority.mail.to if one not in got))
        if not waiting.to:
            continue
        sent, failed = mail(kept.read(name), name, waiting, settings_folder, now_ns)
        failures += failed
        if sent:
            kept.note_mailed(name, got | sent)
        if failed and not sent:
            break  # a server that takes nothing is not asked once an anchor
    return tuple(failures)


class _Waiting:
    """The settings of mail, for those alone who wait for one."""

    def __init__(self, settings: Mailing, to: tuple[str, ...]) -> None:
        self.to = to
        self.sender, self.server, self.tls = settings.sender, settings.server, settings.tls
        self.user, self.password_file = settings.user, settings.password_file


def _chain_what_is_kept(url: str, settings_folder: Path, kept: AnchorFolder, roots: Roots, now_ns: int) -> None:
    """Chain anchors that a kill has left in the folder alone; what proves nothing is left for `verify` to name."""
    with EntryReader(url, settings_folder) as reader:
        chained = {(one.document, one.token) for one in recorded_anchors(reader)}
    events = []
    for name in kept.names():
        try:
            anchor = kept.read(name)
            heads, stamp = read_document(anchor.document), prove(anchor.token, anchor.document, roots)
        except AnchorError:
            continue
        event = anchor_event(*anchor[:2], heads.number, stamp, now_ns)
        if _named(event.facts) not in chained:
            events.append(event)
    if events:
        with Store(url, settings_folder, OFFICE, create=False) as store:
            store.append(events)


def _named(facts: dict[str, object]) -> tuple[object, object]:
    return facts["document"], facts["token"]
