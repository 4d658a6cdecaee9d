"""What the comparison asks the second witness: values by hotspot, from Prometheus or a server that answers like it.

What comes back is believed only as far as it has the shape that was asked for: a wrong, partial or endless answer is a
`WitnessError` with its cure, never a number.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Self

from pantau.errors import WitnessError
from pantau.prometheus import PrometheusClient, PrometheusError, SampleSeries

_SECONDS = 120.0
"""What one answer may take."""
_LARGEST_BYTES = 256_000_000

Values = dict[str, dict[int, float]]
"""Of each hotspot the value at each time (Unix seconds) at which there is one."""


class Server:
    """One server, asked one question after the other. A context manager. Every method raises `WitnessError`."""

    def __init__(self, url: str, seconds: float = _SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        try:
            self._client = PrometheusClient(url, seconds, largest_bytes=_LARGEST_BYTES, clock=clock)
        except PrometheusError as error:
            raise WitnessError(str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def name(self) -> str:
        """Its URL without user and password."""
        return self._client.name

    def over(self, expression: str, start: int, end: int, step: int) -> Values:
        """The values of `expression` from `start` to `end`, both included, every `step` seconds, by hotspot."""
        try:
            found = self._client.query_range(expression, start, end, step)
            try:
                return dict(_by_hotspot(found, start, end))
            except (LookupError, ValueError, OverflowError) as error:
                raise self._client.other_shape() from error
        except PrometheusError as error:
            raise WitnessError(str(error)) from error


def _by_hotspot(found: Iterable[SampleSeries], start: int, end: int) -> Iterator[tuple[str, dict[int, float]]]:
    seen: set[str] = set()
    for one in found:
        hotspot = one.labels["hotspot"]
        if not isinstance(hotspot, str) or hotspot in seen:
            raise ValueError(hotspot)
        seen.add(hotspot)
        yield hotspot, dict(_value(at, value, start, end) for at, value in one.points)


def _value(at: float, value: float, start: int, end: int) -> tuple[int, float]:
    second = round(at)
    if not (start <= second <= end and math.isfinite(value) and value >= 0):
        raise ValueError(f"{at}: {value}")
    return second, value
