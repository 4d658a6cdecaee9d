"""The PostgreSQL server of the tests."""

import os
import shutil
import signal
import subprocess
import sys
import time

from lab.samples.postgres import find_program
from tests.patience import PATIENCE_SECONDS
from tests.programs import require_program

_SERVER = """
import sys, time
from lab.samples.postgres import running_postgres
with running_postgres() as server:
    print(server.process_id, server.folder, flush=True)
    time.sleep(60)
"""


def test_it_ends_with_a_test_run_that_is_killed() -> None:
    """No server is left of a run that could not clean up."""
    if find_program("postgres") is None:
        require_program("postgres")
    with subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        process_id, folder = run.stdout.readline().split()
        run.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _lives(int(process_id)):
        assert time.monotonic() < deadline, "the server still runs"
        time.sleep(0.05)
    shutil.rmtree(folder)


def _lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
