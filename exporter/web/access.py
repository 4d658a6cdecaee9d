"""The web configuration in force: TLS, users, headers, rate. Its files are looked at each second: they are renewed.

What cannot be used leaves the old in force and is told once: a certificate that is half written must lock nobody out.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping
from pathlib import Path

import structlog

from exporter.background import Background, StillBusyError
from exporter.listening.limits import Buckets
from exporter.listening.tls import names_of, server_context
from exporter.web.users import Users
from pantau.errors import ConfigurationError, Problem
from pantau.inventory.reading import Stamp, stamp_of
from pantau.inventory.web_config import WebConfig, read_web_config

_LOOK_SECONDS = 1.0
_READ_SECONDS = 10.0

log = structlog.get_logger(__name__)

Stamps = Mapping[Path, Stamp | int]
_Read = tuple[Stamps, WebConfig, ssl.SSLContext | None]


class WebAccess:
    """Who may ask and how it is spoken, by `file`; plain HTTP for everybody without one.

    Raises `ConfigurationError` where the file, or one that it names, cannot be used at the start.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self.users = Users()
        self.context: ssl.SSLContext | None = None
        self.config = WebConfig()
        self._rate: Buckets | None = None
        self._stamps: Stamps = {}
        self._problem = ""
        self.reload_success_timestamp_seconds: float | None = None
        """Unix time of the last load that succeeded; None where there is no file."""
        self._background: Background[_Read | None] = Background("web-config")
        if file is not None:
            self._take(*_read(file))

    @property
    def is_open(self) -> bool:
        """Whether a page of somebody else could be answered: nothing proves who asks, and nothing who answers."""
        return self.context is None and not self.users.hashes

    @property
    def reload_successful(self) -> bool:
        """Whether what the files say now is in force."""
        return not self._problem

    @property
    def headers(self) -> Mapping[str, str]:
        """Of each answer, beside our own; a blank one is left out."""
        return self.config.http_server_config.headers

    def allows(self, now: float) -> bool:
        """Whether the rate limit, if any, lets another request pass; it is counted."""
        return self._rate is None or self._rate.take("", now)

    def knows_client(self, certificate: Mapping[str, object] | None) -> bool:
        """Whether a client's verified certificate has one of the names that are let in; any, where none are named."""
        tls = self.config.tls_server_config
        allowed = () if tls is None else tls.client_allowed_sans
        return not allowed or not names_of(certificate).isdisjoint(allowed)

    async def look_after(self) -> None:
        """Take up files that have changed, until cancelled."""
        if self.file is None:
            return
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                found = await self._background.run(self._read_if_changed, _READ_SECONDS)
            except StillBusyError:
                self._tell(f"{self.file}: is not read within {_READ_SECONDS:g} s; does its disk answer?")
            except ConfigurationError as error:
                self._tell("; ".join(map(str, error.problems)))
            else:
                if found is not None:
                    self._take(*found)
                    log.info("web configuration loaded", file=str(self.file))

    def _read_if_changed(self) -> "_Read | None":
        if self.file is None or {file: stamp_of(file) for file in self._stamps} == self._stamps:
            return None
        return _read(self.file)

    def _take(self, stamps: Stamps, config: WebConfig, context: ssl.SSLContext | None) -> None:
        self._stamps, self._problem, self.context = stamps, "", context
        self.reload_success_timestamp_seconds = time.time()
        self.users.hashes = config.basic_auth_users
        limit = config.rate_limit
        if limit != self.config.rate_limit:
            self._rate = Buckets(1.0 / limit.interval, float(limit.burst)) if limit.interval else None
        self.config = config

    def _tell(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            log.error("web configuration is not usable, the old one stays", problem=problem)


def _read(file: Path) -> _Read:
    """The file and all that it names, and how they were just before they were read."""
    stamps: dict[Path, Stamp | int] = {file: stamp_of(file)}
    config = read_web_config(file)
    stamps |= {Path(name): stamp_of(Path(name)) for name in config.files}
    tls = config.tls_server_config
    try:
        return stamps, config, None if tls is None else server_context(tls)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else error
        message = f"certificate, key or authorities cannot be used ({said}); correct the files that it names"
        raise ConfigurationError([Problem(file, 0, "tls_server_config", message)]) from error
