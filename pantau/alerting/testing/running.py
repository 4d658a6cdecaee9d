"""Runs an Alertmanager for one message: in a folder of its own, on a port of its own, and gone when it has answered."""

import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pantau.alerting.errors import AlertingError
from pantau.alerting.secret_files import READS_FILES_SINCE, Placing, write_privately
from pantau.alerting.testing.answers import DeliveryReply, address_of, answers_of, complaint
from pantau.alerting.testing.configuration import integrations, trial_alert, trial_of
from pantau.alerting.versions import version_of
from pantau.alerting.yaml_file import dumped, read_mapping
from pantau.prometheus import Connection, PrometheusError

PATIENCE_SECONDS = 20.0
"""A mail server may greet slowly, to tell programs from people."""
_START_SECONDS = 20.0
_AGAIN_SECONDS = 4.0
"""So long a failure that Alertmanager would try again is watched: it has tried three times by then."""
_LOOK_SECONDS = 0.1


def send_test(
    program: Path, configuration: Path, receiver: str, patience_seconds: float = PATIENCE_SECONDS
) -> list[DeliveryReply]:
    """Send one test message to a receiver of `configuration`, by `program`; what came back on each of its ways.

    Raises `AlertingError` if there is no such receiver, if it tells nobody, if a secret of it cannot be read, and if
    Alertmanager does not start with it.
    """
    content = read_mapping(configuration)
    ways = integrations(content, receiver)
    placing = Placing(configuration.absolute().parent, inline=version_of(program) < READS_FILES_SINCE)
    trial = placing.placed(trial_of(content, receiver))
    if placing.sentences:
        raise AlertingError("\n".join(placing.sentences))
    with tempfile.TemporaryDirectory(prefix="pantau-test-") as name, _running(program, trial, Path(name)) as log:
        _post(_address(log), trial_alert(receiver, socket.gethostname()))
        return _answers(log, ways, patience_seconds)


@contextmanager
def _running(program: Path, trial: dict[str, Any], folder: Path) -> Iterator["_Log"]:
    configuration = folder / "alertmanager.yml"
    write_privately(configuration, dumped(trial))
    command = [
        str(program),
        f"--config.file={configuration}",
        f"--storage.path={folder / 'data'}",
        "--web.listen-address=127.0.0.1:0",  # the kernel's choice: it says which
        "--cluster.listen-address=",
        "--log.level=debug",
        "--log.format=logfmt",
    ]
    log = folder / "log"
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        except OSError as error:
            raise AlertingError(f"{program} cannot be started: {error.strerror}") from error
    try:
        yield _Log(log, process)
    finally:
        process.kill()  # a trial has nothing to keep
        process.wait()


class _Log:
    """What a running trial has told so far."""

    def __init__(self, file: Path, process: "subprocess.Popen[bytes]") -> None:
        self._file = file
        self._process = process

    @property
    def lines(self) -> list[str]:
        return self._file.read_text("utf-8", "replace").splitlines()

    def require_running(self) -> None:
        if self._process.poll() is not None:
            raise AlertingError(f"Alertmanager does not start with this configuration: {complaint(self.lines)}")


def _address(log: _Log) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while (address := address_of(log.lines)) is None:
        log.require_running()
        if time.monotonic() > deadline:
            raise AlertingError(f"Alertmanager did not start within {_START_SECONDS:g} s: {complaint(log.lines)}")
        time.sleep(_LOOK_SECONDS)
    return address


def _post(address: str, alert: dict[str, Any]) -> None:
    with Connection(f"http://{address}", PATIENCE_SECONDS) as connection:
        body, headers = json.dumps([alert]), {"Content-Type": "application/json"}
        try:
            status, said = connection.exchange("POST", "/api/v2/alerts", body, headers)
        except PrometheusError as error:
            raise AlertingError(f"Alertmanager was not told of the test: {error}") from error
    if status != 200:
        raise AlertingError(f"Alertmanager did not take the test alert: {status} {said.decode(errors='replace')}")


def _answers(log: _Log, ways: list[str], patience_seconds: float) -> list[DeliveryReply]:
    """All that came back, as soon as nothing more is to be expected."""
    began = time.monotonic()
    while True:
        found = answers_of(log.lines, ways)
        waited = time.monotonic() - began
        open_ways = [way for way in ways if way not in found]
        tried_again = any(not answer.final for answer in found.values())
        if (not open_ways and not (tried_again and waited < _AGAIN_SECONDS)) or waited > patience_seconds:
            break
        log.require_running()
        time.sleep(_LOOK_SECONDS)
    silent = f"no answer within {patience_seconds:g} s"
    return [found.get(way) or DeliveryReply(way, False, silent, final=False) for way in ways]
