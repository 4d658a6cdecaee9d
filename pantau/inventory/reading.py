"""Bytes of configuration files: read once, within limits, only what is an ordinary file, and only where it may lie.

What is parsed is what is hashed, and by a file's stamp a watcher knows later whether it is still the one that was read:
nothing is read a second time. It knows nothing of what the files mean.

A file that is written, replaced or swapped by a symbolic link while others are read would give a mixture that nobody
ever wrote: `FileReader.moved` tells.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pantau.inventory.wording import quote

LARGEST_BYTES = 32_000_000
"""Of one file. 60,000 hotspots are some 9 MB."""
LARGEST_TOTAL_BYTES = 64_000_000
"""Of all files together."""
_MEGABYTE = 1_000_000
_PIECE_BYTES = 1 << 20
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY | os.O_NOFOLLOW
"""Not blocking: what was a file when it was looked at may be a pipe, which nobody writes, when it is opened."""
_OF_THE_NAME = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EACCES, errno.EPERM})
"""Errors that stay until somebody changes something; the others are the machine's, and may pass."""


class Stamp(NamedTuple):
    """By what a file is known to be the same as before, wherever symbolic links lead by now."""

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        """The stamp of what `os.stat` tells."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def stamp_of(path: Path) -> Stamp | int:
    """The stamp of a file now, or the number of the error that says why there is none."""
    try:
        return Stamp.of(path.stat())
    except OSError as error:
        return error.errno or errno.EIO
    except ValueError:  # a NUL in the name
        return errno.ENOENT


@dataclass(frozen=True, slots=True)
class ResolvedFolder:
    """A folder as it is named, and where that led when the load began: a link may lead elsewhere by now."""

    named: Path
    led_to: Path

    def has_moved(self, file: Path, real: Path) -> bool:
        """Whether a file named in it, which is `real`, would be another by way of where the name led then."""
        inside = file.is_relative_to(self.named)
        return inside and os.path.realpath(self.led_to / file.relative_to(self.named)) != str(real)


@dataclass(slots=True)
class FileReader:
    """Reads files for one load, and keeps of each, read or not, how it was found."""

    stamps: dict[Path, Stamp | int] = field(default_factory=dict)
    trouble: bool = False
    """Whether something failed that may pass by itself: the disk, memory, too many open files."""
    digests: dict[Path, str] = field(default_factory=dict)
    """SHA-256 of each file that was read."""
    _torn: set[Path] = field(default_factory=set)
    _total_bytes: int = 0

    def begin(self) -> None:
        """Forget what was read; begin anew."""
        self.stamps, self.digests, self._torn = {}, {}, set()
        self._total_bytes, self.trouble = 0, False

    def read(self, file: Path, within: Iterable[Path] = (), below: ResolvedFolder | None = None) -> bytes | str:
        """The file's bytes, or why there are none and what to do; not of a file outside all folders of `within`.

        `within` are resolved; without one the file may lie anywhere. `below` is the folder by which the file is named.
        """
        self.stamps[file] = stamp_of(file)
        try:
            real = Path(os.path.realpath(file))
            if below is not None and below.has_moved(file, real):
                self._torn.add(file)
            folders = list(within)
            if folders and not any(real.is_relative_to(folder) for folder in folders):
                if stamp_of(real) != self.stamps[file]:
                    self._torn.add(file)  # a link was changed between the two looks, and perhaps back
                straight = Path(os.path.abspath(file))  # noqa: PTH100 - `resolve` would follow the link
                link = f"leads to {quote(real)}, " if real != straight else "lies "
                return f"{link}outside the folder of pantau.yml; put a copy into that folder"
            return self._refusal(file.stat()) or self._read(file, real)
        except FileNotFoundError:
            return "does not exist; correct its name, or create it"
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            self.trouble |= isinstance(error, OSError) and error.errno not in _OF_THE_NAME
            reason = getattr(error, "strerror", None) or str(error)
            return f"cannot be read ({reason}); correct its name or its permissions"

    def exists(self, file: Path) -> bool:
        """Whether there is such a file; a watcher sees it when it comes, and when it goes."""
        self.stamps[file] = stamp_of(file)
        return isinstance(self.stamps[file], Stamp)

    def moved(self) -> list[Path]:
        """The files that are not any more as they were read: what was read together was never there together."""
        return [file for file, stamp in self.stamps.items() if file in self._torn or stamp_of(file) != stamp]

    def digest(self) -> str:
        """SHA-256 of what was read: over ``NAME SHA-256`` of each file, a line each, sorted."""
        lines = sorted(f"{file.name} {digest}\n" for file, digest in self.digests.items())
        return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()

    def _refusal(self, status: os.stat_result) -> str:
        """Why what is there is not read; nothing where it is."""
        if stat.S_ISDIR(status.st_mode):
            return "is a directory; name a file"
        if not stat.S_ISREG(status.st_mode):
            return "is not an ordinary file; name a YAML or CSV file"
        if status.st_size > LARGEST_BYTES:
            return self._too_large(status.st_size)
        return ""

    def _read(self, file: Path, real: Path) -> bytes | str:
        descriptor = os.open(real, _FLAGS)
        try:
            before = os.fstat(descriptor)
            refusal = self._refusal(before)
            if refusal:
                return refusal
            pieces, size = [], 0
            # No further than it was long: somebody may write on without end.
            while size <= before.st_size and (piece := os.read(descriptor, _PIECE_BYTES)):
                pieces.append(piece)
                size += len(piece)
            if not self.stamps[file] == Stamp.of(before) == Stamp.of(os.fstat(descriptor)):
                self._torn.add(file)
        finally:
            os.close(descriptor)
        self._total_bytes += size
        if self._total_bytes > LARGEST_TOTAL_BYTES:
            most = LARGEST_TOTAL_BYTES // _MEGABYTE
            return f"is too much: all files together are more than {most} MB; delete what is not inventory"
        data = b"".join(pieces)
        self.digests[file] = hashlib.sha256(data).hexdigest()
        return data

    @staticmethod
    def _too_large(size: int) -> str:
        return f"is {size // _MEGABYTE} MB, more than {LARGEST_BYTES // _MEGABYTE} MB; is it the right file?"
