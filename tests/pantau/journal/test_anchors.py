"""Anchors: tokens of a real responder, honest and not; the journal held against them."""

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lab.samples.journal import NOC, Place, down, ns, up
from pantau.errors import AnchorError
from pantau.journal import OFFICE, Kind
from pantau.journal.anchors.checking import AnchorCheck, check_anchors
from pantau.journal.anchors.document import anchored, document_of, read_document
from pantau.journal.anchors.keeping import AnchorFolder
from pantau.journal.anchors.recorded import recorded_anchors
from pantau.journal.anchors.stamping import prove, read_roots, request_for
from pantau.journal.anchors.taking import Taken, take_anchor
from pantau.journal.heads import ChainHead
from tests.pantau.journal.authority import Authority, Served, serving
from tests.pantau.journal.rewriting import rechain

NOW = ns(50_000)


@dataclass(frozen=True)
class Asked:
    """Settings as a configuration has them."""

    url: str
    roots: str
    folder: str = "anchors"
    mail: None = None


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An honest one; the tests that need another make it with its root."""
    return Authority(tmp_path_factory.mktemp("tsa") / "honest")


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[Served]:
    """Its responder."""
    with serving(Served(authority.reply)) as served:
        yield served


@pytest.fixture
def served(server: Served, authority: Authority) -> Served:
    """The same, as it was at first."""
    server.answer, server.status, server.kind, server.hangs = authority.reply, 200, "application/timestamp-reply", False
    return server


@pytest.fixture
def asked(served: Served, authority: Authority, sqlite: Place) -> Asked:
    """The settings of a journal with an outage."""
    with sqlite.store() as store:
        store.append([down("h1", 100), up("h1", 300), down("h2", 400)])
    shutil.copy(authority.root.certificate, sqlite.folder / "roots.pem")
    return Asked(served.url, "roots.pem")


def take(place: Place, asked: Asked, at: int = NOW, patience: float = 5.0) -> Taken:
    """An anchor of the journal as it is."""
    return take_anchor(place.url, place.folder, asked, at, patience)


def check(place: Place, copies: Path | None = None, roots: str | None = "roots.pem") -> AnchorCheck:
    """What holding all anchors against the journal finds."""
    with place.reader() as reader:
        return check_anchors(reader, place.folder / "anchors", place.folder / roots if roots else None, copies)


def found(place: Place, copies: Path | None = None) -> list[str]:
    """The findings as they are shown."""
    return [str(one) for one in check(place, copies).findings]


def cut(place: Place, number: int, source: int) -> None:
    """Take the end of the journal away, as of a chain whose last entry is `number`."""
    place.execute("DELETE FROM entries WHERE number > :number", number=number)
    end = "(SELECT digest FROM entries WHERE number = :number)"
    place.execute(f"UPDATE head SET number = :number, digest = {end} WHERE source = {source}", number=number)  # noqa: S608


def test_an_anchor_is_stamped_kept_and_chained(sqlite: Place, asked: Asked, served: Served) -> None:
    """The document names the ends of all chains; it and the token lie in the folder and in the journal."""
    with sqlite.reader() as reader:
        heads = anchored(reader.heads(), NOW)
    taken = take(sqlite, asked)
    assert (taken.number, taken.digest, taken.failures) == (3, heads.digest, ())
    files = sorted(file.name for file in (sqlite.folder / "anchors").iterdir())
    assert files == [f"{taken.name}.json", f"{taken.name}.tsr"]
    document = (sqlite.folder / "anchors" / files[0]).read_bytes()
    assert document == document_of(heads)
    assert json.loads(document)["heads"] == [[NOC.name, 0, 3, heads.digest.hex()]]
    assert len(served.queries[-1]) < 100, "nothing but a digest leaves the house"
    with sqlite.reader() as reader:
        (entry,) = reader.of_kinds(Kind.ANCHOR)
        (recorded,) = recorded_anchors(reader)
        assert reader.blob(recorded.document) == document
    assert (entry.source, entry.number, entry.previous) == (OFFICE, 4, 0)
    assert (recorded.number, recorded.stamped_ns) == (3, taken.stamp.at_ns)
    assert taken.stamp.authority == "CN=signer"
    assert sqlite.findings() == []
    assert check(sqlite)[:3] == ((), (), 1)


def test_the_next_anchor_is_over_the_one_before(sqlite: Place, asked: Asked) -> None:
    """The heads of the second name the office's chain too, in which the first stands."""
    take(sqlite, asked)
    second = take(sqlite, asked, NOW + 1)
    heads = read_document((sqlite.folder / "anchors" / f"{second.name}.json").read_bytes())
    assert [(str(end.source), end.number) for end in heads.ends] == [("noc-bitung/0", 3), ("office", 4)]
    assert check(sqlite).anchors == 2
    assert found(sqlite) == []


