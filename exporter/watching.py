"""Tells when one of the configuration's files is another than the one that was read.

Files are looked at, once a second, and not waited for: a network disk, a bind mount or a symbolic link somewhere in the
path (``current -> releases/7``, ``..data`` of a Kubernetes volume) tells nobody that it leads elsewhere now. A look is
one `stat` a file, through all links, in a thread that may hang in a dead disk without holding up anybody.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from pantau.inventory.reading import Stamp, stamp_of

_LOOK_SECONDS = 1.0
_SETTLE_SECONDS = 0.5
"""An editor or `git pull` writes several files: one reload for all, when nothing has changed for so long."""
_MOST_SETTLES = 10
"""A file that is written without end is read all the same, and the reader sees to it that it reads no half."""

Stamps = Mapping[Path, Stamp | int]


async def watch_files(
    read: Callable[[], Stamps],
    changed: Callable[[], None],
    look_seconds: float = _LOOK_SECONDS,
    settle_seconds: float = _SETTLE_SECONDS,
) -> None:
    """Call `changed` whenever a file is not as it was `read` the last time, once for each such change.

    Ends when cancelled; the thread ends by itself, and nobody waits for it.
    """
    loop, stop = asyncio.get_running_loop(), threading.Event()

    def tell() -> None:
        if not stop.is_set():
            loop.call_soon_threadsafe(changed)

    arguments = (read, tell, stop, look_seconds, settle_seconds)
    threading.Thread(target=_look_for_ever, args=arguments, name="watching", daemon=True).start()
    try:
        await loop.create_future()
    finally:
        stop.set()


def _look_for_ever(
    read: Callable[[], Stamps], tell: Callable[[], None], stop: threading.Event, look_seconds: float, settle: float
) -> None:
    told: Stamps = {}
    while not stop.wait(look_seconds):
        stamps = read()
        now = _look(stamps)
        if now in (stamps, told):
            continue
        for _ in range(_MOST_SETTLES):
            if stop.wait(settle) or (again := _look(stamps)) == now:
                break
            now = again
        if not stop.is_set() and now != read():
            told = now
            with suppress(RuntimeError):  # the loop was closed just now
                tell()


def _look(files: Iterable[Path]) -> Stamps:
    return {file: stamp_of(file) for file in files}
