"""Whatever of ours asks an exporter speaks what it speaks, or says in one sentence what is missing, and its cure."""

import asyncio
from io import StringIO
from pathlib import Path
from typing import Any

import aiohttp
import bcrypt
import pytest
from rich.console import Console

from exporter.web.server import WebOptions
from pantau.cli.probe_steps import tell_last_verdict
from pantau.inventory import Listen, Settings
from pantau.inventory.settings import Web
from pantau.stack.errors import ExporterRefusesError, ExporterSilentError
from pantau.stack.exporter_client import ExporterClient, client_of
from tests.exporter.web.running import FakeState, serving
from tests.exporter.web.test_tls import certificate

TLS = "tls_server_config: {cert_file: server.pem, key_file: server.key}\n"
MUTUAL = TLS.replace("}", ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: client.pem}")
USERS = f"basic_auth_users: {{prometheus: '{bcrypt.hashpw(b'rahasia', b'$2b$04$abcdefghijklmnopqrstuu').decode()}'}}\n"
SHOWN = "tls_config: {cert_file: client.pem, key_file: client.key}\n"
PASSWORD = "basic_auth: {username: prometheus, password_file: secret}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates and a password."""
    made = tmp_path_factory.mktemp("files")
    for name in ("server", "client", "other"):
        certificate(made, name)
    (made / "secret").write_text("rahasia\n")
    (made / "wrong").write_text("salah\n")
    return made


def client(folder: Path, port: int, server: str, shown: str | None) -> ExporterClient:
    """One over files with these texts."""
    (folder / "web.yml").write_text(server)
    (folder / "client.yml").write_text(shown or "")
    web = Web(web_config_file="web.yml", http_config_file=None if shown is None else "client.yml")
    return client_of(web, folder, Listen("127.0.0.1", port))


@pytest.mark.parametrize(
    ("server", "shown"),
    [
        ("", None),
        (TLS, None),
        (USERS, PASSWORD),
        (TLS + USERS, PASSWORD),
        (MUTUAL + USERS, SHOWN + PASSWORD),
        (MUTUAL, SHOWN.replace("}", ", ca_file: other.pem}")),  # exactly the exporter's own is trusted
        (USERS, "basic_auth: {username: prometheus, password: rahasia}\n"),
    ],
)
async def test_what_the_exporter_wants_is_shown(folder: Path, server: str, shown: str | None) -> None:
    """Plain HTTP, TLS, a password, a certificate, and all of them: each is answered, and the URL says the scheme."""
    asked = client(folder, 0, server, shown)
    async with (
        serving(FakeState(), options=WebOptions(folder / "web.yml")) as (_, port),
        aiohttp.ClientSession() as session,
    ):
        asked = client(folder, port, server, shown)
        assert (await asked.get(session, "-/healthy", 5))[0] == 200
        status, body = await asked.get(session, "metrics", 5)
        assert (status, body.count(b"\nhotspot_state{")) == (200, 3)
        assert asked.address == f"http{'s' if TLS[:5] in server else ''}://127.0.0.1:{port}/"