DISHONEST: dict[str, Callable[[Authority, Path], Callable[[bytes], bytes]]] = {
    "the token proves nothing: certificate has expired": lambda own, _: _by_one_valid(own, -30, -1),
    "the token proves nothing: certificate is not yet valid": lambda own, _: _by_one_valid(own, 1, 30),
    "the token proves nothing: unable to get local issuer": lambda _, folder: Authority(folder / "foreign").reply,
    "the token proves nothing: self-signed": lambda _, folder: Authority(folder / "foreign").with_its_root,
    "the token proves nothing: unsuitable certificate purpose": lambda own, _: own.forged,
    "the token proves nothing: Nonce mismatch": lambda own, _: lambda query: own.reply(request_for(b"same").body),
    "the token proves nothing: Mismatch between messages": lambda own, _: lambda query: own.reply(_of_another(query)),
    "the token proves nothing: ASN.1 parse error": lambda own, _: lambda query: b"<html>" * 100,
    "the token proves nothing: .*ShortData": lambda own, _: lambda query: b"",
    "the authority refused: Bad request": lambda own, _: lambda query: own.reply(query[:-20]),
}
"""What is said, and the authority of which it is said."""


def _by_one_valid(own: Authority, begin: int, end: int) -> Callable[[bytes], bytes]:
    signer = own.certified(f"valid{begin}", own.root, days=(begin, end))
    return lambda query: own.reply(query, signer)


def _of_another(query: bytes) -> bytes:
    """The same query, nonce and all, over another digest."""
    digest = query[query.index(bytes.fromhex("0420")) + 2 :][:32]
    return query.replace(digest, digest[::-1])


@pytest.mark.parametrize("reason", DISHONEST)
def test_a_token_that_proves_nothing_is_no_anchor(
    sqlite: Place, asked: Asked, served: Served, authority: Authority, tmp_path: Path, reason: str
) -> None:
    """An expired, early, foreign, forged, stale or misled one: nothing is kept, nothing chained, and it says why."""
    served.answer = DISHONEST[reason](authority, tmp_path)
    with pytest.raises(AnchorError, match=reason):
        take(sqlite, asked)
    assert not (sqlite.folder / "anchors").exists()
    with sqlite.reader() as reader:
        assert reader.of_kinds(Kind.ANCHOR) == []


def test_a_token_of_one_s_own_root_proves_itself_when_its_signer_has_expired(authority: Authority) -> None:
    """What counts is the time of the stamp: the honest signer's certificate may end the day after."""
    request = request_for(b"document")
    stamp = prove(authority.reply(request.body), b"document", read_roots(authority.root.certificate), request.nonce)
    assert stamp.authority == "CN=signer"
    with pytest.raises(AnchorError, match="Mismatch between messages"):
        prove(authority.reply(request.body), b"document.", read_roots(authority.root.certificate))


@pytest.mark.parametrize(("times"), [60, pytest.param(20_000, marks=pytest.mark.long)])
def test_no_damage_of_a_token_makes_another_stamp(authority: Authority, times: int) -> None:
    """Bits are turned anywhere: it proves nothing, or still the same."""
    roots, request, chance = read_roots(authority.root.certificate), request_for(b"document"), random.Random(16)
    token = authority.reply(request.body)
    whole = prove(token, b"document", roots, request.nonce)
    refused = 0
    for _ in range(times):
        damaged = bytearray(token)
        for _ in range(chance.choice((1, 1, 3))):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        try:
            assert prove(bytes(damaged), b"document", roots, request.nonce) == whole
        except AnchorError:
            refused += 1
    assert refused > times * 0.9


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"hangs": True}, "gave no answer within 0.3 s"),
        ({"status": 503}, "answered with HTTP status 503"),
        ({"status": 302}, "answered with HTTP status 302"),
        ({"kind": "text/html"}, "answered with text/html, not with a time stamp"),
        ({"answer": lambda _: b"x" * 200_000}, "answered with more than 100000 bytes"),
    ],
)
def test_an_authority_that_gives_no_token_is_named(
    sqlite: Place, asked: Asked, served: Served, change: dict[str, Any], reason: str
) -> None:
    """One that hangs ends at its deadline; none is followed elsewhere."""
    for name, value in change.items():
        setattr(served, name, value)
    with pytest.raises(AnchorError, match=reason):
        take(sqlite, asked, patience=0.3 if served.hangs else 30)


def test_an_authority_that_is_gone_is_named_without_its_password(sqlite: Place, asked: Asked) -> None:
    """Nobody listens there."""
    with pytest.raises(AnchorError, match="cannot be asked") as caught:
        take(sqlite, replace(asked, url="http://user:s3cret@127.0.0.1:1/tsr"))
    assert "s3cret" not in str(caught.value)


