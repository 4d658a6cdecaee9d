"""What the judge must know of a check of the service: whom it is made of, what it proves, when it is believed."""

from dataclasses import dataclass, field

_MINUTE_NS = 60_000_000_000


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """How the results of one check become what is said of a hotspot. Times in nanoseconds."""

    confirm: int = 3
    """Results in a row that make a hotspot worse; a single failed check is no outage. It is so since the first."""
    recover_after: int = 2
    """Results in a row that make it better, since the first."""
    grace_ns: int = 3 * _MINUTE_NS
    """What was said holds so long after the last result, and is unknown from then on."""
    told_within_ns: int = 0
    """A result is told so long after its check began at the latest: up to then no time is booked."""


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """One check, and of whom it is made."""

    name: str
    """The label ``check``: of one meaning over all kinds."""
    watched: tuple[bool, ...]
    """For each row of the plan, whether it is checked."""
    client_path: bool = False
    """Whether it crosses the client's path. One that does not makes a hotspot degraded at most."""
    needs_references: bool = True
    """Whether a failure of our own path can make it fail: then the kind's references vouch for what fails."""
    policy: CheckPolicy = field(default_factory=CheckPolicy)
