"""A door that speaks TLS: to those who verify it, with the certificate of today, and never in the clear."""

import asyncio
import ssl
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from pantau.errors import ConfigurationError
from pantau.inventory.web_config import read_web_config, tls_of
from tests.exporter.agents_door.knocking import answer_to, beats_of, open_door, plan_in, request_of
from tests.patience import PATIENCE_SECONDS
from tests.programs import require_program


def make_certificate(folder: Path) -> ssl.SSLContext:
    """A new key and certificate for localhost; a client that trusts no other."""
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    named = ["-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command = [str(require_program("openssl")), "req", "-x509", *curve, *files, *named]
    subprocess.run(command, check=True, capture_output=True)
    return ssl.create_default_context(cafile=str(folder / "cert.pem"))


async def test_it_is_spoken_with_the_certificate_of_today(tmp_path: Path) -> None:
    """A heartbeat in the clear is none; a certificate that was renewed is shown without a restart."""
    web = tmp_path / "web.yml"
    web.write_text("tls_server_config: {cert_file: cert.pem, key_file: key.pem, min_version: TLS13}\n")
    first = make_certificate(tmp_path)
    async with open_door(plan_in(tmp_path, {"BTG-1": 1}, web_config=str(web))) as door:
        assert await answer_to(door, request_of("BTG-1", {})) is None
        assert await answer_to(door, request_of("BTG-1", {}), first) == 200
        old = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with suppress(ssl.SSLError):
            assert await answer_to(door, request_of("BTG-1", {}), old) is None
        renewed = make_certificate(tmp_path)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    assert await answer_to(door, request_of("BTG-1", {}), renewed) == 200
                    break
                except ssl.SSLCertVerificationError:
                    await asyncio.sleep(0.2)
        assert len(await beats_of(door, 2)) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not"),
        ("tls_server_config: {cert_file: a}\n", "neither key_file nor key is given"),
        ("tls_server_config: {cert_file: a, key_file: b, min_version: SSL3}\n", "min_version: 'SSL3'"),
        ("http_server_config: {}\n", "tls_server_config: is missing"),
        ("tls_config: {}\n", "is not a known key"),
    ],
)
def test_a_web_configuration_that_is_none(tmp_path: Path, text: str, said: str) -> None:
    """Each mistake with its place, as of the settings."""
    (tmp_path / "web.yml").write_text(text)
    with pytest.raises(ConfigurationError, match=said if said != "is not" else None):
        tls_of(read_web_config(tmp_path / "web.yml"), tmp_path / "web.yml")
