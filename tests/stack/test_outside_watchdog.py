"""The outside watchdog behind a real Alertmanager: beats are heard, their end is paged, their return too."""

import json
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.ops.test_watchdog import TOKEN, Running, settings
from tests.programs import require_program
from tests.stack.running import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]


@contextmanager
def alertmanager(folder: Path, watchdog_port: int) -> Iterator[None]:
    """One that tells the watchdog each second that Watchdog fires, while the context lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    beat = {
        "url": f"http://127.0.0.1:{watchdog_port}/beat",
        "send_resolved": False,
        "http_config": {"authorization": {"credentials": TOKEN}},
    }
    route = {"receiver": "watchdog", "group_wait": "0s", "group_interval": "1s", "repeat_interval": "1s"}
    receivers = [{"name": "watchdog", "webhook_configs": [beat]}]
    file = folder / "alertmanager.yml"
    file.write_text(yaml.safe_dump({"route": route, "receivers": receivers}), "utf-8")
    command = [
        str(require_program("prometheus-alertmanager")),
        f"--config.file={file}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for(lambda: posted(port), 30, "Alertmanager to take the alert")
        yield
    finally:
        process.kill()
        process.wait()


def posted(port: int) -> bool:
    """Whether Alertmanager has taken the alert that always fires."""
    body = json.dumps([{"labels": {"alertname": "Watchdog"}}]).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v2/alerts", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own loopback
            return bool(answer.status == 200)
    except OSError:
        return False


def test_the_end_of_beats_is_paged_and_their_return_told(tmp_path: Path) -> None:
    """Alertmanager is killed, as by a loss of power; nothing of it is left to say so, and the watchdog does."""
    for name in ("outside", "inside"):
        (tmp_path / name).mkdir()
    told = tmp_path / "outside" / "told"
    watchdog = Running(settings(tmp_path / "outside", more="silence = 6s"))

    def said(words: str) -> bool:
        return told.exists() and words in told.read_text("utf-8")

    try:
        with alertmanager(tmp_path / "inside", watchdog.port):
            pass
        wait_for(lambda: said("PANTAU DIAM: 0 menit tanpa kabar dari Kota"), 30, "the page")
        with alertmanager(tmp_path / "inside", watchdog.port):
            wait_for(lambda: said("PANTAU KEMBALI: Kota terdengar lagi"), 30, "the word of its return")
        assert told.read_text("utf-8").count("to +62811") == 2
    finally:
        watchdog.close()
