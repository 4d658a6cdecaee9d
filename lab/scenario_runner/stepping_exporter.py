"""`pantau` on a wall clock that steps forwards by the given seconds at each SIGUSR1.

No test may step the machine's clock, and a time namespace does not know the wall clock. So the exporter's own view of
it is stepped; monotonic time, packets and the kernel's time stamps are the real ones.

    python -m lab.scenario_runner.stepping_exporter 30 run --config ...
"""

import signal
import sys
import time

from pantau.cli.main import main
from pantau.clock import NANOSECONDS, SystemClock

_stepped_ns = 0


def _wall_ns(_: SystemClock) -> int:
    return time.time_ns() + _stepped_ns


def run() -> None:
    """Take the step's size out of the command line and be `pantau`."""
    size_ns = round(float(sys.argv.pop(1)) * NANOSECONDS)

    def step(*_: object) -> None:
        global _stepped_ns
        _stepped_ns += size_ns

    signal.signal(signal.SIGUSR1, step)
    SystemClock.wall_ns = _wall_ns  # type: ignore[assignment]
    main()


if __name__ == "__main__":
    run()
