"""Servers that are gone, slow, wrong, partial or hostile: one sentence with the cure, never a number."""

import base64
import json
import socket
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from pantau.errors import WitnessError
from pantau.reports.witness.prometheus import Server
from tests.pantau.prometheus.answering import Answer, answering


def asked(url: str, seconds: float = 5.0) -> Any:
    """One question to the server at `url`."""
    with Server(url, seconds) as server:
        return server.over("up", 0, 60, 30)


def matrix(*series: tuple[object, object], **more: object) -> bytes:
    """An answer as Prometheus gives it."""
    result = [{"metric": {"hotspot": name}, "values": values} for name, values in series]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}, **more}).encode()


def test_an_answer_is_read() -> None:
    """The query goes as a form to the API's path."""
    questions = []

    def answer(asked: dict[str, str], handler: BaseHTTPRequestHandler) -> Answer:
        questions.append((handler.path, asked))
        return 200, matrix(("A", [[0, "1"], [30, "2.5"]]), ("B", []))

    with answering(answer) as url:
        assert asked(f"{url}/select/0/prometheus/") == {"A": {0: 1.0, 30: 2.5}, "B": {}}
    assert questions == [
        (
            "/select/0/prometheus/api/v1/query_range",
            {"query": "up", "start": "0", "end": "60", "step": "30", "nocache": "1"},
        )
    ]


def test_user_and_password_are_sent_and_never_shown() -> None:
    """They appear neither in the server's name nor in errors."""

    def answer(_: dict[str, str], handler: BaseHTTPRequestHandler) -> Answer:
        assert handler.headers["Authorization"] == "Basic " + base64.b64encode(b"ani:p@ss").decode()
        return 401, b""

    with answering(answer) as url:
        place = url.removeprefix("http://")
        with pytest.raises(WitnessError) as caught:
            asked(f"http://ani:p%40ss@{place}")
    assert str(caught.value) == f"http://{place} does not let us in (401); give http://USER:PASSWORD@HOST:PORT"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((200, b"<html>Grafana</html>"), r"not answer as Prometheus does \(200\); give the address of its HTTP API"),
        ((200, b"["), "does not answer as Prometheus does"),
        ((200, b"[" * 100_000), "does not answer as Prometheus does"),
        ((200, b"null"), "does not answer as Prometheus does"),
        ((200, b'{"status":"success"}'), "does not answer as Prometheus does"),
        ((200, b'{"status":"success","data":{"resultType":"vector","result":[]}}'), "does not answer as Prometheus"),
        ((200, matrix(("A", [[0, "NaN"]]))), "does not answer as Prometheus does"),
        ((200, matrix(("A", [[0, "-1"]]))), "does not answer as Prometheus does"),
        ((200, matrix(("A", [[0, "1"], [90, "1"]]))), "does not answer as Prometheus does"),
        ((200, matrix(("A", [[0]]))), "does not answer as Prometheus does"),
        ((200, matrix(("A", []), ("A", []))), "does not answer as Prometheus does"),
        ((200, matrix((None, []))), "does not answer as Prometheus does"),
        ((200, matrix(warnings=["remote read failed"])), r"not whole \(\['remote read failed'\]\); mend its storage"),
        ((200, matrix(isPartial=True)), r"not whole \(isPartial\)"),
        (
            (422, b'{"status":"error","error":"query processing would load too many samples"}'),
            r"refuses the question \(422\): query processing would load too many samples",
        ),
        ((503, b'{"status":"error","error":"' + b"x" * 5000 + b'"}'), r"\(503\): x{200}…$"),
        ((500, b'{"status":"error","error":"a\\u001b[31mb"}'), r"\(500\): a \[31mb$"),
        ((302, b""), r"sends us elsewhere \(302\)"),
        ((404, b"no"), r"does not answer as Prometheus does \(404\)"),
        (None, "breaks off; look at its log"),
    ],
)
def test_a_wrong_answer_is_said_in_one_sentence(answer: Answer | None, sentence: str) -> None:
    """With the server's name and what to do."""
    with answering(lambda *_: answer) as url, pytest.raises(WitnessError, match=sentence) as caught:
        asked(url)
    assert str(caught.value).startswith(url)
    assert "\n" not in str(caught.value)


def test_a_server_that_trickles_is_left() -> None:
    """An answer that comes byte by byte runs into the deadline."""

    def answer(_: dict[str, str], handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        for _byte in range(40):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02)

    with answering(answer) as url, pytest.raises(WitnessError, match=r"does not answer within 0.2 s; ask when"):
        asked(url, seconds=0.2)


def test_a_server_that_says_nothing_is_left() -> None:
    """A connection without an answer times out."""
    silent = pytest.raises(WitnessError, match=r"does not answer within 0.1 s")
    with socket.create_server(("127.0.0.1", 0)) as listening, silent:
        asked(f"http://127.0.0.1:{listening.getsockname()[1]}", seconds=0.1)


def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading stops at the size limit."""
    monkeypatch.setattr("pantau.reports.witness.prometheus._LARGEST_BYTES", 1_000_000)
    too_much = pytest.raises(WitnessError, match="sends more than 1 MB for one question; is it Prometheus")
    with answering(lambda *_: (200, b" " * 3_000_000)) as url, too_much:
        asked(url)


def test_a_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    """A query on a closed keep-alive connection is repeated once."""
    answers = iter([(200, matrix()), None, (200, matrix(("A", [[0, "1"]])))])
    with answering(lambda *_: next(answers)) as url, Server(url) as server:
        assert server.over("up", 0, 60, 30) == {}
        assert server.over("up", 0, 60, 30) == {"A": {0: 1.0}}


@pytest.mark.parametrize(
    "url", ["", "prometheus", "ftp://x", "http://", "http://a b", "http://x:99999999", "http://[x"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """Invalid URLs are refused before anything is sent."""
    with pytest.raises(WitnessError, match=r"is no address of a Prometheus; write it as http://HOST:9090$"):
        Server(url)


def test_a_port_where_nobody_listens() -> None:
    """Refused connections and unknown hosts are errors with their cure."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(WitnessError, match=r"cannot be asked \(Connection refused\); is it running"):
        asked(f"http://127.0.0.1:{port}")
    with pytest.raises(WitnessError, match="cannot be asked"):
        asked("http://prometheus.invalid:9090")
