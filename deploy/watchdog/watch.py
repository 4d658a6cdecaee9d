"""Whether Pantau is heard, and what people have been told of that. It knows no network."""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from configparser import SectionProxy
from pathlib import Path

from ways import SettingsError, Way

TRY_AGAIN_SECONDS = 60.0
TEXT_LENGTH = 480
"""Three short messages of a telephone."""
_UNITS = {"s": 1, "m": 60, "h": 3600}


def log(text: object) -> None:
    """One line on standard error, whatever stands in `text`."""
    shown = "".join(letter if letter.isprintable() else " " for letter in str(text))
    print(shown[:1000], file=sys.stderr, flush=True)


def seconds(text: str) -> int:
    """`12m` as a number."""
    if text[-1:] not in _UNITS or not text[:-1].isdecimal() or int(text[:-1]) == 0:
        raise SettingsError(f"{text!r} is no duration; write 90s, 12m or 1h")
    return int(text[:-1]) * _UNITS[text[-1]]


class Watch:
    """Whether Pantau is heard, and what people have been told of that."""

    def __init__(self, settings: SectionProxy, ways: Sequence[Way], now: Callable[[], float] = time.monotonic) -> None:
        self.name = settings.get("name", "Pantau")
        self.silence, self.repeat = seconds(settings.get("silence", "12m")), seconds(settings.get("repeat", "1h"))
        self.most_relayed = settings.getint("relayed_an_hour", fallback=60)
        self.ways, self.now = ways, now
        self.state = Path(settings.get("state", "/var/lib/pantau-watchdog/state"))
        self.lock = threading.Lock()
        self.alarmed = self.state.exists()
        # A fresh start is given the whole time: what came while this server was away is not known.
        self.beaten = now()
        self.due: float | None = None
        self.relayed: list[float] = []

    def beat(self) -> None:
        """Pantau is heard; whoever was told that it is silent is told so."""
        with self.lock:
            silent, self.beaten = self.now() - self.beaten, self.now()
            over, self.alarmed, self.due = self.alarmed, False, None
            if over:
                self._keep(alarmed=False)
        if over:
            self.page(f"PANTAU KEMBALI: {self.name} terdengar lagi setelah {silent / 60:.0f} menit. / Heard again.")

    def look(self) -> None:
        """Page if it has been silent for too long, and again after `repeat`; what nobody took is tried each minute."""
        with self.lock:
            silent, due = self.now() - self.beaten, self.due is None or self.now() >= self.due
            if silent < self.silence or not due:
                return
            self.alarmed, self.due = True, self.now() + TRY_AGAIN_SECONDS
        text = (
            f"PANTAU DIAM: {silent / 60:.0f} menit tanpa kabar dari {self.name}. Jalur, listrik atau server pemantau "
            "putus; titik tidak terpantau. / No sign of life: its line, power or server is gone."
        )
        failures = self.page(text)
        if len(failures) < len(self.ways):
            with self.lock:
                if not self.alarmed:
                    return  # it was heard meanwhile, and people have been told
                self.due = self.now() + self.repeat
                self._keep(alarmed=True)

    def _keep(self, *, alarmed: bool) -> None:
        """Remember over a restart of this server whether people believe that Pantau is silent."""
        try:
            if alarmed:
                self.state.write_text("silent\n", encoding="utf-8")
            else:
                self.state.unlink(missing_ok=True)
        except OSError as error:
            log(f"{self.state}: {error.strerror}; over a restart it is forgotten whether Pantau is silent")

    def relay(self, text: str) -> list[str] | None:
        """Send on what Alertmanager says; None where there were too many within an hour."""
        with self.lock:
            self.relayed = [when for when in self.relayed if when > self.now() - 3600]
            if len(self.relayed) >= self.most_relayed:
                return None
            self.relayed.append(self.now())
        relaying = [way for way in self.ways if way.relay]
        return self.page(text, relaying) if relaying else ["any way: all of them have relay = no"]

    def page(self, text: str, ways: Sequence[Way] | None = None) -> list[str]:
        """Send by every way; the failures."""
        log(f"page: {text}")
        chosen = self.ways if ways is None else ways
        failures = [failure for failure in (way.send(text[:TEXT_LENGTH]) for way in chosen) if failure]
        for failure in failures:
            log(f"not taken: {failure}")
        return failures
