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


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's word about an outage, from the journal. Of several about one outage the last holds."""

    outage: str
    cause: str
    person: str
    at: int
    reason: str
    entry: int = 0
    """The journal's entry that holds it."""
    number: int = 0
    """The outage's: that of the entry that began it. 0 where it is known by its id alone."""
    approved: bool = True
    """Whether two people have signed it; until then it is proposed, and what it changes is held."""
