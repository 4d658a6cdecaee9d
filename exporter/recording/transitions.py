"""What the judge tells of hotspots and uplinks, as events of the journal: one each, with its evidence. Pure."""

from collections.abc import Callable, Iterator

import numpy as np

from exporter.planning.labels import TargetName
from exporter.probing.outcome import Int64, Outcome
from exporter.verdicts.events import Relapsed, StatesChanged, SupportChanged
from pantau.journal.entries import Event, Kind, detail_of, moved
from pantau.states import State

WallTimes = Callable[[Int64], Int64]
"""UTC of times of the timeline."""


def kind_of(subject: TargetName) -> Kind:
    """The kind of entry that tells of it."""
    return Kind.UPLINK if subject.is_uplink else Kind.TRANSITION


def transitions(event: StatesChanged, wall_ns: WallTimes) -> Iterator[Event]:
    """Changes of state."""
    at_ns, first_ns = wall_ns(event.at_ns).tolist(), wall_ns(event.first_ns).tolist()
    (detected_ns,) = wall_ns(np.array([event.detected_ns], np.int64)).tolist()
    after, unanswered = event.after.tolist(), event.unanswered.tolist()
    ends = zip(event.faults, event.outcome.tolist(), strict=True)
    reasons = [f"check_{said.label}" for said in event.said]
    reasons = reasons or [fault or Outcome(outcome).label for fault, outcome in ends]
    detail = detail_of({"check": event.check}) if event.check else ""
    before, verdict = event.before.tolist(), event.verdict.tolist()
    addresses = event.addresses or (None,) * len(event)
    for row, subject in enumerate(event.subjects):
        yield Event(
            kind=kind_of(subject),
            at_ns=at_ns[row],
            recorded_ns=detected_ns,
            subject=subject.name,
            before=before[row],
            after=after[row],
            up=verdict[row],
            reason=reasons[row],
            requests=unanswered[row] + (State(after[row]).reached is True and not event.check),
            unanswered=unanswered[row],
            first_ns=first_ns[row],
            detail=detail,
            evidence=event.kind,
            address=addresses[row],
        )


def relapses(event: Relapsed, wall_ns: WallTimes) -> Iterator[Event]:
    """Outages go on in which there were answers: entries of their own, so that a restart loses none of them."""
    at_ns, since_ns, first_ns = (wall_ns(times).tolist() for times in (event.at_ns, event.since_ns, event.first_ns))
    (detected_ns,) = wall_ns(np.array([event.detected_ns], np.int64)).tolist()
    outcome, unanswered = event.outcome.tolist(), event.unanswered.tolist()
    addresses = event.addresses or (None,) * len(event.subjects)
    for row, subject in enumerate(event.subjects):
        yield Event(
            kind=kind_of(subject),
            at_ns=at_ns[row],
            recorded_ns=detected_ns,
            subject=subject.name,
            before=int(State.DOWN),
            after=int(State.DOWN),
            up=0,
            reason=Outcome(outcome[row]).label,
            requests=unanswered[row],
            unanswered=unanswered[row],
            first_ns=first_ns[row],
            answered_ns=max(0, at_ns[row] - since_ns[row]),
            evidence=event.kind,
            address=addresses[row],
        )


def supports(event: SupportChanged, wall_ns: WallTimes) -> Iterator[Event]:
    """Hotspots serve on, by the word of another kind: transitions from a state to itself, with that evidence."""
    at_ns = wall_ns(event.at_ns).tolist()
    (detected_ns,) = wall_ns(np.array([event.detected_ns], np.int64)).tolist()
    rows = zip(event.subjects, event.state.tolist(), event.verdict.tolist(), at_ns, strict=True)
    for subject, state, verdict, since_ns in rows:
        reply = Outcome.REPLY.label
        told = moved(subject.name, since_ns, detected_ns, state, state, verdict, reply, kind_of(subject))
        yield told._replace(evidence=event.kind)
