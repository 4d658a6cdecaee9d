"""The API of Prometheus: samples, series and rules; every other answer is a failure with its name."""

import json
import math
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from pantau.prometheus import Failure, PrometheusClient, PrometheusError, Sample, SampleSeries
from tests.pantau.prometheus.answering import Answer, answering


def success(data: object, **more: object) -> Answer:
    """An answer as Prometheus gives it."""
    return 200, json.dumps({"status": "success", "data": data, **more}).encode()


VECTOR = success({"resultType": "vector", "result": [{"metric": {"isp": "a"}, "value": [1.5, "NaN"]}]})


def test_a_vector_is_samples() -> None:
    """NaN and infinities are values like others; the time is asked for to the millisecond."""
    asked = []

    def answer(form: dict[str, str], handler: BaseHTTPRequestHandler) -> Answer:
        asked.append((handler.path, form))
        return VECTOR

    with answering(answer) as url, PrometheusClient(url) as client:
        (sample,) = client.query("up", 12.0625)
        client.query("up")
    assert sample.labels == {"isp": "a"}
    assert math.isnan(sample.value)
    assert asked == [("/api/v1/query", {"query": "up", "time": "12.062"}), ("/api/v1/query", {"query": "up"})]


def test_a_scalar_is_one_sample_without_labels() -> None:
    """`time()` answers one."""
    scalar = success({"resultType": "scalar", "result": [1, "+Inf"]})
    with answering(lambda *_: scalar) as url, PrometheusClient(url) as client:
        assert client.query("1") == [Sample({}, math.inf)]


def test_a_range_is_series() -> None:
    """Both ends included, by the step; whole seconds are sent without a point."""
    asked = []

    def answer(form: dict[str, str], _: Any) -> Answer:
        asked.append(form)
        return success({"resultType": "matrix", "result": [{"metric": {}, "values": [[0, "1"], [2.5, "2"]]}]})

    with answering(answer) as url, PrometheusClient(url) as client:
        assert client.query_range("up", 0, 5, 2.5) == [SampleSeries({}, ((0.0, 1.0), (2.5, 2.0)))]
    assert asked == [{"query": "up", "start": "0", "end": "5", "step": "2.500", "nocache": "1"}]


def test_an_endpoint_without_parameters() -> None:
    """Such as that of the rules."""
    paths = []

    def answer(_: dict[str, str], handler: BaseHTTPRequestHandler) -> Answer:
        paths.append((handler.command, handler.path))
        return success({"groups": []})

    with answering(answer) as url, PrometheusClient(url) as client:
        assert client.get("rules") == {"groups": []}
    assert paths == [("GET", "/api/v1/rules")]


@pytest.mark.parametrize(
    ("answer", "failure", "detail", "status"),
    [
        ((301, b""), Failure.REDIRECTED, "", 301),
        ((401, b""), Failure.DENIED, "", 401),
        ((403, b'{"error": "no"}'), Failure.DENIED, "", 403),
        ((422, b'{"status": "error", "error": "too\\nmany"}'), Failure.REFUSED, "too many", 422),
        ((200, b'{"status": "error"}'), Failure.OTHER_PROGRAM, "", 200),
        ((200, b"[" * 100_000), Failure.OTHER_PROGRAM, "", 200),
        ((404, b"<html>"), Failure.OTHER_PROGRAM, "", 404),
        ((200, b'{"status": "success"}'), Failure.OTHER_SHAPE, "", None),
        (success({"resultType": "matrix", "result": []}), Failure.OTHER_SHAPE, "", None),
        (success({"resultType": "vector", "result": [{"metric": {}}]}), Failure.OTHER_SHAPE, "", None),
        (success(None), Failure.OTHER_SHAPE, "", None),
        (success({}, warnings=["gone"]), Failure.PARTIAL, "['gone']", None),
        (success({}, isPartial=True), Failure.PARTIAL, "isPartial", None),
    ],
)
def test_any_other_answer_is_a_failure(answer: Answer, failure: Failure, detail: str, status: int | None) -> None:
    """With what the server said, and its status where that is what tells."""
    with answering(lambda *_: answer) as url, PrometheusClient(url) as client:
        with pytest.raises(PrometheusError) as caught:
            client.query("up")
        error = caught.value
        assert (error.failure, error.detail, error.status, error.server) == (failure, detail, status, client.name)


def test_a_partial_answer_is_taken_by_who_accepts_it() -> None:
    """What only looks at it may."""
    partial = success({"resultType": "vector", "result": []}, warnings=["gone"])
    with answering(lambda *_: partial) as url, PrometheusClient(url, accept_partial=True) as client:
        assert client.query("up") == []


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_is_one_sentence_with_the_server(failure: Failure) -> None:
    """Its placeholders are filled, and a cure follows."""
    text = str(PrometheusError(failure, "http://p:9090", "this", 500))
    assert "http://p:9090" in text
    assert "{" not in text
    assert ";" in text or failure is Failure.REFUSED
