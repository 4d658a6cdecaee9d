"""Anchors on their way to the parties: each gets document and token, which nobody here can take back."""

import smtplib
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Literal, Protocol

from pantau.errors import AnchorError
from pantau.journal.anchors.document import read_document
from pantau.journal.anchors.keeping import DOCUMENT, TOKEN, Anchor

PATIENCE_SECONDS = 20.0


class Mailing(Protocol):
    """How and to whom; the settings have it."""

    @property
    def to(self) -> Sequence[str]:
        """The parties' addresses."""

    @property
    def sender(self) -> str:
        """Whom the mail is from."""

    @property
    def server(self) -> str:
        """HOST:PORT."""

    @property
    def tls(self) -> Literal["starttls", "tls", "none"]:
        """How the way to the server is kept secret."""

    @property
    def user(self) -> str | None:
        """Who logs in; None where nobody has to."""

    @property
    def password_file(self) -> str | None:
        """The file with the password, relative to the folder of the settings."""


def mail(anchor: Anchor, name: str, settings: Mailing, folder: Path, now_ns: int) -> tuple[set[str], list[str]]:
    """Send one anchor to each party, one mail each; returns who got it, and a sentence for each failure.

    `folder` is that of the settings.
    """
    missing = list(settings.to)
    try:
        with _connected(settings, folder) as server:
            return _send(server, anchor, name, settings, now_ns)
    except (smtplib.SMTPException, OSError, ValueError, AnchorError) as error:
        return set(), [f"{settings.server} takes no mail for {', '.join(missing)}: {_said(error)}"]


def _send(
    server: smtplib.SMTP, anchor: Anchor, name: str, settings: Mailing, now_ns: int
) -> tuple[set[str], list[str]]:
    got, failures = set(), []
    for recipient in settings.to:
        try:
            server.send_message(letter(anchor, name, settings.sender, recipient, now_ns))
            got.add(recipient)
        except smtplib.SMTPException as error:
            failures.append(f"{settings.server} takes no mail for {recipient}: {_said(error)}")
    return got, failures


def letter(anchor: Anchor, name: str, sender: str, recipient: str, now_ns: int) -> EmailMessage:
    """The mail to one party."""
    heads = read_document(anchor.document)
    message = EmailMessage()
    message["Subject"] = f"Jangkar jurnal Pantau: {heads.number}:{heads.digest.hex()[:16]}"
    message["From"], message["To"] = sender, recipient
    message["Date"] = format_datetime(datetime.fromtimestamp(now_ns // 1_000_000_000, UTC))
    message["Message-ID"] = make_msgid(idstring=name, domain=sender.rpartition("@")[2] or "localhost")
    message.set_content(
        "Simpan kedua lampiran ini. Dengan keduanya Anda dapat membuktikan bahwa jurnal tidak ditulis ulang.\n"
        "Keep both attachments: with them you can tell a journal that was written anew.\n\n"
        f"{heads.number}:{heads.digest.hex()}\n\n"
        "pantau journal verify --anchors FOLDER\n"
    )
    message.add_attachment(anchor.document, maintype="application", subtype="json", filename=name + DOCUMENT)
    message.add_attachment(anchor.token, maintype="application", subtype="timestamp-reply", filename=name + TOKEN)
    return message


def _connected(settings: Mailing, folder: Path) -> smtplib.SMTP:
    host, _, port = settings.server.rpartition(":")
    host = host.strip("[]")
    context = ssl.create_default_context()
    if settings.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, int(port), timeout=PATIENCE_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, int(port), timeout=PATIENCE_SECONDS)
    try:
        if settings.tls == "starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, _password(settings, folder))
    except BaseException:
        server.close()
        raise
    return server


def _password(settings: Mailing, folder: Path) -> str:
    if not settings.password_file:
        return ""
    try:
        return (folder / settings.password_file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise AnchorError(f"tsa.mail.password_file: {error.filename}: {error.strerror}") from error


def _said(error: Exception) -> str:
    """What the other end said, without what we said to it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
