"""How whatever of ours asks a running exporter asks it: as its web configuration makes it speak, and nobody else.

`pantau up`, `pantau probe` and the Prometheus of `pantau up` read the same two files: the exporter's own web
configuration says whether TLS is spoken and a password wanted, `web.http_config_file` what we have to show. Both are
read anew for each question, for certificates and passwords are renewed while a stack runs.

Of the exporter's certificate we have the file itself: exactly that one is trusted, whatever names it has. Prometheus,
which compares names, is told one that it has.
"""

import asyncio
import base64
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from exporter.listening.tls import server_context
from pantau.errors import ConfigurationError
from pantau.inventory import Listen
from pantau.inventory.http_config import BasicAuth, HttpConfig, TlsClient, read_http_config
from pantau.inventory.settings import Web
from pantau.inventory.web_config import TlsServer, WebConfig, read_web_config
from pantau.stack.errors import ExporterRefusesError, ExporterSilentError

_END = "-----END CERTIFICATE-----"
_NOT_LET_IN = frozenset({401, 403, 429})
_STEPS = 10
"""A handshake in memory takes three."""
_NAME_THEM = "web.http_config_file in pantau.yml (docs/operation/tls.md)"


@dataclass(frozen=True, slots=True)
class Wire:
    """How one question is put."""

    scheme: str = "http"
    context: ssl.SSLContext | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    server_name: str | None = None
    certificate: str | None = None
    """That we show."""


@dataclass(frozen=True, slots=True)
class ExporterClient:
    """Asks the exporter at `host` and `port`. Every method raises `ExporterRefusesError` where it cannot be let in."""

    host: str
    """As a URL has it: IPv6 in brackets, never one that stands for all addresses."""
    port: int
    server_file: Path | None = None
    """The exporter's web configuration; plain HTTP without one."""
    client_file: Path | None = None
    """What we show; nothing without one."""

    @property
    def address(self) -> str:
        """Its URL, with a slash at its end."""
        return f"{'http' if self._read()[0].tls_server_config is None else 'https'}://{self.host}:{self.port}/"

    async def get(self, session: aiohttp.ClientSession, path: str, seconds: float) -> tuple[int, bytes]:
        """Status and body of the answer at `path`, without a slash before it. Raises `ExporterSilentError`, too."""
        wire = await asyncio.to_thread(self.wire)
        url = f"{wire.scheme}://{self.host}:{self.port}/{path}"
        limit = aiohttp.ClientTimeout(total=seconds)
        options: dict[str, Any] = {"headers": wire.headers, "server_hostname": wire.server_name, "timeout": limit}
        if wire.context is not None:
            options["ssl"] = wire.context
        try:
            async with session.get(url, allow_redirects=False, **options) as response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError, ssl.SSLError) as error:
            raise self._unanswered(error, wire) from error
        if response.status in _NOT_LET_IN:
            said = body.decode(errors="replace").strip()[:120]
            raise ExporterRefusesError(f"the exporter lets us not in ({response.status}: {said}); correct {_NAME_THEM}")
        return response.status, body

    def wire(self) -> Wire:
        """How to ask it now."""
        server, client = self._read()
        headers = _headers(server, client.basic_auth, self.server_file)
        tls = server.tls_server_config
        if tls is None:
            return Wire(headers=headers)
        shown = client.tls_config
        return Wire("https", _context(tls, shown), headers, shown.server_name, shown.cert_file)

    def scrape(self) -> dict[str, Any]:
        """What a scrape configuration of Prometheus needs, beside the address; checked by a handshake in memory."""
        server, client = self._read()
        _headers(server, client.basic_auth, self.server_file)
        given, tls = client.as_written(), server.tls_server_config
        if tls is None:
            return {"basic_auth": given["basic_auth"]} if "basic_auth" in given else {}
        ours = {"ca_file": tls.cert_file} if tls.cert_file else {}
        said = {**ours, **given.get("tls_config", {})}
        if "server_name" not in said and not client.tls_config.insecure_skip_verify:
            said |= self._name_of(tls, client.tls_config)
        if not said.get("ca_file") and not client.tls_config.insecure_skip_verify:
            raise ExporterRefusesError(
                f"Prometheus reads authorities from a file: give tls_config.ca_file in {_NAME_THEM}"
            )
        return {"scheme": "https", "tls_config": said, **{key: given[key] for key in ("basic_auth",) if key in given}}

    def _name_of(self, tls: TlsServer, client: TlsClient) -> dict[str, str]:
        """``server_name``, where the address is none of the certificate's names."""
        try:
            shown = _handshake(server_context(tls), _context(tls, client))
        except (OSError, ValueError) as error:
            raise ExporterRefusesError(
                f"TLS with the exporter is not agreed upon: {_words(error)}; see {_NAME_THEM}"
            ) from error
        names = [str(name) for kind, name in shown.get("subjectAltName", ()) if kind in ("DNS", "IP Address")]
        if not names:
            raise ExporterRefusesError(
                f"{tls.cert_file or self.server_file}: the certificate names no host, and Prometheus takes none such; "
                "make it anew with subjectAltName=DNS:localhost,IP:127.0.0.1"
            )
        return {} if self.host.strip("[]") in names else {"server_name": names[0].replace("*", "pantau")}

    def _read(self) -> tuple[WebConfig, HttpConfig]:
        try:
            server = WebConfig() if self.server_file is None else read_web_config(self.server_file)
            client = HttpConfig() if self.client_file is None else read_http_config(self.client_file)
        except ConfigurationError as error:
            raise ExporterRefusesError(str(error)) from error
        return server, client

    def _unanswered(self, error: Exception, wire: Wire) -> ExporterSilentError | ExporterRefusesError:
        place = f"{self.host}:{self.port}"
        if (refused := _tls_error(error)) is not None:
            return ExporterRefusesError(
                f"TLS with the exporter at {place} is not agreed upon: {_words(refused)}; see {_NAME_THEM}"
            )
        broken = isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError)
        if wire.certificate and broken and not isinstance(error, aiohttp.ClientConnectorError):
            # TLS 1.3 tells who was refused only after its handshake, and asyncio not at all.
            return ExporterRefusesError(
                f"the exporter at {place} takes {wire.certificate} not for a certificate of its client_ca_file, or it "
                f"is out of date; correct {_NAME_THEM}"
            )
        if isinstance(error, aiohttp.ClientConnectorError | TimeoutError):
            return ExporterSilentError(f"no exporter answers at {place}")
        return ExporterSilentError(
            f"what listens at {place} does not answer as pantau.yml says; "
            "is it started with --web.config.file? name that file in web.web_config_file"
        )


