"""The quick city's points that answer and do not serve: what the rules read of what clients get."""

import time

from pantau.states import State
from tests.stack.quick_city import QuickCity, QuickPoint

LOOKED_SECONDS = 24.0
"""As long as a point must lack service for a page."""


class UnservedCity(QuickCity):
    """A city of which somebody looks at what clients get: nothing, or their ISP's suspension page, where it is said."""

    def __init__(self, points: list[QuickPoint]) -> None:
        super().__init__(points)
        self._lacking: dict[str, tuple[State, float]] = {}

    def lack(self, faults: dict[str, list[QuickPoint]], looked_seconds: float = LOOKED_SECONDS) -> None:
        """These serve nobody any more; the first look that failed was so long ago."""
        since = time.time() - looked_seconds
        for name, points in faults.items():
            state = State.NO_INTERNET if name.startswith("NoInternet") else State.ISOLATED
            self._lacking |= {point.id: (state, since) for point in points}

    def restore(self, faults: dict[str, list[QuickPoint]]) -> None:
        """These serve again."""
        for points in faults.values():
            for point in points:
                del self._lacking[point.id]

    def exposition(self) -> str:
        """A scrape, now."""
        text = super().exposition() + 'pantau_check_info{check="portal",proves="client_path"} 1\n'
        lacking = dict(self._lacking)
        for point in self.points:
            state, since = lacking.get(point.id, (None, 0.0))
            text += f'hotspot_service_up{{{point.labels},check="portal"}} {int(state is None)}\n'
            if state is not None:
                for name, value in (("up", 0), ("state", int(state))):
                    found = f"hotspot_{name}{{{point.labels}}} "
                    text = text.replace(f"{found}1\n", f"{found}{value}\n")
                text += f"hotspot_unserved_since_timestamp_seconds{{{point.labels}}} {since:.3f}\n"
        return text
