"""What ends an intake: one sentence with its cure."""

from pantau.errors import PantauError


class IntakeError(PantauError):
    """A city cannot be set up, or a list cannot be read; the text says why and what to do."""
