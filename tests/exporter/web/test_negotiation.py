"""Format and encoding are those that the client asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.web.negotiation import accepts_gzip, wants_openmetrics

PROMETHEUS_2 = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"  # noqa: E501
PROMETHEUS_3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"  # noqa: E501
PROTOBUF_FIRST = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"  # noqa: E501


@pytest.mark.parametrize(
    ("accept", "openmetrics"),
    [
        ("", False),
        ("*/*", False),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("text/plain", False),
        (PROMETHEUS_2, True),
        (PROMETHEUS_3, True),
        (PROTOBUF_FIRST, True),
        ("application/openmetrics-text", True),
        ("Application/OpenMetrics-Text; Version=1.0.0", True),
        ('application/openmetrics-text; version="1.0.0"', True),
        ("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4", True),
        ("application/openmetrics-text;version=1.0.0;q=0.2,text/plain;version=0.0.4;q=0.5", False),
        ("text/plain;q=0.5,application/openmetrics-text;q=0.50", True),
        ("application/openmetrics-text;q=0", False),
        ("application/openmetrics-text;q=0.000,*/*;q=0", False),
        ("application/openmetrics-text;version=0.0.1", False),
        ("application/openmetrics-text;version=2.0.0", False),
        ("application/openmetrics-text;q=much", False),
        ("application/openmetrics-text;q=9", False),
        (";;;,,,q=1", False),
    ],
)
def test_format(accept: str, openmetrics: bool) -> None:
    """OpenMetrics where it is acceptable and not less welcome than text."""
    assert wants_openmetrics(accept) is openmetrics


@pytest.mark.parametrize(
    ("accept_encoding", "gzip"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("gzip, deflate, br", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("gzip;q=0.001", True),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("gzip;q=1, *;q=0", True),
        ("identity", False),
        ("x-gzipped", False),
        ("gzip;q=nan", False),
    ],
)
def test_encoding(accept_encoding: str, gzip: bool) -> None:
    """Gzip where it is named or covered by a star, and never where it is refused."""
    assert accepts_gzip(accept_encoding) is gzip


@given(st.text())
def test_no_header_is_an_error(header: str) -> None:
    """Whatever a client sends, it is answered."""
    assert wants_openmetrics(header) in (True, False)
    assert accepts_gzip(header) in (True, False)
