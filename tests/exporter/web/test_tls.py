"""The web configuration in force: TLS, client certificates and users, with curl as an operator tries them."""

import asyncio
import subprocess
from pathlib import Path

import bcrypt
import pytest

from exporter.web.server import WebOptions, build_door
from pantau.errors import ConfigurationError
from pantau.health import ask
from tests.exporter.web.running import FakeState, serving
from tests.patience import PATIENCE_SECONDS
from tests.programs import require_program

CONFIG = """\
tls_server_config:
  cert_file: server.pem
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: client.pem
  min_version: TLS12
  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]
http_server_config:
  headers: {Strict-Transport-Security: max-age=31536000, X-Frame-Options: deny}
basic_auth_users:
  prometheus: HASH
"""


def certificate(folder: Path, name: str) -> None:
    """A self-signed one for localhost, ``NAME.pem`` and ``NAME.key``, as an operator makes it."""
    subject = ("-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1")
    files = ("-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem"))
    command = [str(require_program("openssl")), "req", "-x509", *curve, *files, *subject]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def web_config(tmp_path: Path) -> Path:
    """A file with everything, and the certificates that it names."""
    for name in ("server", "client"):
        certificate(tmp_path, name)
    file = tmp_path / "web.yml"
    file.write_text(CONFIG.replace("HASH", bcrypt.hashpw(b"rahasia", bcrypt.gensalt(4)).decode()))
    return file


async def curl(folder: Path, port: int, *options: str, client: bool = True, path: str = "/metrics") -> str:
    """The status that curl gets, with the headers if asked for; ``000`` where there is no answer."""
    shown = ("--cert", str(folder / "client.pem"), "--key", str(folder / "client.key")) if client else ()
    quiet = ("--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--noproxy", "*", "--max-time", "20")
    command = (str(require_program("curl")), *quiet, "--cacert", str(folder / "server.pem"), *shown, *options)
    ran = await asyncio.create_subprocess_exec(
        *command, f"https://localhost:{port}{path}", stdout=asyncio.subprocess.PIPE
    )
    told, _ = await ran.communicate()
    return told.decode()


async def test_curl_over_tls_with_certificate_and_password(web_config: Path, state: FakeState) -> None:
    """Both are needed; wrong ones are told apart; what the file sets of headers and ciphers holds."""
    folder, user = web_config.parent, ("--user", "prometheus:rahasia")
    async with serving(state, options=WebOptions(web_config)) as (_, port):
        assert await curl(folder, port, *user) == "200"
        assert await curl(folder, port, *user, "--tls-max", "1.2") == "200"
        weak = ("--tls-max", "1.2", "--ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384")
        assert await curl(folder, port, *user, *weak) == "000"
        assert await curl(folder, port, "--user", "prometheus:salah") == "401"
        assert await curl(folder, port) == "401"
        assert await curl(folder, port, *user, client=False) == "000"
        assert (await curl(folder, port, *user, "--dump-header", "-", "--http1.1")).lower().count("deny") == 1
        assert await curl(folder, port, *user, "--header", "Host: evil.example", path="/") == "200"
        assert await asyncio.to_thread(ask, f"127.0.0.1:{port}") is None


async def test_files_that_are_renewed_hold_without_a_restart(web_config: Path, state: FakeState) -> None:
    """Another certificate, other users; and one that cannot be used leaves the old in force."""
    folder, user = web_config.parent, ("--user", "prometheus:rahasia")
    async with serving(state, options=WebOptions(web_config)) as (_, port):
        assert await curl(folder, port, *user) == "200"
        await asyncio.to_thread((folder / "server.key").write_text, "half a k")
        await asyncio.sleep(1.5)
        assert await curl(folder, port, *user) == "200"
        good = state.own.registry.get_sample_value("pantau_web_config_last_reload_success_timestamp_seconds")
        assert state.own.registry.get_sample_value("pantau_web_config_last_reload_successful") == 0
        await asyncio.to_thread(certificate, folder, "server")
        other = bcrypt.hashpw(b"baru", bcrypt.gensalt(4)).decode()
        await asyncio.to_thread(web_config.write_text, CONFIG.replace("HASH", other))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await curl(folder, port, "--user", "prometheus:baru") != "200":  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.3)
        assert await curl(folder, port, *user) == "401"
        assert state.own.registry.get_sample_value("pantau_web_config_last_reload_successful") == 1
        later = state.own.registry.get_sample_value("pantau_web_config_last_reload_success_timestamp_seconds")
        assert (later or 0) > (good or 0) > 0


@pytest.mark.parametrize("text", ["tls_server_config: {cert_file: a.pem, key_file: b.pem}\n", "users: {}\n"])
def test_what_cannot_be_used_ends_the_start(tmp_path: Path, text: str, state: FakeState) -> None:
    """With the file and what to do."""
    (tmp_path / "web.yml").write_text(text)
    with pytest.raises(ConfigurationError, match=r"web\.yml"):
        build_door(state, WebOptions(tmp_path / "web.yml"))
