"""The package's one exception."""

from pantau.errors import PantauError


class AlertingError(PantauError):
    """Alertmanager's configuration cannot be made, or Prometheus or Alertmanager not be asked; says what to do."""
