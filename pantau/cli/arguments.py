"""Keeps credentials out of the process list: what somebody wrote on the command line, everybody can read there.

A password in an argument (``--journal postgresql://user:password@host/name``) is moved into the environment, which the
owner of the process alone can read, and the program begins anew in the same process with the argument hidden.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from pantau.redaction import redacted

_VARIABLE = "PANTAU_ARGUMENT_{}"


def hide_credentials() -> None:
    """Take up what was hidden; hide what is not, which does not return. A system that cannot do so goes on."""
    if _restored(sys.argv):
        return
    hidden = [redacted(argument) for argument in sys.argv[1:]]
    if hidden == sys.argv[1:] or sys.orig_argv[len(sys.orig_argv) - len(hidden) :] != sys.argv[1:]:
        return  # nothing to hide, or not what the interpreter was started with
    for place, (argument, shown) in enumerate(zip(sys.argv[1:], hidden, strict=True), 1):
        if argument != shown:
            os.environ[_VARIABLE.format(place)] = argument
    with suppress(OSError):
        os.execv(sys.executable, [*_interpreter(sys.orig_argv, len(hidden)), *hidden])  # noqa: S606 - ourselves
    _restored(sys.argv)


def _restored(arguments: list[str]) -> bool:
    """Put hidden arguments back where they were, and out of what our own children get; whether there were any."""
    found = {
        place: value
        for place in range(1, len(arguments))
        if (value := os.environ.pop(_VARIABLE.format(place), None)) is not None
    }
    for place, value in found.items():
        arguments[place] = value
    return bool(found)


def _interpreter(command: Sequence[str], arguments: int) -> Sequence[str]:
    """What stands before our own arguments: the interpreter with its options, and what it runs."""
    return command[: len(command) - arguments]
