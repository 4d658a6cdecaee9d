"""Tells when one of the configuration's files changes. The only file that knows watchfiles."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import structlog
import watchfiles

_DEBOUNCE_MS = 500
"""An editor or `git pull` writes several files: one reload for all."""
_STEP_MS = 250
"""How often its thread wakes: at the default of 50 ms that alone is 2 % of what 1000 probes a second cost."""
_LOOK_MS = 2_000
"""How often the list of files is looked at again, for a reload may change it."""
_RETRY_SECONDS = 5.0

log = structlog.get_logger(__name__)


async def watch_files(files_of: Callable[[], Sequence[Path]], changed: Callable[[], None]) -> None:
    """Call `changed` after any of the present files was written, replaced or removed, until cancelled.

    Folders are watched, not files, for most editors replace a file by renaming another over it.
    """
    while True:
        files = {file.absolute() for file in files_of()}
        folders = {file.parent for file in files if file.parent.is_dir()}
        try:
            async for changes in watchfiles.awatch(
                *folders,
                recursive=False,
                debounce=_DEBOUNCE_MS,
                step=_STEP_MS,
                rust_timeout=_LOOK_MS,
                yield_on_timeout=True,
            ):
                if _touches(files, (Path(path) for _, path in changes)):
                    changed()
                if {file.absolute() for file in files_of()} != files:
                    break  # a reload has changed the list
        except (OSError, RuntimeError) as error:
            log.warning("files cannot be watched; reload by SIGHUP or POST /-/reload", reason=str(error))
            await asyncio.sleep(_RETRY_SECONDS)


def _touches(files: set[Path], paths: Iterable[Path]) -> bool:
    resolved = {file.resolve() for file in files}
    return any(path in files or path.resolve() in resolved for path in paths)
