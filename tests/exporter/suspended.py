"""A process that is suspended for two hours, as far as its clocks can tell: it moves into a time namespace.

    python -m tests.exporter.suspended

It must have one thread, and prints what the timeline shows: lost seconds at the first look after it, at the next, and
the unknown seconds of a hotspot.
"""

import ctypes
import os

import numpy as np

from exporter.monitor import Monitor
from exporter.planning.labels import HotspotLabels
from exporter.planning.plan import KindPlan, Plan, Role
from exporter.probing.addresses import ProbedAddress
from exporter.probing.lateness import DepartureLateness
from exporter.probing.outcome import Int32, Observations
from exporter.probing.prober import RoundKeeper
from exporter.timeline import Timeline
from pantau.clock import NANOSECONDS, NEVER_NS, SystemClock
from pantau.states import State

CLONE_NEWTIME, CLONE_NEWUSER = 0x80, 0x1000_0000  # sched.h
SUSPENDED_SECONDS = 7200


class Nothing:
    """A prober that sends no probe."""

    kind = "nothing"
    lateness = DepartureLateness()
    next_due_ns = NEVER_NS

    def send_due(self, now_ns: int, keeper: RoundKeeper) -> None:
        """See `Prober`."""

    def collect(self, now_ns: int, *, urgent: bool) -> Observations | None:
        """See `Prober`."""
        return None

    def service(self) -> None:
        """See `Prober`."""

    def reload(self, plan: KindPlan, moved: Int32) -> Int32:
        """See `Prober`."""
        del plan
        return moved

    def address_of(self, row: int) -> ProbedAddress:
        """See `Prober`."""
        del row
        return ProbedAddress(None)

    async def resolve_names(self) -> None:
        """See `Prober`."""

    async def run(self) -> None:
        """See `Prober`."""


def suspend() -> None:
    """Let BOOTTIME be two hours ahead from now on: as root of a user namespace of our own, where that is needed."""
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.getuid(), os.getgid()
    _done(libc.unshare(CLONE_NEWUSER))
    _write("setgroups", "deny")
    _write("uid_map", f"0 {uid} 1")
    _write("gid_map", f"0 {gid} 1")
    _done(libc.unshare(CLONE_NEWTIME))
    _write("timens_offsets", f"boottime {SUSPENDED_SECONDS} 0")
    place = os.open("/proc/self/ns/time_for_children", os.O_RDONLY)
    _done(libc.setns(place, CLONE_NEWTIME))


def main() -> None:
    """Print three figures."""
    clock = SystemClock()
    timeline = Timeline(clock)
    kind = KindPlan("nothing", Role.REACHABILITY, 10 * NANOSECONDS, (True,))
    monitor = Monitor(Plan((HotspotLabels("h0", "maesa", "telkom"),), (kind,)), [Nothing()], clock)
    monitor.tick()
    suspend()
    first, second = timeline.look().lost_ns, timeline.look().lost_ns
    monitor.tick()
    unknown = float(np.asarray(monitor.snapshot().state_seconds)[0, State.UNKNOWN])
    print(round(first / NANOSECONDS), round(second / NANOSECONDS), int(unknown))


def _write(name: str, text: str) -> None:
    with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123 - a file of the kernel's
        file.write(text)


def _done(result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main()
