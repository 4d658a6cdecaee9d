"""One server over HTTP: its name, its limits, what happens when it goes, and how a question is ended."""

import socket
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from pantau.prometheus import Connection, Failure, PrometheusError, short
from tests.pantau.prometheus.answering import answering
from tests.patience import PATIENCE_SECONDS


def failure_of(connection: Connection, **more: Any) -> PrometheusError:
    """How a question fails."""
    with connection, pytest.raises(PrometheusError) as caught:
        connection.exchange("GET", "/x", **more)
    return caught.value


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://prometheus:9090", "http://prometheus:9090"),
        ("http://prometheus:9090/", "http://prometheus:9090"),
        ("https://user:secret@example.org/prom/", "https://example.org/prom"),
        ("http://[::1]:9090", "http://[::1]:9090"),
    ],
)
def test_its_name_is_its_url_without_password(url: str, name: str) -> None:
    """As it stands in messages and reports."""
    assert Connection(url, 1.0).name == name


@pytest.mark.parametrize("url", ["", "prometheus", "ftp://x", "http://", "http://a b", "http://x:99999999"])
def test_what_is_no_url_is_refused(url: str) -> None:
    """Before anything is sent."""
    with pytest.raises(PrometheusError) as caught:
        Connection(url, 1.0)
    assert caught.value.failure is Failure.NO_ADDRESS


def test_a_password_is_not_shown_where_the_url_is_refused() -> None:
    """The message has what follows it."""
    with pytest.raises(PrometheusError, match=r"^'x:99999999' is no address"):
        Connection("http://user:secret@x:99999999", 1.0)


def test_status_and_body_are_given_as_they_came() -> None:
    """Whatever the status, below the path of the URL; the connection is kept for the next question."""
    paths = []

    def answer(_: dict[str, str], handler: BaseHTTPRequestHandler) -> tuple[int, bytes]:
        paths.append((handler.path, handler.client_address))
        return 404, b"nothing"

    with answering(answer) as url, Connection(f"{url}/prom/", 5.0) as connection:
        assert [connection.exchange("GET", "/x") for _ in range(2)] == [(404, b"nothing")] * 2
    assert [path for path, _ in paths] == ["/prom/x"] * 2
    assert len({client for _, client in paths}) == 1


def test_a_repeatable_question_is_sent_twice_and_another_once() -> None:
    """A server may close a kept connection; what is written twice may be there twice."""
    calls = []

    def answer(*_: object) -> None:
        calls.append(1)

    with answering(answer) as url:
        assert failure_of(Connection(url, 5.0)).failure is Failure.BROKEN_OFF
        assert len(calls) == 2
        assert failure_of(Connection(url, 5.0), repeatable=False).failure is Failure.BROKEN_OFF
    assert len(calls) == 3


def test_nobody_listening() -> None:
    """The system's reason is kept."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    error = failure_of(Connection(f"http://127.0.0.1:{port}", 1.0))
    assert (error.failure, error.detail) == (Failure.UNREACHABLE, "Connection refused")


def test_an_answer_larger_than_the_limit_is_cut_off() -> None:
    """The limit is the error's detail, in MB."""
    with answering(lambda *_: (200, b" " * 3_000_000)) as url:
        error = failure_of(Connection(url, 5.0, 1_000_000))
    assert (error.failure, error.detail) == (Failure.TOO_LARGE, "1")


def test_the_limit_of_time_counts_from_the_question_to_the_last_byte() -> None:
    """Here the clock says that the answer, which came at once, took 3 s."""
    times = iter([10.0, 13.0])
    with answering(lambda *_: (200, b"{}")) as url:
        error = failure_of(Connection(url, 2.0, clock=lambda: next(times)))
    assert (error.failure, error.detail) == (Failure.SLOW, "2")


def test_another_thread_ends_a_question() -> None:
    """`abort` wakes who waits for an answer, asks no second time, and harms nothing where nobody asks."""
    asked, over = threading.Event(), threading.Event()

    def answer(*_: object) -> tuple[int, bytes]:
        asked.set()
        over.wait()
        return 200, b""

    with answering(answer) as url, Connection(url, 60.0) as connection:
        failures: list[PrometheusError] = []

        def ask() -> None:
            try:
                connection.exchange("GET", "/x")
            except PrometheusError as error:
                failures.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        assert asked.wait(PATIENCE_SECONDS)
        connection.abort()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()
        over.set()
        connection.abort()
    assert [one.failure for one in failures] == [Failure.BROKEN_OFF]


def test_what_a_server_says_is_shown_on_one_short_line() -> None:
    """No escape sequence reaches the terminal."""
    assert short("a\x1b[31mb\nc") == "a [31mb c"
    assert short("x" * 201) == "x" * 200 + "…"
