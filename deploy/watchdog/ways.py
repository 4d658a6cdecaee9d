"""The ways to people: mail, Telegram, any gateway over HTTP (SMS, WhatsApp), any command."""

import json
import smtplib
import ssl
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from configparser import SectionProxy
from email.message import EmailMessage
from pathlib import Path

WAY_SECONDS = 20.0
LARGEST_ANSWER = 1 << 16


class SettingsError(Exception):
    """The settings cannot be used; the text says which one and why."""


def secret(section: SectionProxy, key: str) -> str:
    """What stands in the file that a setting names."""
    try:
        return Path(section[key]).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"[{section.name}] {key}: {error.filename}: {error.strerror}") from error


class Way:
    """One way to people: `send` returns None, or what kept the message from being taken."""

    def __init__(self, section: SectionProxy) -> None:
        self.name, self.kind = section.name.partition(".")[2], section.get("kind", "")
        senders = {"email": self._email, "telegram": self._telegram, "http": self._http, "command": self._command}
        if self.kind not in senders:
            raise SettingsError(f"[{section.name}] kind: {self.kind!r} is none of {', '.join(senders)}")
        needed = {
            "email": ("from", "server"),
            "telegram": ("token_file",),
            "http": ("url", "body"),
            "command": ("run",),
        }
        for key in ("to", *needed[self.kind]):
            if not section.get(key):
                raise SettingsError(f"[{section.name}] {key}: is missing")
        self.to = [one.strip() for one in section["to"].split(",") if one.strip()]
        self.relay = section.getboolean("relay", fallback=True)
        self.section, self._send = section, senders[self.kind]
        for key in ("token_file", "password_file", "header_file"):
            if section.get(key):
                secret(section, key)

    def send(self, text: str) -> str | None:
        """To each of its people; those whom it did not reach are named."""
        failures = []
        for person in self.to:
            try:
                self._send(person, text)
            except (OSError, ValueError, smtplib.SMTPException, subprocess.SubprocessError, SettingsError) as error:
                failures.append(f"{person}: {_said(error)}")
        return f"{self.name}: {'; '.join(failures)}" if failures else None

    def _email(self, person: str, text: str) -> None:
        host, _, port = self.section["server"].rpartition(":")
        tls, context = self.section.get("tls", "starttls"), ssl.create_default_context()
        place = (host.strip("[]"), int(port))
        if tls == "tls":
            connected: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=WAY_SECONDS, context=context)
        else:
            connected = smtplib.SMTP(*place, timeout=WAY_SECONDS)
        with connected as server:
            if tls == "starttls":
                server.starttls(context=context)
            if self.section.get("user"):
                server.login(self.section["user"], secret(self.section, "password_file"))
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = self.section["from"], person, text[:78]
            message.set_content(text + "\n")
            server.send_message(message)

    def _telegram(self, person: str, text: str) -> None:
        api, token = self.section.get("api", "https://api.telegram.org"), secret(self.section, "token_file")
        body = json.dumps({"chat_id": person, "text": text}).encode()
        _post(f"{api}/bot{token}/sendMessage", body, {"Content-Type": "application/json"})

    def _http(self, person: str, text: str) -> None:
        form = self.section.get("form", "json")
        quotes: dict[str, Callable[[str], str]] = {"json": _in_json, "form": urllib.parse.quote_plus}
        quote = quotes.get(form)
        if quote is None:
            raise SettingsError(f"form: {form!r} is neither json nor form")
        body = self.section["body"].replace("{to}", quote(person)).replace("{text}", quote(text))
        kind = "application/json" if form == "json" else "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind}
        if self.section.get("header_file"):  # such as Authorization: Bearer ...
            name, _, value = secret(self.section, "header_file").partition(":")
            headers[name.strip()] = value.strip()
        _post(self.section["url"], body.encode(), headers)

    def _command(self, person: str, text: str) -> None:
        # No shell: whom it is for is an argument, what is said comes on standard input.
        command = [*self.section["run"].split(), person]
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=WAY_SECONDS, check=False)
        if done.returncode:
            raise ValueError(f"status {done.returncode} {done.stderr[-200:].decode(errors='replace')}")


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _post(url: str, body: bytes, headers: dict[str, str]) -> None:
    if not url.startswith(("http://", "https://")):
        raise SettingsError("url: is no http address")
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - the settings' own
    with urllib.request.urlopen(request, timeout=WAY_SECONDS) as answer:  # noqa: S310
        answer.read(LARGEST_ANSWER)


def _said(error: Exception) -> str:
    """What the other end said, never the address that it was asked at: a token may stand in it."""
    if isinstance(error, urllib.error.HTTPError):
        return f"status {error.code} {error.read(300).decode(errors='replace')}"
    return str(getattr(error, "reason", "") or error) or type(error).__name__
