"""What a proposal goes by: where points stand and what carries them, and what is known of each outage."""

from dataclasses import dataclass

MARGIN_SECONDS = 120
"""A device starts anew at once when it restarts, and its first unanswered probe comes up to an interval later; a point
that is known by heartbeats falls silent up to two minutes later."""


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
    """Seconds that the device said it had been running when it came back; `None` where nobody told, or not clearly."""
    told_by: str = ""
    """Who said so: ``snmp``, or the agent on a device of the ``city`` or of the ``isp``; several with a comma."""

    mains_failed: int | None = None
    """When a sensor of the mains first said that there was none, on a device of the city; `None` where none says so."""

    @property
    def lost_its_mains(self) -> bool:
        """Whether the mains failed as the point did: a fault of the line before or after it is another fault."""
        return self.mains_failed is not None and abs(self.mains_failed - self.start) <= MARGIN_SECONDS

    @property
    def restarted(self) -> bool | None:
        """Whether the device restarted during the outage, or shortly before its first unanswered probe.

        `None` where nobody tells.
        """
        if self.uptime is None or self.end is None:
            return None
        return self.uptime < self.end - self.start + MARGIN_SECONDS

    @property
    def booted(self) -> int | None:
        """When a device that restarted did so; `None` where it did not, or nobody tells."""
        if self.uptime is None or self.end is None or not self.restarted:
            return None
        return self.end - self.uptime
