"""Running something as a user without any privilege, also where the tests run as root."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.programs import require_program
from tests.rules.checking import ROOT

_NOBODY = 65534
_READS_ALL = "+dac_read_search"
_TRY = "import subprocess, sys, pantau.cli.stack, exporter.app; subprocess.run([sys.executable, '-c', ''], check=True)"
"""What a stack must be able to do: the first program is started while setpriv is still privileged, a second is not."""


def as_ordinary_user() -> list[str]:
    """The start of a command line that runs without privilege. Fails if such a user cannot read the checkout."""
    if os.geteuid() != 0:
        return []
    setpriv = str(require_program("setpriv"))
    plain = [setpriv, f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--bounding-set=-all"]
    # A checkout or a Python below /root is closed to others: then this user may read all, and still do nothing else.
    reader = [setpriv, f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
    reader += [f"--inh-caps={_READS_ALL}", f"--ambient-caps={_READS_ALL}"]
    for prefix in (plain, reader):
        tried = [*prefix, sys.executable, "-c", _TRY]
        if subprocess.run(tried, cwd=ROOT, capture_output=True, check=False).returncode == 0:
            return prefix
    pytest.fail(f"an ordinary user cannot read {ROOT}", pytrace=False)


@contextmanager
def own_directory() -> Iterator[Path]:
    """A directory that this user may write in; pytest's own are closed to others."""
    directory = Path(tempfile.mkdtemp(prefix="pantau-stack-"))
    try:
        if os.geteuid() == 0:
            os.chown(directory, _NOBODY, _NOBODY)
        yield directory
    finally:
        shutil.rmtree(directory)
