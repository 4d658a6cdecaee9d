"""An exporter over hotspots that lose a known share of their packets, probed often enough to tell soon."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import ExporterProcess, all_in
from tests.city.inventories import write_configuration

PROBES = 500
LOSS_PERCENT = {"loses0": 0, "loses5": 5, "loses20": 20, "loses30": 30}
_HOTSPOTS = {name: f"10.77.5.{number}" for number, name in enumerate(LOSS_PERCENT, 1)}
_OFTEN = {"interval": "200ms", "timeout": "100ms", "confirm": "{attempts: 3, spacing: 50ms}"}
_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Lossy:
    """The exporter over them."""

    exporter: ExporterProcess

    def wait(self) -> None:
        """Until each hotspot has been asked `PROBES` times."""
        self.exporter.wait_until(self._enough, _SECONDS, f"send {PROBES} probes to each", 1.0)

    def _enough(self) -> bool:
        return min(self.exporter.scrape().by("hotspot", "hotspot_probe_requests_total").values()) >= PROBES


@contextmanager
def lossy_city(folder: Path) -> Iterator[Lossy]:
    """The hotspots lose from their first probe on. Runs on its own: what it needs is time."""
    with CityNamespace() as city:
        for name, percent in LOSS_PERCENT.items():
            if percent:
                city.lose(_HOTSPOTS[name], percent)
        with ExporterProcess(city, write_configuration(folder, _HOTSPOTS, _OFTEN)) as exporter:
            exporter.wait_until(lambda: exporter.states().keys() == all_in("up", _HOTSPOTS).keys(), 10, "see all")
            yield Lossy(exporter)
