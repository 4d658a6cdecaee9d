"""A part that ends is started again; one that never was ready ends what it belongs to."""

import asyncio
import sys
from pathlib import Path

import aiohttp
import pytest
from rich.text import Text

from pantau.stack.errors import PartEndedError
from pantau.stack.parts import ProcessSpec
from pantau.stack.supervision import LONGEST_PAUSE_SECONDS, STEADY_SECONDS, Pauses, kept_running
from tests.patience import PATIENCE_SECONDS

SERVER = (
    "import http.server as h, os, sys\n"
    "class A(h.BaseHTTPRequestHandler):\n"
    "    def do_GET(self):\n"
    "        self.send_response(200); self.end_headers()\n"
    "        if self.path == '/die': print('my last words', flush=True); os._exit(3)\n"
    "h.HTTPServer(('127.0.0.1', int(sys.argv[1])), A).serve_forever()\n"
)


def part(*command: str, port: int) -> ProcessSpec:
    """A child that this Python runs."""
    return ProcessSpec("thing", (sys.executable, "-c", *command), f"http://127.0.0.1:{port}/", "ready", 2.0)


def test_pauses_grow_to_a_minute_and_begin_anew_after_a_steady_life() -> None:
    """Doubled each time; five minutes of life are a healthy one."""
    clock = [0.0]
    pauses = Pauses(lambda: clock[0])
    seen = []
    for _ in range(8):
        pauses.begin()
        seen.append(pauses.after_end())
    assert seen == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]
    pauses.begin()
    clock[0] += STEADY_SECONDS
    assert pauses.after_end() == 1


async def test_a_death_is_one_line_and_the_part_runs_again(tmp_path: Path, unused_tcp_port: int) -> None:
    """How it ended, when it is started again, its last words; then that it runs."""
    said: list[str] = []
    ended = asyncio.Event()

    def say(line: Text) -> None:
        said.append(line.plain)
        if "runs again" in line.plain:
            ended.set()

    thing = part(SERVER, str(unused_tcp_port), port=unused_tcp_port)
    async with aiohttp.ClientSession() as session:
        async with kept_running(thing, tmp_path, tmp_path / "log", session, say):
            async with session.get(thing.address + "die"):
                pass
            async with asyncio.timeout(PATIENCE_SECONDS):
                await ended.wait()
        with pytest.raises(aiohttp.ClientError):
            await session.get(thing.address)
    death, again = said
    assert death.startswith("✖ thing        ended with status 3; it is started again in 1s; its last words: ")
    assert again.startswith("✔ thing        runs again, ready after ")


async def test_what_never_was_ready_is_an_error(tmp_path: Path, unused_tcp_port: int) -> None:
    """With how it ended and what it said: a person has to mend that."""
    thing = part("print('no such setting'); raise SystemExit(2)", port=unused_tcp_port)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(ExceptionGroup) as caught:
            async with kept_running(thing, tmp_path, tmp_path / "log", session, print):
                pytest.fail("it was ready")
    (error,) = caught.value.exceptions
    assert isinstance(error, PartEndedError)
    assert (error.status, error.last_words) == (2, "no such setting")
    assert str(error).startswith("thing ended with status 2 before it was ready, and so the stack stops.")
