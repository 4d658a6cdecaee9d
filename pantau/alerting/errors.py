"""The package's one exception."""

from pantau.errors import PantauError


class AlertingError(PantauError):
    """Rules or Alertmanager's configuration cannot be made, or neither program be asked; says what to do."""
