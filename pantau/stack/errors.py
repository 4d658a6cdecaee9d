"""What can go wrong with a stack, below `pantau.errors.PantauError`.

PantauError
└── StackError              the stack cannot be started
    ├── PartEndedError        one of its parts ended by itself; before it was ready once, that ends the stack
    ├── ExporterSilentError   no exporter answers
    └── ExporterRefusesError  one answers, and what we have to show does not let us in
"""

import signal
from pathlib import Path

from pantau.errors import PantauError


class StackError(PantauError):
    """The stack cannot be started; the text says why and what to do."""


class ExporterSilentError(StackError):
    """Nobody answers where the exporter listens; the text says where."""


class ExporterRefusesError(StackError):
    """The exporter asks for a password or a certificate that we do not have, or not the right one; with the cure."""


class PartEndedError(StackError):
    """A part ended that should have gone on. `status` is its exit status, negative the signal that killed it.

    `how` it ended is a part of a sentence.
    """

    def __init__(self, name: str, status: int, log: Path, last_words: str) -> None:
        self.name = name
        self.status = status
        self.last_words = last_words
        self.how = _how(status)
        super().__init__(f"{name} {self.how} before it was ready, and so the stack stops. Its last words ({log}):")


def _how(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"
