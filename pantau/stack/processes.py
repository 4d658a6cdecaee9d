"""The child processes: each in a process group of its own, with a log file, and ended with its context.

Ctrl-C in a terminal goes to the foreground group, which the children are not in: they end in our order, not in
whichever they like.
"""

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import aiohttp

from pantau.stack.errors import ExporterRefusesError, StackError
from pantau.stack.parts import ProcessSpec

_POLL_SECONDS = 0.1
_ANSWER_SECONDS = 2.0
_ANSWER = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
_LAST_LINES = 12


@dataclass(frozen=True, slots=True)
class Child:
    """A part that has been started."""

    part: ProcessSpec
    process: Process
    log: Path


@asynccontextmanager
async def running(part: ProcessSpec, directory: Path, log: Path) -> AsyncIterator[Child]:
    """Start `part` in `directory`, its output going to `log`; leaving, also by cancellation, ends it.

    Raises `StackError` if it cannot be started.
    """
    with _fresh(log) as output:
        try:
            process = await asyncio.create_subprocess_exec(
                *_orphan_proof(),
                *part.command,
                cwd=directory,
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise StackError(f"{part.command[0]} cannot be started: {error.strerror}") from error
    try:
        yield Child(part, process, log)
    finally:
        await _end(process, part.stop_seconds)


async def until_ready(child: Child, session: aiohttp.ClientSession, *, patient: bool = True) -> None:
    """Return when it says that it is ready. However long that takes: a year of data is read at a start.

    Unless `patient`, `ExporterRefusesError` where it answers and does not let us in.
    """
    while not await _answers(session, child.part, patient):  # noqa: ASYNC110 - it sends no event
        await asyncio.sleep(_POLL_SECONDS)


async def _answers(session: aiohttp.ClientSession, part: ProcessSpec, patient: bool) -> bool:
    try:
        if part.client is not None:
            status, _ = await part.client.get(session, part.ready_path, _ANSWER_SECONDS)
            return status == 200
        async with session.get(part.address + part.ready_path, timeout=_ANSWER) as response:
            return response.status == 200
    except ExporterRefusesError:
        if patient:
            return False
        raise
    except (aiohttp.ClientError, TimeoutError, StackError):
        return False


async def _end(process: Process, patience_seconds: float) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_seconds):
                await process.wait()


def _fresh(log: Path) -> IO[bytes]:
    """An empty log; the last run's is kept beside it, for it may tell the reason for this run."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
    return log.open("wb")


def _orphan_proof() -> tuple[str, ...]:
    """A prefix that has the kernel end the child when we are killed and cannot; it runs in the child's place."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return () if setpriv is None else (setpriv, "--pdeathsig", "TERM", "--")


def last_words(log: Path) -> str:
    """The end of the log; sentences for people alone, where there are any between the lines for machines."""
    lines = log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
    sentences = [line for line in lines if not line.startswith("{")]
    return "\n".join(sentences or lines)
