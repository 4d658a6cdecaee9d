"""Files that others read at any time: each appears whole, or stays as it was."""

import os
import tempfile
from pathlib import Path

CURE = "run `pantau rules build`"
"""What mends every difference between what is built and what it is built from."""


def write_whole(file: Path, text: str) -> None:
    """Put `text` where `file` is, in one step; what was there stays until then. Raises `OSError`."""
    place = file.resolve()  # a link stays one
    mode = place.stat().st_mode & 0o777 if place.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".new")
    half = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        half.chmod(mode)  # a temporary file is private, and Prometheus runs as somebody else
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)