def test_a_journal_written_anew_is_named_by_its_first_wrong_entry(sqlite: Place, asked: Asked) -> None:
    """Everything fits and `verify` is content; the anchor knows better. What came after it is not seen."""
    take(sqlite, asked)
    with sqlite.store() as store:
        store.append([up("h2", 900)])
    take(sqlite, asked, NOW + 1)
    sqlite.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE number = 5")
    rechain(sqlite.url, sqlite.folder)
    assert sqlite.findings() == []
    told = r"entry 5: is not the one that was known, by the anchor of .*Z; the entries up to 3 are as they were"
    (finding,) = [one for one in found(sqlite) if "of our own folder" not in one]
    assert re.fullmatch(told, finding)


def test_a_journal_that_was_cut_is_named(sqlite: Place, asked: Asked) -> None:
    """With its anchors' entries; the folder's copies know the end."""
    take(sqlite, asked)
    sqlite.execute("DELETE FROM entries WHERE number > 2")
    sqlite.execute(
        "UPDATE head SET number = 2, digest = (SELECT digest FROM entries WHERE number = 2), "
        "alive_ns = (SELECT recorded_ns FROM entries WHERE number = 2) WHERE source = 1"
    )
    sqlite.execute("DELETE FROM head WHERE source = 2")
    assert sqlite.findings() == []
    assert [one.partition(",")[0] for one in found(sqlite)] == [
        f"entry 3: {AnchorFolder(sqlite.folder / 'anchors').names()[0]} of our own folder is not known to the journal",
        "entry 3: is missing: the journal was cut off",
    ]


def test_a_party_s_copies_name_what_is_missing_or_differs(sqlite: Place, asked: Asked, tmp_path: Path) -> None:
    """An anchor that our side has lost or exchanged is a finding; one that the party never got is a note."""
    first = take(sqlite, asked)
    copies = tmp_path / "copies"
    shutil.copytree(sqlite.folder / "anchors", copies)
    second = take(sqlite, asked, NOW + 1)
    assert check(sqlite, copies)[:2] == ((), ("the anchor of entry 5 is not in " + str(copies),))
    shutil.copytree(sqlite.folder / "anchors", copies, dirs_exist_ok=True)
    shutil.rmtree(sqlite.folder / "anchors")
    sqlite.execute("DELETE FROM entries WHERE number > 4")
    sqlite.execute(
        "UPDATE head SET number = 4, digest = (SELECT digest FROM entries WHERE number = 4) WHERE source = 2"
    )
    assert found(sqlite) == []
    assert found(sqlite, copies) == [f"entry 4: {second.name} of {copies} is missing in the journal"]
    (copies / f"{first.name}.tsr").unlink()
    assert any("cannot be read: No such file" in one for one in found(sqlite, copies))
    with pytest.raises(AnchorError, match="there is no anchor in"):
        check(sqlite, tmp_path / "nothing")


@pytest.mark.parametrize("what", ["document", "token", "both"])
def test_an_anchor_that_was_exchanged_is_named(sqlite: Place, asked: Asked, authority: Authority, what: str) -> None:
    """In the folder; a token by one's own authority is none of the pinned."""
    name = take(sqlite, asked).name
    folder = sqlite.folder / "anchors"
    document = folder / f"{name}.json"
    if what in ("document", "both"):
        document.write_bytes(document.read_bytes().replace(b'"made_ns":1', b'"made_ns":2'))
    if what in ("token", "both"):
        foreign = Authority(sqlite.folder / "foreign")
        (folder / f"{name}.tsr").write_bytes(foreign.reply(request_for(document.read_bytes()).body))
    assert any("proves nothing" in one for one in found(sqlite))
    assert check(sqlite, roots=None).notes[0].startswith("the anchors' tokens are not proved")


def test_blobs_of_an_anchor_that_are_gone_are_named(sqlite: Place, asked: Asked) -> None:
    """The journal's own copy."""
    take(sqlite, asked)
    sqlite.execute("DELETE FROM blobs")
    assert any("entry 4: the anchor's document or token is gone, or changed" in one for one in found(sqlite))


def test_an_anchor_that_a_kill_left_in_the_folder_is_chained_by_the_next(sqlite: Place, asked: Asked) -> None:
    """It was stamped and kept; only its entry is missing."""
    take(sqlite, asked)
    sqlite.execute("DELETE FROM entries WHERE number = 4")
    sqlite.execute("DELETE FROM head WHERE source = 2")
    take(sqlite, asked, NOW + 1)
    with sqlite.reader() as reader:
        assert [one.number for one in recorded_anchors(reader)] == [3, 4]
    assert found(sqlite) == []


def test_only_canonical_documents_are_documents() -> None:
    """Another blank, another key, another digest: it is none."""
    heads = anchored([ChainHead(1, NOC, 7, bytes(32)), ChainHead(2, OFFICE, 9, bytes(range(32))), ChainHead(3, NOC)], 5)
    document = document_of(heads)
    assert read_document(document) == heads
    assert heads.number == 9
    others = [b"", b"[]", b"{}", b"\xff", document + b" ", document.replace(b",7,", b",8,")]
    others += [document.replace(b"null", b"0"), document.replace(b'"format":1', b'"format":2')]
    for other in others:
        with pytest.raises(AnchorError):
            read_document(other)
