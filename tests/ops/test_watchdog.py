"""The outside watchdog (deploy/watchdog): when it pages, whom it believes, and what hostile hands can make it do."""

import contextlib
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.rules.checking import ROOT

FOLDER = ROOT / "deploy" / "watchdog"
TOKEN = "made-up-token-of-24-letters"
BEAT = {"alerts": [{"status": "firing", "labels": {"alertname": "Watchdog"}, "annotations": {}}]}


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Its modules, which stand outside of every package: it is copied as a folder."""
    monkeypatch.syspath_prepend(FOLDER)
    yield import_module
    for name in ("watch", "ways", "door"):
        sys.modules.pop(name, None)


def settings(folder: Path, more: str = "", ways: str = "") -> Path:
    """A settings file; by default one way, a command that writes down what it is told."""
    (folder / "token").write_text(f"{TOKEN}\n", "utf-8")
    told = folder / "told.sh"
    told.write_text(f'#!/bin/sh\n(echo "to $1"; cat; echo) >> {folder}/told\n', "utf-8")
    told.chmod(0o755)
    ways = ways or f"[page.sms]\nkind = command\nto = +62811\nrun = {told}\n"
    file = folder / "pantau-watchdog.ini"
    head = f"[watchdog]\nname = Kota\nlisten = 127.0.0.1:0\ntoken_file = {folder}/token\nstate = {folder}/state\n"
    file.write_text(f"{head}{more}\n{ways}", "utf-8")
    return file


def made(modules: Any, folder: Path, more: str = "") -> tuple[Any, list[str], list[float]]:
    """A `Watch` with a clock that the test moves, and all that it has paged."""
    parser = ConfigParser(interpolation=None)
    parser.read(settings(folder, more), encoding="utf-8")
    clock, paged = [1000.0], list[str]()

    class Way:
        """Takes everything."""

        relay = True

        def send(self, text: str) -> str | None:
            paged.append(text)
            return None

    return modules("watch").Watch(parser["watchdog"], [Way()], lambda: clock[0]), paged, clock


def test_silence_is_paged_once_an_hour_and_its_end_is_told(modules: Any, tmp_path: Path) -> None:
    """After twelve minutes, again after an hour; with the first beat it is over, and everything begins anew."""
    watch, paged, clock = made(modules, tmp_path)
    clock[0] += 719
    watch.look()
    assert paged == []
    clock[0] += 1
    watch.look()
    watch.look()
    assert [text[:38] for text in paged] == ["PANTAU DIAM: 12 menit tanpa kabar dari"]
    clock[0] += 3600
    watch.look()
    assert len(paged) == 2
    clock[0] += 60
    watch.beat()
    assert paged[2].startswith("PANTAU KEMBALI: Kota terdengar lagi setelah 73 menit.")
    watch.beat()
    clock[0] += 720
    watch.look()
    assert len(paged) == 4
    assert (tmp_path / "state").exists()


def test_a_page_that_nobody_took_is_tried_each_minute(modules: Any, tmp_path: Path) -> None:
    """And that Pantau is silent is remembered only once somebody believes it."""
    watch, _, clock = made(modules, tmp_path)
    tries: list[str] = []

    def refuse(text: str) -> str:
        tries.append(text)
        return "sms: no credit"

    watch.ways[0].send = refuse
    clock[0] += 720
    for _ in range(120):
        watch.look()
        clock[0] += 1
    assert len(tries) == 2
    assert not (tmp_path / "state").exists()


def test_after_a_restart_the_end_of_a_silence_is_still_told(modules: Any, tmp_path: Path) -> None:
    """This server's own absence is no silence of Pantau's: it begins with the whole time."""
    first, _, clock = made(modules, tmp_path)
    clock[0] += 720
    first.look()
    again, paged, _ = made(modules, tmp_path)
    again.look()
    assert paged == []
    again.beat()
    assert paged[0].startswith("PANTAU KEMBALI")


def test_a_flood_of_pages_is_limited(modules: Any, tmp_path: Path) -> None:
    """Each may cost something."""
    watch, paged, clock = made(modules, tmp_path, "relayed_an_hour = 3")
    assert [watch.relay("x") for _ in range(4)] == [[], [], [], None]
    clock[0] += 3601
    assert watch.relay("y") == []
    assert len(paged) == 4


def test_texts_are_short_whatever_alertmanager_sends(modules: Any, tmp_path: Path) -> None:
    """Three short messages at most; the first alerts, and how many more."""
    door, (watch, paged, _) = modules("door"), made(modules, tmp_path)
    alert = {"status": "firing", "labels": {"alertname": "IspOutage"}, "annotations": {"what": "ISP A padam"}}
    assert door.worded(door.alerts_of(json.dumps({"alerts": [alert]}).encode())) == "GANGGUAN: ISP A padam"
    many = door.alerts_of(json.dumps({"alerts": [{**alert, "status": "resolved", "annotations": {}}] * 5}).encode())
    assert door.worded(many) == "SELESAI: IspOutage | IspOutage | IspOutage (+2)"
    watch.relay("x" * 10_000)
    assert len(paged[0]) == 480


class Running:
    """The program itself."""

    def __init__(self, file: Path) -> None:
        command = [sys.executable, "-B", str(FOLDER), str(file)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        listening = re.search(r"listening on 127\.0\.0\.1:(\d+)", self.process.stderr.readline())
        assert listening is not None
        self.port = int(listening[1])

    def close(self) -> None:
        """End it, as systemd would."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(5) == 0
        assert self.process.stderr is not None
        self.process.stderr.close()

    def ask(self, body: object, **options: Any) -> tuple[int, str]:
        """Status and text of an answer."""
        return asked(self.port, body, **options)


