"""A monitor with a journal that is a list."""

from collections.abc import Iterable

from exporter.planning.plan import Plan
from exporter.recording.recorder import Recorder
from exporter.verdicts.events import Event as Happening
from pantau.clock import NANOSECONDS
from pantau.journal import Event, Kind
from tests.exporter.monitor.watched import Watched


class Heard(Watched):
    """A monitor whose journal is a list, driven as the app drives it."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.told: list[Event] = []
        self.beats: list[int] = []
        self.began_ns = self.clock.wall_ns()
        self.recorder = Recorder(self.monitor, self.clock, self)

    def put(self, events: Iterable[Event]) -> None:
        """As a sink."""
        self.told += events

    def beat(self, at_ns: int) -> None:
        """As a sink."""
        self.beats.append(at_ns)

    waiting = False
    """As a sink."""

    def tick(self) -> None:
        """One tick, told as the app tells it."""
        super().tick()
        self.recorder.look()

    def hear(self, events: Iterable[Happening]) -> None:
        """The recorder listens."""
        for event in events:
            self.recorder.hear(event)
            super().hear([event])

    def of(self, *kinds: Kind) -> list[Event]:
        """The events of some kinds."""
        return [event for event in self.told if event.kind in kinds]

    def seconds_since_start(self, at_ns: int) -> float:
        """A wall time, counted from when it began."""
        return (at_ns - self.began_ns) / NANOSECONDS
