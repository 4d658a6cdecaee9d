"""How anybody here asks Prometheus, or a program that answers like it: one client, one set of limits and failures.

`connection` speaks HTTP, `client` the API, `answers` reads what it says, `errors` names what may go wrong. A caller
turns a `PrometheusError` into its own error where it has a cure of its own to tell. Nothing here knows of hotspots.
"""

from pantau.prometheus.answers import Sample, SampleSeries, samples_of
from pantau.prometheus.client import PrometheusClient, decoded
from pantau.prometheus.connection import Connection, short
from pantau.prometheus.errors import Failure, PrometheusError

__all__ = [
    "Connection",
    "Failure",
    "PrometheusClient",
    "PrometheusError",
    "Sample",
    "SampleSeries",
    "decoded",
    "samples_of",
    "short",
]
