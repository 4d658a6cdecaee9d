"""The configuration in force, and what became of the last try to load another.

Loading may fail in any way and take for ever: it is done in the background, and whatever goes wrong there is a list of
problems, told once. It knows nothing of what runs on the configuration.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from exporter.background import Background, StillBusyError
from pantau.clock import NANOSECONDS, Clock
from pantau.errors import ConfigurationError
from pantau.inventory import Configuration, load
from pantau.inventory.reading import FileReader, Stamp, stamp_of
from pantau.redaction import shown

LOAD_SECONDS = 30.0
"""10,000 hotspots take two seconds: what takes longer waits for a disk that may never answer."""
_SETTLED_NS = 3 * NANOSECONDS
"""A file that was changed less than this before it was read may be changed again, and keep its stamp."""
_LOGGED = 20
"""Of the problems of one try; the page shows as many, `pantau check` all."""

log = structlog.get_logger(__name__)


@contextmanager
def uncollected() -> Iterator[None]:
    """No reference cycles are looked for: a load makes none, and to look at all that it makes holds every thread up."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def look_through() -> None:
    """Where cycles are not looked for: look at what was made since, for the next look will be in a worse moment.

    Every thread waits for it, 10 ms for 5000 hotspots: so it is not beside what holds the loop anyway.
    """
    gc.collect(0)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A configuration, how its files were found, what was in them, and when."""

    configuration: Configuration
    stamps: Mapping[Path, Stamp | int]
    digests: Mapping[Path, str]
    at_ns: int

    def is_on_disk(self) -> bool:
        """Whether the files are certainly still those that were read."""
        settled_ns = self.at_ns - _SETTLED_NS
        return all(
            stamp_of(file) == stamp
            and (isinstance(stamp, int) or stamp.changed_ns < settled_ns or self._reads_alike(file))
            for file, stamp in self.stamps.items()
        )

    def _reads_alike(self, file: Path) -> bool:
        """Whether there is in it what there was: to hash it costs a hundredth of loading it."""
        again = FileReader()
        again.read(file)
        same = again.digests == {file: self.digests.get(file)}
        return same and again.stamps == {file: self.stamps[file]} and not again.moved()


class Loader:
    """Loads one settings file, again and again. `stamps` say how its files were when it was last tried."""

    def __init__(self, path: Path, clock: Clock, stamps: Mapping[Path, Stamp | int] | None = None) -> None:
        self.path = path
        self.stamps: Mapping[Path, Stamp | int] = stamps or {path: 0}
        self.problems: tuple[str, ...] = ()
        """Of the last try, as they may be shown; none after a good one."""
        self.may_pass = False
        """Whether the last try failed for something that no change of a file will tell us of."""
        self._clock = clock
        self._tried: _Loaded | None = None
        self._in_force: _Loaded | None = None
        self._background: Background[_Loaded] = Background("loading")

    async def load(self) -> Configuration:
        """The configuration as it is on the disk. Raises `ConfigurationError`, or whatever came in between.

        Where nobody has touched a file it is the very one in force: a storm of reloads costs a look at the files each.
        """
        reader, now_ns, self._tried = FileReader(), self._clock.wall_ns(), None
        try:
            loaded = await self._background.run(lambda: self._read(reader, now_ns), LOAD_SECONDS)
        finally:
            if not self._background.busy:  # else it is still reading, and changes them
                self.stamps, self.may_pass = dict(reader.stamps), reader.trouble
        self._tried = loaded
        return loaded.configuration

    def is_in_force(self, configuration: Configuration) -> bool:
        """Whether it is what was loaded when a reload last succeeded."""
        return self._in_force is not None and configuration is self._in_force.configuration

    def succeeded(self) -> None:
        """What was loaded is in force."""
        self.problems, self.may_pass, self._in_force = (), False, self._tried

    def failed(self, error: Exception) -> None:
        """What was loaded, if anything, is not in force: the old one stays. Logged once for each distinct cause."""
        problems, bug = self._told(error)
        known, self.problems = self.problems, tuple(map(shown, problems))
        if self.problems == known:
            return
        for problem in self.problems[:_LOGGED]:
            log.error("configuration is not usable, the old one stays", problem=problem, exc_info=bug)
        if len(self.problems) > _LOGGED:
            log.error("and more problems; pantau check shows all", problems=len(self.problems) - _LOGGED)

    def _read(self, reader: FileReader, now_ns: int) -> _Loaded:
        known = self._in_force
        if known is not None and known.is_on_disk():
            reader.stamps = dict(known.stamps)
            return known
        configuration = load(self.path, now_ns, reader=reader)
        look_through()
        return _Loaded(configuration, dict(reader.stamps), dict(reader.digests), now_ns)

    def _told(self, error: Exception) -> tuple[list[str], Exception | None]:
        """The problems that an error means, and the error itself where its traceback is of use."""
        if isinstance(error, ConfigurationError):
            return list(map(str, error.problems)), None
        self.may_pass = True
        if isinstance(error, StillBusyError):
            return [
                f"{self.path}: is not read within {LOAD_SECONDS:g} s; does its disk answer? it is tried again"
            ], None
        if isinstance(error, MemoryError):
            return [f"{self.path}: does not fit into memory; make the files smaller, or give more"], None
        return [f"{self.path}: cannot be taken ({type(error).__name__}: {error}); please report this"], error