def asked(
    port: int, body: object, path: str = "/beat", token: str = TOKEN, method: str = "POST", **headers: str
) -> tuple[int, str]:
    """Status and text of an answer."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=15)) as connection:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, sent, {"Authorization": f"Bearer {token}", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """With a way that writes down."""
    folder = tmp_path_factory.mktemp("watchdog")
    running = Running(settings(folder))
    try:
        yield running, folder
    finally:
        running.close()


def test_whom_it_believes(running: tuple[Running, Path]) -> None:
    """The token, then the form; a beat is a Watchdog that fires, and a test is paged, once in ten seconds."""
    watchdog, folder = running
    assert watchdog.ask(BEAT) == (200, "heard")
    assert watchdog.ask(BEAT, token="wrong") == (401, "no")
    assert watchdog.ask({"alerts": [{"status": "resolved", "labels": {"alertname": "Watchdog"}}]}) == (200, "no beat")
    assert watchdog.ask({"alerts": [{"status": "firing", "labels": {"alertname": "Other"}}]}) == (200, "no beat")
    test = {"alerts": [{"status": "firing", "labels": {"alertname": "Watchdog", "test": "true"}}]}
    assert [watchdog.ask(test) for _ in range(2)] == [(200, "told"), (429, "one test in 10 s")]
    assert (folder / "told").read_text("utf-8").startswith("to +62811\nUJI COBA / TEST: penjaga luar Kota sampai")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 200_000, 400),
        (b'{"alerts": 5}', 400),
        (b'{"alerts": []}', 400),
        (b'{"alerts": [null]}', 400),
        (b'{"alerts": [{"status": "firing", "labels": {"alertname": ["Watchdog"]}}]}', 400),
        (b'{"alerts": [{"status": "firing", "labels": "Watchdog"}]}', 400),
        (b"\xff\xfe", 400),
        (b"x" * ((1 << 18) + 1), 413),
    ],
    ids=range(10),
)
def test_what_is_no_message_is_refused(running: tuple[Running, Path], body: bytes, status: int) -> None:
    """In one answer, and it goes on."""
    try:
        assert running[0].ask(body)[0] == status
    except (ConnectionResetError, BrokenPipeError):
        assert status == 413  # it did not wait for what it would not read
    assert running[0].ask(BEAT) == (200, "heard")


def test_other_methods_paths_and_lengths_do_nothing(running: tuple[Running, Path]) -> None:
    """Nothing is told about what is there."""
    watchdog, _ = running
    assert watchdog.ask(BEAT, path="/")[0] == 400
    assert watchdog.ask(b"", method="GET")[0] == 501
    assert watchdog.ask(BEAT, **{"Content-Length": "-5"})[0] == 400
    with contextlib.closing(socket.create_connection(("127.0.0.1", watchdog.port), 5)) as raw:
        raw.sendall(b"\x16\x03\x01\x00\x00 garbage\r\n\r\n")
        assert b"40" in raw.recv(200)


def test_idle_connections_shut_nobody_out_for_long(
    modules: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A peer has eight at a time, and none for longer than its seconds; then beats are heard again."""
    door = modules("door")
    monkeypatch.setattr(door, "CONNECTION_SECONDS", 0.5)
    watch, _, _ = made(modules, tmp_path)
    server = door.Door(("127.0.0.1", 0), watch, TOKEN, None)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    idle = [socket.create_connection(server.server_address, 5) for _ in range(40)]
    try:
        statuses = set[int]()
        deadline = time.monotonic() + 8
        while 200 not in statuses:
            assert time.monotonic() < deadline
            with contextlib.suppress(http.client.HTTPException, OSError):
                statuses.add(asked(server.server_address[1], BEAT)[0])
            time.sleep(0.1)
        assert statuses == {200}
    finally:
        for one in idle:
            one.close()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("more", "ways", "said"),
    [
        ("silence = 12", "", "'12' is no duration; write 90s, 12m or 1h"),
        ("", "[other]\n", "has no section [page.NAME]: nobody would be paged"),
        ("", "[page.x]\nkind = pigeon\n", "[page.x] kind: 'pigeon' is none of email, telegram, http, command"),
        ("", "[page.x]\nkind = http\nto = 1\nurl = http://h\n", "[page.x] body: is missing"),
        ("", "[page.x]\nkind = telegram\nto = 1\ntoken_file = /nowhere\n", "token_file: /nowhere: No such file"),
        ("token_file = /dev/null", "", "option 'token_file' in section 'watchdog' already exists"),
    ],
    ids=range(6),
)
def test_settings_that_cannot_be_used_are_one_sentence(more: str, ways: str, said: str, tmp_path: Path) -> None:
    """With the section, the key and the cure; status 2."""
    command = [sys.executable, "-B", str(FOLDER), str(settings(tmp_path, more, ways)), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_test_says_what_came_back(tmp_path: Path) -> None:
    """Status 0 where every way took it, 1 and the other end's words where one did not."""
    file = settings(tmp_path)
    command = [sys.executable, "-B", str(FOLDER), str(file), "--test"]
    good = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout) == (0, "taken by 1 of 1 ways\n")
    settings(tmp_path, ways="[page.sms]\nkind = command\nto = 1\nrun = /bin/false\n")
    bad = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (bad.returncode, bad.stdout) == (1, "sms: 1: status 1 \n")


def test_the_example_is_complete() -> None:
    """It is read as it stands, but for the secrets that it names."""
    parser = ConfigParser(interpolation=None)
    parser.read(FOLDER / "pantau-watchdog.ini", encoding="utf-8")
    assert {parser[name]["kind"] for name in parser.sections()[1:]} == {"email", "telegram", "http", "command"}
