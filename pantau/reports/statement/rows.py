"""The rows of a statement's tables: plain values that JSON can hold. Times are Unix seconds, money whole rupiah.

A ratio is given exactly, as numerator and denominator, and as a percentage with four decimals for people. What is not
known is `None`, never 0.
"""

from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Ratio:
    """An exact ratio."""

    numerator: int
    denominator: int
    percent: str
    """Four decimals, half-up: ``95.0000``."""

    @classmethod
    def of(cls, value: Fraction | None) -> "Ratio | None":
        """A fraction as a ratio."""
        if value is None:
            return None
        whole, rest = divmod((2 * value.numerator * 1_000_000 + value.denominator) // (2 * value.denominator), 10_000)
        return cls(value.numerator, value.denominator, f"{whole}.{rest:04}")


@dataclass(frozen=True, slots=True)
class PointRow:
    """Table A: one line per point, assignment and version of the terms. Seconds add up; so do the rupiah.

    contract = off_hours + unobserved + up + tolerated + excluded + charged; gross = restitution + held + payable.
    """

    point: str
    name: str
    kelurahan: str
    category: str
    start: int
    end: int
    version: int
    contract_seconds: int
    off_hours_seconds: int
    unobserved_seconds: int
    up_seconds: int
    tolerated_seconds: int
    excluded_seconds: int
    charged_seconds: int
    assessed_seconds: int
    availability: Ratio | None
    coverage: Ratio | None
    objective: Ratio | None
    judged: Ratio | None
    """The availability that was held against the objective: the point's, or the contract's."""
    standing: str
    monthly_fee: int
    paid_month_seconds: int
    """What the monthly fee is for: gross = monthly fee x contract / paid month."""
    owed_month_seconds: int
    """The same, cut to the service hours: what charged seconds are a share of (R2 to R4)."""
    gross: int | None
    restitution: int | None
    held: int | None
    payable: int | None
    short_outages: int
    """Outages within the threshold."""
    relapses: int
    """How often it answered within an outage and was lost again before it had recovered."""
    answered_seconds: int
    """The seconds of that: they are in `up_seconds`, and charged to nobody."""
    worst_day: str | None
    """The day with the most of both."""
    worst_day_outages: int
    """Of the point's whole month, as `unstable`, however many lines it has."""
    unstable: bool
    error_seconds: int
    """So far `charged_seconds` may be off at most, for begins and ends are right to an interval of asking."""
    error_rupiah: int | None
    """And so far `restitution`."""
    undecided_seconds: int = 0
    """Of the charged seconds those that wait for people's decision: what they alone deduct is held."""
    judged_if_excused: Ratio | None = None
    """As `judged`, with these seconds excused: what the restitution follows where there are any."""
    contested_seconds: int = 0
    """Of the excluded seconds those whose excuse somebody has asked to take back: what they would deduct is held."""
    judged_if_withdrawn: Ratio | None = None
    """As `judged`, with these seconds charged: what is payable follows it where there are any."""
    state_seconds: dict[str, int] = field(default_factory=dict)
    """All of `contract_seconds` by what was observed: ``up``, ``degraded``, ``down``, ``isolated``, ``no_internet``,
    ``maintenance`` (whatever lay beneath), ``unknown``."""
    agent_seconds: dict[str, int] = field(default_factory=dict)
    """Of these those that rest on an agent alone, by whose its device is: ``city``, ``isp``."""
    amended_seconds: dict[str, int] = field(default_factory=dict)
    """Of the owed ones those that were unknown and told late, by who told: ``agent``."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """Table B: one outage above the threshold, as far as it lies in one line of table A."""

    outage: str
    point: str
    name: str
    start: int
    """Of the whole outage, as `end` and `seconds`."""
    end: int | None
    seconds: int
    """Seen down."""
    down_seconds: int
    """Of these, in this line."""
    excluded_seconds: int
    charged_seconds: int
    repair_seconds: int | None
    over_limit_seconds: int
    cause: str
    proposed: str
    """What the facts propose; `cause` is what a person said instead, if one did."""
    strength: str
    pattern: str
    facts: str
    incident: str
    incident_points: int
    decided_by: str | None
    decided_at: int | None
    decided_reason: str | None
    entries: tuple[int, ...]
    """The journal's entries: the way from a rupiah to a probe."""
    number: int = 0
    """The entry that began it: the name by which decisions go."""
    answered_seconds: int = 0
    """Of `down_seconds` those in which it answered without recovering: not charged."""
    undecided_seconds: int = 0
    """Of `charged_seconds` those that wait for people's decision."""
    contested_seconds: int = 0
    """Of `excluded_seconds` those whose excuse somebody has asked to take back, and two have yet to sign that."""
    waits_for: str = ""
    """``decision`` where it runs over the month's end and nobody has decided whose it is, ``signature`` where a
    decision or an exclusion has not been signed by two; empty where nothing is held for it."""
    undecided: bool = False
    """Whether it runs over the month's end and no two people have said whose it is: no FINAL while one does."""
    decision: str = ""
    """Of the cause: ``proposed`` (what would change money waits for two), ``approved``, ``noted``; or nothing."""
    kind: str = ""
    """What most of its time here was: ``down``, ``isolated``, ``no_internet``, ``degraded``."""
    state_seconds: dict[str, int] = field(default_factory=dict)
    """`down_seconds` by that."""
    uptime_told_by: str = ""
    """Who says whether the device restarted: ``snmp``, or the agent on a device of the ``city`` or of the ``isp``."""


@dataclass(frozen=True, slots=True)
class ExclusionRow:
    """Table C: one claim or window and what it excluded in this contract's month."""

    exclusion: str
    kind: str
    """``event`` or ``maintenance``."""
    start: int
    end: int
    cause: str
    document: str
    accepted_by: str
    filed: int | None
    points: int
    """How many lines it was held against."""
    excluded_seconds: int
    refusals: tuple[str, ...]
    """Why it did not count, or not wholly."""
    letter: int | None = None
    """When it was announced as the files state and the journal does not know; that is proposed."""
    charged_seconds: int = 0
    """The downtime in it that is charged all the same, because it did not count or not wholly."""


@dataclass(frozen=True, slots=True)
class UnobservedRow:
    """Table D: unobserved time, and how many points it concerns."""

    start: int
    end: int
    reason: str
    points: int
    point_seconds: int
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Table E: what changed in the contract's points or terms within the month."""

    at: int
    what: str
    """``added``, ``accepted``, ``moved_in``, ``moved_out``, ``stopped``, ``ended`` or ``addendum``."""
    point: str
    detail: str
    """The other contract of a move, the number of an addendum."""


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """Table F: a point's month by days."""

    point: str
    name: str
    permille: tuple[int | None, ...]
    """For each day of the month the share of the observed time in which the point answered, 0 to 1000, rounded down;
    `None` for a day without observed time under this contract."""


@dataclass(frozen=True, slots=True)
class RepairSummary:
    """Part 9."""

    outages: int
    repairs: int
    unfinished: int
    mttr_seconds: int | None
    """Rounded half-up."""
    median_seconds: int | None
    longest_seconds: int | None
    longest_outage: str | None
    mtbf_seconds: int | None
    limit_seconds: int | None
    late: tuple[str, ...]
    """The outages whose repair went beyond the limit."""


@dataclass(frozen=True, slots=True)
class QualityRow:
    """Part 10, for information: how many requests were answered."""

    point: str
    requests: int
    replies: int
    loss: Ratio | None


@dataclass(frozen=True, slots=True)
class RecapRow:
    """Part 11: the lines of one kelurahan or category."""

    group: str
    lines: int
    charged_seconds: int
    assessed_seconds: int
    availability: Ratio | None
    coverage: Ratio | None
    missed: int


@dataclass(frozen=True, slots=True)
class TrendRow:
    """Part 11: an earlier month of the same contract; `None` where nothing could be assessed."""

    month: str
    points: int
    availability: Ratio | None
    coverage: Ratio | None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """Part 12: a site check of the month."""

    point: str
    date: str
    by: str
    result: str
    download_mbps: float | None
    upload_mbps: float | None
    photo: str
    note: str


@dataclass(frozen=True, slots=True)
class StatementSummary:
    """Part 1, sums over table A."""

    lines: int
    points: int
    standings: dict[str, int]
    contract_seconds: int
    off_hours_seconds: int
    unobserved_seconds: int
    up_seconds: int
    tolerated_seconds: int
    excluded_seconds: int
    charged_seconds: int
    assessed_seconds: int
    availability: Ratio | None
    """Weighted by time."""
    coverage: Ratio | None
    unstable: int
    state_seconds: dict[str, int] = field(default_factory=dict)
    agent_seconds: dict[str, int] = field(default_factory=dict)
    amended_seconds: dict[str, int] = field(default_factory=dict)
