"""Asks Alertmanager, now and then, which alerts are silenced, by whom and why: what the NOC has acknowledged.

Alertmanager may be away, slow or something else: that is told and changes nothing. The asking is done in a thread that
nobody waits for at a stop.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import structlog
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from exporter.background import Background, StillBusyError
from exporter.metrics.silenced import SilencedAlert
from pantau.prometheus import Connection, Failure, PrometheusError

LOOK_SECONDS = 15.0
"""A scrape hears of a silence within two of its rounds."""
_ANSWER_SECONDS = 5.0
_LARGEST_BYTES = 16_000_000
_MOST = 500
"""So many are told at most: a city in which more alerts are silenced has been silenced as a whole."""
_LONGEST_COMMENT = 120
_TICKET = re.compile(r"#\s?([A-Za-z0-9][\w./-]*\w|[A-Za-z0-9])")
_FORM = ConfigDict(frozen=True, extra="ignore")

log = structlog.get_logger(__name__)


class _Status(BaseModel):
    model_config = _FORM
    silenced_by: tuple[str, ...] = Field(alias="silencedBy")


class _Alert(BaseModel):
    model_config = _FORM
    labels: dict[str, str]
    status: _Status


class _Silence(BaseModel):
    model_config = _FORM
    id: str
    author: str = Field(alias="createdBy")
    comment: str
    starts: datetime = Field(alias="startsAt")


_ALERTS, _SILENCES = TypeAdapter(list[_Alert]), TypeAdapter(list[_Silence])


class Silences:
    """The silenced alerts of the Alertmanager at `url`; raises `PrometheusError` if that is no address."""

    def __init__(self, url: str, look_seconds: float = LOOK_SECONDS) -> None:
        Connection(url, _ANSWER_SECONDS).close()
        self._url = url
        self._look_seconds = look_seconds
        self._background: Background[tuple[SilencedAlert, ...]] = Background("silences")
        self._told = ""
        self.alertmanager_up = False
        self.silenced: Sequence[SilencedAlert] = ()
        """None while Alertmanager does not answer: who has taken up what is then not known."""

    async def run(self) -> None:
        """Ask, again and again. Ends when cancelled, and leaves a question that is under way to itself."""
        while True:
            await self.look()
            await asyncio.sleep(self._look_seconds)

    async def look(self) -> None:
        """Ask once."""
        try:
            self.silenced = await self._background.run(self._ask, 2 * _ANSWER_SECONDS)
        except PrometheusError as error:
            self._fail(str(error))
        except ValidationError as error:
            self._fail(f"{error.error_count()} fields of its answer are not as expected")
        except StillBusyError:
            self._fail("it has not answered the last question yet")
        except RuntimeError as error:  # no thread can be had now
            self._fail(str(error))
        else:
            self.alertmanager_up, self._told = True, ""

    def _fail(self, reason: str) -> None:
        self.silenced, self.alertmanager_up = (), False
        if reason != self._told:
            log.warning("Alertmanager cannot be asked who has acknowledged what; it is asked again", reason=reason)
        self._told = reason

    def _ask(self) -> tuple[SilencedAlert, ...]:
        with Connection(self._url, _ANSWER_SECONDS, _LARGEST_BYTES) as connection:
            alerts = _ALERTS.validate_json(_get(connection, "/api/v2/alerts?active=false"))
            silences = _SILENCES.validate_json(_get(connection, "/api/v2/silences"))
        return tuple(_silenced(alerts, {one.id: one for one in silences}))[:_MOST]


def ticket_of(comment: str) -> str:
    """The number behind the first # of a silence's comment: ``#1234``, ``#INC-12``; empty for none."""
    found = _TICKET.search(comment)
    return found[1] if found else ""


def _silenced(alerts: Sequence[_Alert], silences: Mapping[str, _Silence]) -> Iterator[SilencedAlert]:
    """Each alert once: of several silences the first that says why, else the first."""
    for alert in alerts:
        found = [silences[id_] for id_ in alert.status.silenced_by if id_ in silences]
        if not found:
            continue
        one = min(found, key=lambda silence: (not silence.comment.strip(), silence.starts))
        comment = " ".join(one.comment.split())[:_LONGEST_COMMENT]
        author = " ".join(one.author.split())[:_LONGEST_COMMENT]
        yield SilencedAlert(alert.labels, one.starts.timestamp(), author, comment, ticket_of(one.comment))


def _get(connection: Connection, path: str) -> bytes:
    status, body = connection.exchange("GET", path)
    if status != 200:
        raise connection.error(Failure.OTHER_PROGRAM, status=status)
    return body
