"""Whose word it rests on that a hotspot serves: the pings', or that of another kind alone, as of its agent.

What the pings confirm rests on them, whoever else says so. A change of state names the kind that decided it; here is
told what comes between: pings fall silent, and heartbeats keep the hotspot up; or they answer again.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from exporter.planning.labels import TargetName
from exporter.planning.plan import Role
from exporter.probing.outcome import Bool, Int32, Int64
from exporter.verdicts.combined import CombinedStates
from exporter.verdicts.events import SupportChanged
from exporter.verdicts.kind import JudgedKind
from pantau.states import SERVING, State

_SERVES: Bool = np.array([state in SERVING for state in State], np.bool_)
"""By the number of a `State`."""


def borrowed_from(kinds: Mapping[str, JudgedKind], name: str) -> bool:
    """Whether what this kind decides is another's word than that of the pings, which are the first of all kinds."""
    return name != next(iter(kinds)) and kinds[name].machine.role is Role.REACHABILITY


def supports_changed(
    kinds: Mapping[str, JudgedKind],
    states: CombinedStates,
    subjects: Sequence[TargetName],
    changed: tuple[Int32, Int64],
    now_ns: int,
) -> Iterator[SupportChanged]:
    """Of the targets of which a kind has just said something new since some time: those that serve on by another's.

    What is told is told for good: up to then their states stay, whatever is found out later.
    """
    targets, at_ns = changed
    (primary, pings), *others = kinds.items()
    borrowed = ~pings.machine.reaches(targets)
    serves = _SERVES[states.state[targets]]
    moved = serves & (borrowed != states.borrowed[targets]) & pings.machine.watched[targets]
    if not moved.any():
        return
    targets, at_ns, borrowed = targets[moved], at_ns[moved], borrowed[moved]
    states.borrowed[targets] = borrowed
    # Whom none of these reaches does not serve; of several that do, the first is named.
    for name, kind in [(primary, pings), *others]:
        mine = borrowed & kind.machine.reaches(targets) if name != primary else ~borrowed
        borrowed = borrowed & ~mine
        if mine.any():
            told = targets[mine]
            since_ns = np.maximum(at_ns[mine], states.since_ns[told])
            states.settle(told, since_ns)
            yield SupportChanged(
                kind=name,
                subjects=tuple(subjects[target] for target in told.tolist()),
                state=states.state[told],
                verdict=states.reached[told],
                at_ns=since_ns,
                detected_ns=now_ns,
            )
