"""The HTTP API of Prometheus (`/api/v1/`), or of a server that answers like it.

What comes back is believed only as far as it has the shape that was asked for: a wrong, partial or endless answer is a
`PrometheusError`, never a number.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from pantau.prometheus.answers import Sample, SampleSeries, samples_of, series_of
from pantau.prometheus.connection import LARGEST_BYTES, Connection, short
from pantau.prometheus.errors import Failure, PrometheusError

SECONDS = 120.0
"""What one answer may take."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}

Read = TypeVar("Read")


class PrometheusClient:
    """Asks one server, one question after the other. A context manager. Every method raises `PrometheusError`."""

    def __init__(
        self,
        url: str,
        seconds: float = SECONDS,
        *,
        largest_bytes: int = LARGEST_BYTES,
        accept_partial: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """With `accept_partial` an answer is taken that says that it is not whole, or with warnings."""
        self.connection = Connection(url, seconds, largest_bytes, clock)
        """For what is no question to the API, such as `/metrics`."""
        self._accept_partial = accept_partial

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()

    @property
    def name(self) -> str:
        """Its URL without user and password."""
        return self.connection.name

    def query(self, expression: str, at_seconds: float | None = None) -> list[Sample]:
        """The instant vector of an expression, now or at a Unix time; a scalar is one sample without labels."""
        asked = {"query": expression} | ({} if at_seconds is None else {"time": f"{at_seconds:.3f}"})
        return self._read(samples_of, self.post("query", asked))

    def query_range(
        self, expression: str, start_seconds: float, end_seconds: float, step_seconds: float
    ) -> list[SampleSeries]:
        """The values of an expression from step to step, both ends (Unix time) included."""
        asked = {
            "query": expression,
            "start": _decimal(start_seconds),
            "end": _decimal(end_seconds),
            "step": _decimal(step_seconds),
            "nocache": "1",  # VictoriaMetrics moves the times to where its cache has answers
        }
        return self._read(series_of, self.post("query_range", asked))

    def get(self, endpoint: str) -> Any:
        """`data` of what an endpoint without parameters answers, such as ``rules`` or ``targets``."""
        return self._data(*self.connection.exchange("GET", f"/api/v1/{endpoint}", headers=_FORM))

    def post(self, endpoint: str, parameters: Mapping[str, str]) -> Any:
        """`data` of what an endpoint answers to these parameters: as a form, for an expression may outgrow a URL."""
        return self._data(*self.connection.exchange("POST", f"/api/v1/{endpoint}", urlencode(parameters), _FORM))

    def other_shape(self) -> PrometheusError:
        """The error of a caller that finds less in an answer than it has asked for."""
        return self.connection.error(Failure.OTHER_SHAPE)

    def _data(self, status: int, text: bytes) -> Any:
        answer = decoded(text)
        error = self.connection.error
        if status == 200 and isinstance(answer, dict) and answer.get("status") == "success":
            if not self._accept_partial and (answer.get("warnings") or answer.get("isPartial")):
                raise error(Failure.PARTIAL, short(answer.get("warnings") or "isPartial"))
            if "data" not in answer:
                raise error(Failure.OTHER_SHAPE)
            return answer["data"]
        if 300 <= status < 400:
            raise error(Failure.REDIRECTED, status=status)
        if status in (401, 403):
            raise error(Failure.DENIED, status=status)
        if isinstance(answer, dict) and answer.get("error"):
            raise error(Failure.REFUSED, short(answer["error"]), status)
        raise error(Failure.OTHER_PROGRAM, status=status)

    def _read(self, reading: Callable[[Any], Read], data: Any) -> Read:
        try:
            return reading(data)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise self.connection.error(Failure.OTHER_SHAPE) from error


def decoded(text: bytes) -> Any:
    """The JSON in `text`; `None` if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _decimal(seconds: float) -> str:
    """Whole seconds without a point, others to the millisecond, as finely as Prometheus counts."""
    return str(round(seconds)) if seconds == round(seconds) else f"{seconds:.3f}"
