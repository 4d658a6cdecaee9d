"""A real `snmpd` on loopback, with a community and users of its own."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.patience import PATIENCE_SECONDS
from tests.programs import require_program

COMMUNITY, AUTH, PRIVACY = "geheim-7", "auth-password-7", "privacy-password-7"
_SETTINGS = f"""\
rocommunity {COMMUNITY} 127.0.0.1
createUser hidden SHA-256 "{AUTH}" AES "{PRIVACY}"
createUser plain SHA "{AUTH}"
rouser hidden priv
rouser plain auth
"""


@contextlib.contextmanager
def snmpd(folder: Path) -> Iterator[int]:
    """The daemon at work; yields its port."""
    program = require_program("snmpd")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings, state = folder / "snmpd.conf", folder / "state"
    state.mkdir()
    settings.write_text(_SETTINGS + f"agentAddress udp:127.0.0.1:{port}\n", "ascii")
    command: list[str | Path] = [program, "-C", "-c", settings, "-f", "-Lo"]
    environment = {"SNMP_PERSISTENT_DIR": str(state), "MIBS": "", "PATH": "/usr/bin:/bin"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while b"NET-SNMP version" not in (folder / "log").read_bytes():
            assert process.poll() is None, (folder / "log").read_text("utf-8", "replace")
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
