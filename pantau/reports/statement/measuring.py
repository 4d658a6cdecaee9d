"""How it was measured, and what cannot be known by it: what is too short to be seen, how far a figure may be off.

A round begins every `interval`. It is lost when its probes stay without a reply, and then all its confirmations: an
outage that ends before the last of these leaves is not seen. So one of L seconds, which begins at any moment alike, is
missed with probability 1 - (L - span) / interval, between 0 and 1. An outage is booked from the first unanswered to
the first answered probe, each up to an interval after what it tells of: one comes late, the other lengthens it.
"""

from dataclasses import dataclass, field
from fractions import Fraction

from pantau.inventory.settings import PACKET_SPACING_SECONDS, Settings
from pantau.reports.statement.office import OfficeWords, office_words
from pantau.reports.statement.rows import Ratio

_EXAMPLES = 120


@dataclass(frozen=True, slots=True)
class Measuring:
    """The settings that were in force, and what follows from them; times in seconds."""

    office: str
    """Who runs the tool; empty where the settings do not say."""
    operator: str
    vantage: str
    """Where it was measured from."""
    interval_seconds: float
    timeout_seconds: float
    packets: int
    confirm_attempts: int
    confirm_spacing_seconds: float
    recover_after: int
    """Answered rounds in a row that end an outage, which then ends with the first of them."""
    never_seen_seconds: float
    """An outage up to this long is never seen."""
    surely_seen_seconds: float
    """One at least this long always is."""
    edge_seconds: float
    """A begin or an end is booked so late at most."""
    example_seconds: float
    """Of outages that last so long ..."""
    example_missed: int
    """... so many of 120 are not seen."""
    missed: Ratio
    """The same, exactly."""
    told: OfficeWords = field(default_factory=OfficeWords)
    """In whose words the report speaks."""

    def missed_share(self, seconds: Fraction) -> Fraction:
        """The share of outages of that length that are not seen."""
        return _missed(seconds, Fraction(str(self.never_seen_seconds)), Fraction(str(self.interval_seconds)))


def measuring_of(settings: Settings) -> Measuring:
    """The one way from settings to what a statement says of them."""
    probing, office = settings.probing, settings.office
    confirm = probing.confirm
    interval = _exact(probing.interval_seconds)
    spacing = _exact(PACKET_SPACING_SECONDS)
    lost = (probing.packets - 1) * spacing + _exact(probing.timeout_seconds)
    span = (probing.packets - 1) * spacing
    if confirm.attempts:
        span = lost + (confirm.attempts - 1) * _exact(confirm.spacing_seconds)
    missed = _missed(interval, span, interval)
    return Measuring(
        office=office.name,
        operator=office.operator,
        vantage=settings.vantage.name,
        interval_seconds=probing.interval_seconds,
        timeout_seconds=probing.timeout_seconds,
        packets=probing.packets,
        confirm_attempts=confirm.attempts,
        confirm_spacing_seconds=confirm.spacing_seconds,
        recover_after=probing.recover_after,
        never_seen_seconds=float(span),
        surely_seen_seconds=float(span + interval),
        edge_seconds=probing.interval_seconds,
        example_seconds=probing.interval_seconds,
        example_missed=round(_EXAMPLES * missed),
        missed=Ratio(missed.numerator, missed.denominator, _percent(missed)),
        told=office_words(settings),
    )


def _missed(seconds: Fraction, span: Fraction, interval: Fraction) -> Fraction:
    return 1 - min(Fraction(1), max(Fraction(0), (seconds - span) / interval))


def _exact(seconds: float) -> Fraction:
    """What somebody wrote: 0.1 s are a tenth."""
    return Fraction(str(seconds))


def _percent(value: Fraction) -> str:
    ratio = Ratio.of(value)
    return ratio.percent if ratio else ""
