"""The exporter as it is, but every probe's result is also written to a file: what its histogram is made of.

    python -m lab.benchmarks.recorded FILE --config pantau.yml --web.listen-address HOST:PORT

Rows of three int64: the hotspot's number, Unix nanoseconds of leaving, RTT in nanoseconds (-1: none).
"""

import argparse
import asyncio
from pathlib import Path

import numpy as np

from exporter.app import RunOptions, run_exporter
from exporter.probing.outcome import Observations
from exporter.web.server import WebOptions
from exporter.world import RealWorld
from pantau.clock import Clock
from pantau.inventory import Configuration
from pantau.inventory.listening import parse_listen
from pantau.logs import configure_logs


class RecordingWorld(RealWorld):
    """The real world, whose engine's results are also written down."""

    def __init__(self, configuration: Configuration, clock: Clock, file: Path) -> None:
        super().__init__(configuration, clock)
        collect, out = self.engine.collect, file.open("wb")

        def recorded() -> Observations:
            results = collect()
            offset_ns = clock.wall_ns() - clock.monotonic_ns()
            rows = np.stack([results.target, results.sent_ns + offset_ns, results.rtt_ns], axis=1)
            out.write(rows.astype(np.int64).tobytes())
            return results

        self.engine.collect = recorded  # type: ignore[method-assign]


def main() -> None:
    """Run until a signal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--web.listen-address", dest="listen")
    parser.add_argument("--web.enable-lifecycle", dest="lifecycle", action="store_true")
    given = parser.parse_args()
    configure_logs()

    def world_of(configuration: Configuration, clock: Clock) -> RecordingWorld:
        return RecordingWorld(configuration, clock, given.file)

    web = WebOptions(lifecycle=given.lifecycle)
    options = RunOptions(given.config, (parse_listen(given.listen),), web=web)
    asyncio.run(run_exporter(options, world_of))


if __name__ == "__main__":
    main()
