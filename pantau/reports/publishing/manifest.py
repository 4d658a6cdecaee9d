"""SHA256SUMS: one line a file, as `sha256sum -c SHA256SUMS` reads it."""

import hashlib
from collections.abc import Mapping

NAME = "SHA256SUMS"


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Of all files, in the order of their names."""
    return "".join(f"{digest(files[name])}  {name}\n" for name in sorted(files)).encode()


def sums_of(text: bytes) -> dict[str, str]:
    """The digests of a manifest by the files' names."""
    lines = (line.partition("  ") for line in text.decode().splitlines() if line)
    return {name: value for value, _, name in lines}
