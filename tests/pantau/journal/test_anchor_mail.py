"""Anchors by mail to the parties, through a real mail server; and `pantau journal anchor` as its user meets it."""

import json
import re
import shutil
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from typer.testing import CliRunner, Result

from lab.samples.journal import Place, down, up
from pantau.cli.main import app
from pantau.errors import AnchorError
from pantau.journal import Kind
from tests.exporter.app.conftest import city  # noqa: F401 - the fixture
from tests.pantau.journal.authority import Authority, Served, serving


class Office:
    """A mail server's post room: it takes what comes for those it knows."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.letters: list[tuple[str, Message]] = []

    async def handle_RCPT(  # noqa: N802 - the library calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Who may get mail."""
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """A letter."""
        assert isinstance(envelope.content, bytes)
        self.letters += [(one, message_from_bytes(envelope.content)) for one in envelope.rcpt_tos]
        return "250 taken"


@pytest.fixture(scope="module")
def controller() -> Iterator[Controller]:
    """A mail server on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = Controller(Office(), hostname="127.0.0.1", port=port)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def office(controller: Controller) -> Office:
    """Its post room, empty."""
    room = controller.handler
    assert isinstance(room, Office)
    room.refused, room.letters = set(), []
    return room


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Authority, Served]]:
    """An authority and its responder."""
    authority = Authority(tmp_path_factory.mktemp("tsa") / "honest")
    with serving(Served(authority.reply)) as served:
        yield authority, served


def settings(served: str, port: int, more: str = "") -> str:
    """The part `tsa` of pantau.yml."""
    return (
        f"tsa:\n  url: {served}\n  roots: roots.pem\n  mail:\n    to: [camat@maesa.example, noc@telkom.example]\n"
        f"    from: pantau@bitung.example\n    server: 127.0.0.1:{port}\n    tls: none\n{more}"
    )


@pytest.fixture
def config(city: Path, controller: Controller, server: tuple[Authority, Served]) -> Path:  # noqa: F811 - the fixture
    """A city with a journal, an authority and two parties."""
    authority, served = server
    with Place("sqlite:///data/journal.sqlite", city.parent).store() as store:
        store.append([down("h1", 100), up("h1", 300)])
    shutil.copy(authority.root.certificate, city.parent / "roots.pem")
    city.write_text(city.read_text("utf-8") + settings(served.url, controller.port))
    return city


def pantau(*arguments: str) -> Result:
    """Run a command in this process; an exception of ours stays one."""
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "200"})


def anchor(config: Path, *more: str) -> Result:
    """`pantau journal anchor`."""
    return pantau("journal", "anchor", "--config", str(config), *more)


def test_each_party_gets_document_and_token_that_verify_takes(config: Path, office: Office, tmp_path: Path) -> None:
    """One letter each; the attachments in a folder are what `verify --anchors` is given."""
    result = anchor(config)
    assert result.exit_code == 0, result.stdout
    ends, stamped, files = result.stdout.splitlines()
    assert re.fullmatch(r"2:[0-9a-f]{64}", ends)
    assert re.fullmatch(r"stamped 20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ by CN=signer", stamped)
    assert files.startswith(f"{config.parent}/data/anchors/anchor-000000002-")
    assert [to for to, _ in office.letters] == ["camat@maesa.example", "noc@telkom.example"]
    _, letter = office.letters[0]
    assert letter["To"] == "camat@maesa.example"
    copies = tmp_path / "copies"
    copies.mkdir()
    names = []
    for part in letter.walk():
        if part.get_filename():
            names.append(str(part.get_filename()))
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            (copies / names[-1]).write_bytes(content)
    assert [Path(name).suffix for name in names] == [".json", ".tsr"]
    verified = pantau("journal", "verify", "--config", str(config), "--anchors", str(copies))
    assert verified.exit_code == 0, verified.output
    assert "anchors: 1, all proved, and the journal is as they know it" in verified.stdout.splitlines()


def test_a_party_that_got_nothing_is_named_and_tried_again(config: Path, office: Office) -> None:
    """The anchor stands; the other party has it, and does not get it twice."""
    office.refused = {"noc@telkom.example"}
    result = anchor(config)
    assert result.exit_code == 1
    told = result.stdout.splitlines()[-1]
    assert told.endswith("takes no mail for noc@telkom.example: 550 no such person")
    office.refused, office.letters = set(), []
    assert anchor(config).exit_code == 0
    got = [(to, letter.get_payload()[1].get_filename()[:16]) for to, letter in office.letters]  # type: ignore[union-attr,index]
    assert got == [
        ("noc@telkom.example", "anchor-000000002"),
        ("camat@maesa.example", "anchor-000000003"),
        ("noc@telkom.example", "anchor-000000003"),
    ]


def test_a_mail_server_that_is_gone_leaves_the_anchor(config: Path, office: Office) -> None:
    """It is taken, and the failure told."""
    config.write_text(re.sub(r"server: .*", "server: 127.0.0.1:1", config.read_text("utf-8")))
    result = anchor(config)
    assert result.exit_code == 1
    assert "127.0.0.1:1 takes no mail for camat@maesa.example, noc@telkom.example: " in result.stdout
    assert pantau("journal", "verify", "--config", str(config)).exit_code == 0


def test_a_password_that_cannot_be_read_leaves_the_anchor(config: Path, office: Office) -> None:
    """It is taken and in the journal; the sentence names the setting and the file."""
    text = config.read_text("utf-8")
    config.write_text(text.replace("    tls: none\n", "    tls: none\n    user: pantau\n    password_file: gone\n"))
    result = anchor(config)
    assert result.exit_code == 1
    assert f"tsa.mail.password_file: {config.parent}/gone: No such file or directory" in result.stdout
    with Place("sqlite:///data/journal.sqlite", config.parent).reader() as reader:
        assert len(reader.of_kinds(Kind.ANCHOR)) == 1


def test_an_anchor_that_is_not_due_is_not_taken(config: Path, office: Office) -> None:
    """For a timer: the second run of a day does nothing."""
    assert anchor(config, "--if-due").exit_code == 0
    again = anchor(config, "--if-due")
    assert (again.exit_code, again.stdout) == (0, "not due: today's anchor has been taken\n")
    with Place("sqlite:///data/journal.sqlite", config.parent).reader() as reader:
        assert len(reader.of_kinds(Kind.ANCHOR)) == 1


def test_without_an_authority_it_says_which_settings_are_missing(city: Path) -> None:  # noqa: F811 - the fixture
    """In one sentence."""
    with Place("sqlite:///data/journal.sqlite", city.parent).store() as store:
        store.append([down("h1", 100)])
    with pytest.raises(AnchorError, match="name its url and roots under tsa"):
        anchor(city)


def test_roots_that_are_none_are_named(config: Path) -> None:
    """A file without certificates, or none."""
    (config.parent / "roots.pem").write_text("nothing")
    with pytest.raises(AnchorError, match=r"roots\.pem has no certificate in PEM"):
        anchor(config)


def test_the_mark_of_who_has_got_it_is_a_list(config: Path, office: Office) -> None:
    """A file beside the anchor, so that a restart sends nothing twice."""
    anchor(config)
    (mark,) = (config.parent / "data/anchors").glob("*.mailed")
    assert json.loads(mark.read_text("utf-8")) == ["camat@maesa.example", "noc@telkom.example"]
