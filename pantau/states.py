"""The states of a hotspot. Their numbers are part of the metrics' contract."""

from enum import IntEnum


class State(IntEnum):
    """The value of `hotspot_state`. Every second of a hotspot's life is spent in exactly one."""

    DOWN = 0
    UP = 1
    DEGRADED = 2
    ISOLATED = 3
    MAINTENANCE = 4
    UNKNOWN = 5
    INACTIVE = 6

    @property
    def label(self) -> str:
        """The value of the label ``state`` of `hotspot_state_seconds_total`."""
        return self.name.lower()
