"""From the three counters of a device to how long it has been running, or to the admission that they do not tell.

What may be wrong with each (RFC 2790, RFC 3411, RFC 3418):

- ``hrSystemUptime`` counts from the start of the machine, ``sysUpTime`` from that of its SNMP agent, both in
  hundredths of a second modulo 2^32: after 497 days they begin anew, without any restart.
- ``snmpEngineTime`` counts seconds from the start of the agent and wraps after 68 years. An agent may start anew when
  the link comes back, so that it and sysUpTime alone never tell of a restart; only that there was none.
- A device that reckons by its clock jumps when that is set, by 50 years where it began in 1970.

So no restart is concluded where a counter reaches back beyond the outage and no other contradicts it, a restart only
by hrSystemUptime, and everything else stays open: a wrong conclusion costs somebody money, an open one a visit.
"""

from dataclasses import dataclass

WRAP_SECONDS = 2**32 / 100
AGREE_SECONDS = 300.0
"""So much later than the machine its agent may start, and still both tell of one start."""
DRIFT_SECONDS, DRIFT_RATIO = 30.0, 1e-3
"""How far a device's oscillator may be from ours between two askings."""
LONGEST_SECONDS = 8 * 365 * 86_400.0
"""No access point has run for longer; a clock that was set makes it 26 years or more, or the age of its firmware."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What a device said, in seconds; None where it has no such counter."""

    host: float | None = None
    """hrSystemUptime."""
    engine: float | None = None
    """snmpEngineTime."""
    agent: float | None = None
    """sysUpTime."""

    @property
    def facts(self) -> dict[str, int]:
        """As the journal has it, in whole seconds."""
        names = (("hrSystemUptime", self.host), ("snmpEngineTime", self.engine), ("sysUpTime", self.agent))
        return {name: int(value) for name, value in names if value is not None}


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How long the device has been running, at least where `why` says so; None where it is not clear."""

    uptime_seconds: int | None
    why: str


def conclude(
    now: Counters, down_seconds: float, earlier: Counters | None = None, since_seconds: float = 0
) -> Conclusion:
    """What the counters of now say, of a device that was silent for up to so many seconds.

    `earlier` is what it said `since_seconds` ago: what has gone on from there through a wrap was not set back, and what
    has leapt is a clock.
    """
    host, engine, agent = now.host, now.engine, now.agent
    if engine is not None and engine > LONGEST_SECONDS:
        return Conclusion(None, "its clock was set")
    if earlier is not None and _went_on(earlier, now, since_seconds):
        known = [value for value in (earlier.host, earlier.engine, earlier.agent) if value is not None]
        if max(known) + since_seconds >= down_seconds:
            return Conclusion(int(max(known) + since_seconds), "went on since it was asked before")
    if earlier is not None and _leapt(earlier, now, since_seconds):
        return Conclusion(None, "its clock was set")
    others = [value for value in (engine, agent) if value is not None]
    if host is None:
        return _without_host(others, down_seconds)
    if not others:
        return Conclusion(int(host), "told by the machine alone")
    longest = max(others)
    if longest > host + DRIFT_SECONDS:
        # An agent that runs for longer than its machine: the machine's counter has wrapped, or a clock was set.
        if engine is not None and abs(engine - (host + WRAP_SECONDS)) < AGREE_SECONDS:
            return Conclusion(int(engine), "after a wrap at 497 days")
        return Conclusion(None, "its agent claims to run for longer than the machine")
    if host - longest < AGREE_SECONDS or longest >= down_seconds:
        return Conclusion(int(host), "told")
    if host < down_seconds:
        return Conclusion(int(host), "told")
    return Conclusion(None, "the machine claims to have stayed on, and its agent has restarted")


def _without_host(others: list[float], down_seconds: float) -> Conclusion:
    """An agent that ran all the time ran on a machine that did; one that started anew tells nothing of the machine."""
    if not others:
        return Conclusion(None, "it has none of the counters")
    if min(others) >= down_seconds:
        return Conclusion(int(max(others)), "at least")
    if max(others) >= down_seconds:
        return Conclusion(None, "its counters contradict each other")
    return Conclusion(None, "only its agent's start is known")


def _went_on(earlier: Counters, now: Counters, since_seconds: float) -> bool:
    """Whether every counter of then has counted on, through a wrap where it came to one."""
    pairs = [
        (earlier.host, now.host, WRAP_SECONDS),
        (earlier.agent, now.agent, WRAP_SECONDS),
        (earlier.engine, now.engine, 2.0**31),
    ]
    both = [(then, this, wrap) for then, this, wrap in pairs if then is not None and this is not None]
    allowed = DRIFT_SECONDS + DRIFT_RATIO * since_seconds
    return bool(both) and all(_off(this - then - since_seconds, wrap) <= allowed for then, this, wrap in both)


def _leapt(earlier: Counters, now: Counters, since_seconds: float) -> bool:
    """Whether a counter reaches back beyond the asking before, and not to where it began then."""
    allowed = DRIFT_SECONDS + DRIFT_RATIO * since_seconds
    pairs = ((earlier.host, now.host), (earlier.agent, now.agent), (earlier.engine, now.engine))
    return any(
        then is not None
        and this is not None
        and this > since_seconds + allowed
        and _off(this - then - since_seconds, WRAP_SECONDS) > allowed
        for then, this in pairs
    )


def _off(difference: float, wrap: float) -> float:
    """How far it is from a whole number of wraps."""
    return abs((difference + wrap / 2) % wrap - wrap / 2)
