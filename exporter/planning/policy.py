"""The part of the settings that verdicts depend on. Times in nanoseconds."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RoundPolicy:
    """What shapes a round: the probes that together give one verdict."""

    packets: int = 1
    confirm_attempts: int = 3
    confirm_spacing_ns: int = 1_000_000_000
    lost_after_ns: int = 1 << 60
    """From a round's start until silence has lost it: confirmations are timed from there, however late we notice."""


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """Own limits of some targets, in place of the policy's."""

    loss_ratio: float
    rtt_ns: int


@dataclass(frozen=True, slots=True)
class QualityPolicy:
    """The limits beyond which an answering hotspot is degraded."""

    loss_ratio: float = 0.1
    rtt_ns: int = 500_000_000
    window: int = 30
    """Probes over which loss is taken, at most 64."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How the observations of one kind become verdicts."""

    round: RoundPolicy = field(default_factory=RoundPolicy)
    quality: QualityPolicy = field(default_factory=QualityPolicy)
    recover_after: int = 2
    """Answered rounds in a row that end a down."""
    grace_ns: int | None = None
    """How long a verdict holds without a new one before it expires to unknown; None where silence is itself a probe's
    end, as with pings."""