def client_of(settings: Web, folder: Path, listen: Listen) -> ExporterClient:
    """A client of the exporter that `settings` describe, whose files lie in `folder`, at the place it listens on."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - listening there was the operator's choice
    host = everywhere.get(listen.host, f"[{listen.host}]" if ":" in listen.host else listen.host)
    server = None if settings.config_file is None else folder / settings.config_file
    client = None if settings.http_config_file is None else folder / settings.http_config_file
    return ExporterClient(host, listen.port, server, client)


def _headers(server: WebConfig, auth: BasicAuth | None, file: Path | None) -> Mapping[str, str]:
    """Name and password, if any. One sentence where they are wanted and not known."""
    if server.basic_auth_users and auth is None:
        raise ExporterRefusesError(
            f"the exporter asks for a password (basic_auth_users in {file}) and none is known here; name a file with "
            f"basic_auth: {{username: {next(iter(server.basic_auth_users))}, password_file: ...}} as {_NAME_THEM}"
        )
    if auth is None:
        return {}
    if server.basic_auth_users and auth.username not in server.basic_auth_users:
        raise ExporterRefusesError(f"{auth.username!r} is none of basic_auth_users in {file}; correct {_NAME_THEM}")
    password = auth.password or ""
    if auth.password_file:
        try:
            password = Path(auth.password_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ExporterRefusesError(f"{auth.password_file}: {_words(error)}; correct {_NAME_THEM}") from error
    pair = base64.b64encode(f"{auth.username}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _context(tls: TlsServer, client: TlsClient) -> ssl.SSLContext:
    if tls.client_auth_type == "RequireAndVerifyClientCert" and not client.cert_file:
        raise ExporterRefusesError(
            "the exporter asks for a client's certificate and none is known here; name a file with tls_config: "
            f"{{cert_file: ..., key_file: ...}} as {_NAME_THEM}"
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # a certificate may stand for itself
    try:
        own = tls.cert or Path(str(tls.cert_file)).read_text(encoding="ascii")
        context.check_hostname = False
        context.load_verify_locations(
            cadata=own.partition(_END)[0] + _END
        )  # not its chain: that vouches for others too
    except (OSError, ValueError) as error:
        if not client.ca_file:
            raise ExporterRefusesError(
                f"{tls.cert_file}: {_words(error)}; or give tls_config.ca_file in {_NAME_THEM}"
            ) from error
        context.check_hostname = True
        _load(client.ca_file, lambda: context.load_verify_locations(client.ca_file))
    if client.cert_file:
        _load(client.cert_file, lambda: context.load_cert_chain(str(client.cert_file), client.key_file, password=""))
    return context


def _load(file: str, load: Callable[[], None]) -> None:
    try:
        load()
    except (OSError, ValueError) as error:
        raise ExporterRefusesError(f"{file}: {_words(error)}; correct {_NAME_THEM}") from error


def _handshake(server: ssl.SSLContext, client: ssl.SSLContext) -> Mapping[str, Any]:
    """Shake hands in memory; the server's certificate, as the client verified it. Raises `ssl.SSLError`."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    here = client.wrap_bio(down, up, server_hostname="localhost")
    there = server.wrap_bio(up, down, server_side=True)
    for _ in range(_STEPS):
        for side in (here, there):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
    return here.getpeercert() or {}


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    """The TLS error behind an error of the HTTP library, if there is one."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return error
        inner = getattr(error, "os_error", None) or getattr(error, "certificate_error", None)
        error = inner if isinstance(inner, BaseException) else error.__cause__ or error.__context__
    return None


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (error.reason or str(error)).lower().replace("_", " ")
    return getattr(error, "strerror", None) or str(error)
