"""What Prometheus answers, as values: an instant vector as samples, a range as series. Pure: it asks nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Sample:
    """One series at one moment."""

    labels: Mapping[str, str]
    value: float
    """NaN and infinities as they are."""


@dataclass(frozen=True, slots=True)
class SampleSeries:
    """One series over time."""

    labels: Mapping[str, str]
    points: tuple[tuple[float, float], ...]
    """Time (Unix seconds) and value, ascending."""


def samples_of(data: Mapping[str, Any]) -> list[Sample]:
    """Of the `data` of an answer to `query`: a vector's samples; a scalar as one without labels.

    Raises `LookupError`, `TypeError` or `ValueError` if it has another shape.
    """
    if data["resultType"] == "scalar":
        return [Sample({}, float(data["result"][1]))]
    if data["resultType"] != "vector":
        raise ValueError(f"{data['resultType']} is neither a vector nor a scalar")
    return [Sample(one["metric"], float(one["value"][1])) for one in data["result"]]


def series_of(data: Mapping[str, Any]) -> list[SampleSeries]:
    """Of the `data` of an answer to `query_range`. Raises as `samples_of` does."""
    if data["resultType"] != "matrix":
        raise ValueError(f"{data['resultType']} is no matrix")
    return [
        SampleSeries(one["metric"], tuple((float(at), float(value)) for at, value in one["values"]))
        for one in data["result"]
    ]
