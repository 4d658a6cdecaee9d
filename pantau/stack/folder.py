"""The run directory: whose it is, that one stack has it at a time, and what the demo may wipe."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from pantau.stack.errors import StackError


class StackKind(StrEnum):
    """What the directory is for: the name of the file in it that says that we made it.

    That file is locked while a stack runs there, and holds its process id. The demo never takes another's directory.
    """

    DEMO = ".pantau-demo"
    UP = ".pantau-up"


@contextmanager
def run_directory(directory: Path, kind: StackKind) -> Iterator[None]:
    """`directory`, ours alone while the context lasts; made if need be, a demo's emptied first.

    Raises `StackError` if it is somebody's else, in use, or cannot be written.
    """
    try:
        descriptor = _open_marker(directory, directory / kind)
    except OSError as error:
        raise StackError(
            f"{directory}: cannot be written ({error.strerror}); choose another with --directory"
        ) from error
    try:
        _lock(descriptor, directory)
        if kind is StackKind.DEMO:
            _empty(directory)
        yield
    finally:
        os.close(descriptor)


def _open_marker(directory: Path, marker: Path) -> int:
    if directory.exists() and not marker.exists() and any(directory.iterdir()):
        raise StackError(f"{directory} was not made by this program and is not empty; choose another with --directory")
    directory.mkdir(parents=True, exist_ok=True)
    return os.open(marker, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _lock(descriptor: int, directory: Path) -> None:
    """The kernel drops the lock with the process, however it ends."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = os.read(descriptor, 32).decode("ascii", "replace").strip()
        raise StackError(
            f"a stack already runs in {directory} (process {owner}); stop it, or choose another with --directory"
        ) from error
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())


def _empty(directory: Path) -> None:
    for entry in directory.iterdir():
        if entry.name == StackKind.DEMO:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
