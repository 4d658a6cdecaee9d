"""What a proposal goes by: where points stand and what carries them, and what is known of each outage."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """A point of the city, as it was served at the time."""

    point: str
    isp: str
    kelurahan: str = ""
    """With its kecamatan, for names recur; empty where it is not known."""
    radio: bool = False
    """Whether its access goes through the air."""
    uplinks: tuple[str, ...] = ()
    """What carries it, the nearest first."""


@dataclass(frozen=True, slots=True)
class OutageFact:
    """One outage of a point or an uplink. Times are Unix seconds."""

    id: str
    """Of the outage: its point and the number of the entry that began it."""
    point: str
    start: int
    end: int | None
    """`None` while it lasts."""
    isolated: bool = False
    """The ISP's suspension page answered."""
    uptime: int | None = None
    """Seconds that the device said it had been running when it came back; `None` where no heartbeat told."""

    @property
    def restarted(self) -> bool | None:
        """Whether the device restarted during the outage; `None` where no heartbeat tells."""
        if self.uptime is None or self.end is None:
            return None
        return self.uptime < self.end - self.start