@pytest.mark.parametrize(
    ("server", "shown", "said"),
    [
        (USERS, None, "asks for a password .*web.yml.* and none is known here; name a file with basic_auth: {username"),
        (USERS, SHOWN, "asks for a password"),
        (USERS, PASSWORD.replace("prometheus", "siapa"), "'siapa' is none of basic_auth_users"),
        (USERS, PASSWORD.replace("secret", "gone"), "gone: No such file"),
        (USERS, PASSWORD.replace("secret", "wrong"), "lets us not in .401: user and password, please"),
        (USERS, "basic_auth: {username: prometheus}\n", "client.yml:1: basic_auth: takes either password_file or"),
        (
            MUTUAL,
            None,
            "asks for a client's certificate and none is known here; name a file with tls_config: {cert_file",
        ),
        (MUTUAL, SHOWN.replace("client.", "other."), "takes .*other.pem not for a certificate of its client_ca_file"),
        (MUTUAL, SHOWN.replace("client.pem", "client.key"), "client.key: "),
        (TLS, "tls_config: {key_file: a}\n", "cert_file and key_file belong together"),
        (TLS, "tls: {}\n", "tls: is not a known key"),
    ],
)
async def test_what_is_missing_is_one_sentence_with_its_cure(
    folder: Path, server: str, shown: str | None, said: str
) -> None:
    """It says which file wants what, and where that is named; no sentence has a second line."""
    (folder / "web.yml").write_text(server)
    async with (
        serving(FakeState(), options=WebOptions(folder / "web.yml")) as (_, port),
        aiohttp.ClientSession() as session,
    ):
        with pytest.raises(ExporterRefusesError, match=said) as caught:
            await client(folder, port, server, shown).get(session, "metrics", 5)
    assert "\n" not in str(caught.value)
    assert "rahasia" not in str(caught.value)


async def test_nobody_there_and_somebody_who_speaks_otherwise(folder: Path, unused_tcp_port: int) -> None:
    """A dead port is told from an exporter whose TLS stands on its command line alone."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(ExporterSilentError, match="no exporter answers at 127"):
            await client(folder, unused_tcp_port, "", None).get(session, "metrics", 2)
        (folder / "web.yml").write_text(TLS)
        async with serving(FakeState(), options=WebOptions(folder / "web.yml")) as (_, port):
            with pytest.raises(ExporterSilentError, match="web_config_file"):
                await ExporterClient("127.0.0.1", port).get(session, "metrics", 2)


@pytest.mark.parametrize(
    ("server", "shown", "scrape"),
    [
        ("", None, {}),
        (USERS, PASSWORD, {"basic_auth": {"username": "prometheus", "password_file": "{}/secret"}}),
        (TLS, None, {"scheme": "https", "tls_config": {"ca_file": "{}/server.pem"}}),
        (
            MUTUAL,
            SHOWN,
            {
                "scheme": "https",
                "tls_config": {"ca_file": "{}/server.pem", "cert_file": "{}/client.pem", "key_file": "{}/client.key"},
            },
        ),
        (
            TLS,
            "tls_config: {server_name: a}\n",
            {"scheme": "https", "tls_config": {"ca_file": "{}/server.pem", "server_name": "a"}},
        ),
    ],
)
def test_what_prometheus_is_told(folder: Path, server: str, shown: str | None, scrape: dict[str, Any]) -> None:
    """Scheme, authority, certificate and password; a name only where the address is none of the certificate's."""

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()}
        return value.format(folder)

    assert client(folder, 9810, server, shown).scrape() == filled(scrape)


def test_prometheus_is_told_a_name_of_the_certificate(folder: Path) -> None:
    """Where the exporter listens at an address that the certificate does not name."""
    (folder / "web.yml").write_text(TLS)
    told = ExporterClient("10.1.2.3", 9810, folder / "web.yml").scrape()
    assert told["tls_config"]["server_name"] == "localhost"


def test_probe_asks_over_tls_and_says_what_is_missing(folder: Path) -> None:
    """The last verdict as the running exporter has it, or the sentence, never silence."""

    async def told(shown: str | None) -> str:
        (folder / "web.yml").write_text(TLS + USERS)
        console = Console(record=True, width=400, file=StringIO())
        async with serving(FakeState(), options=WebOptions(folder / "web.yml")) as (_, port):
            (folder / "client.yml").write_text(shown or "")
            web = Web(listen=f"127.0.0.1:{port}", web_config_file="web.yml", http_config_file=shown and "client.yml")
            await tell_last_verdict("BTG-2", Settings(web=web), folder, console)
        return console.export_text()

    assert "the running exporter does not know this hotspot" in asyncio.run(told(PASSWORD))
    assert "the exporter asks for a password" in asyncio.run(told(None))
