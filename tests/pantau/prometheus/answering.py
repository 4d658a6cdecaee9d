"""A server that answers what a test says, over real sockets."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

Answer = tuple[int, bytes]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: the second would wait for the first's acknowledgement
    answer: Callable[[dict[str, str], "_Handler"], Answer | None]

    def do_GET(self) -> None:
        """Answer a question without parameters."""
        self._answer("")

    def do_POST(self) -> None:
        """Answer a form."""
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, form: str) -> None:
        """Answer, or do what the test does instead."""
        asked = {name: values[0] for name, values in parse_qs(form).items()}
        answer = type(self).answer(asked, self)
        if answer is None:
            self.close_connection = True
            return
        status, body = answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Quietly."""


@contextmanager
def answering(answer: Callable[[dict[str, str], _Handler], Answer | None]) -> Iterator[str]:
    """The URL of a server that answers each question as `answer` says; with None it breaks off."""
    handler = type("Handler", (_Handler,), {"answer": staticmethod(answer)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
