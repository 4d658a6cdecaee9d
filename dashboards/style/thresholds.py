"""From which value on a figure is good, a warning or bad: each limit once, with its reason."""

import re

from dashboards import extra, states

SHARE_STEPS = (
    extra.ThresholdStep("text"),
    extra.ThresholdStep(states.BAD, 0),
    extra.ThresholdStep(states.WARNING, 0.8),
    extra.ThresholdStep(states.GOOD, 0.95),
)
"""Share online: below 80 % one of five is offline, and a programme loses ground; from 95 % on single points are left.

The first step, here and below, is that of the words for "no data": in red they would shout.
"""

AVAILABILITY_STEPS = (
    extra.ThresholdStep("text"),
    extra.ThresholdStep(states.BAD, 0),
    extra.ThresholdStep(states.WARNING, 0.95),
    extra.ThresholdStep(states.GOOD, 0.98),
)
"""Availability: 98 % is what ISPs of the country usually promise, 95 % the least that any of them does."""

PROMISE_STEPS = (
    extra.ThresholdStep("text"),
    extra.ThresholdStep(states.BAD, -1),
    extra.ThresholdStep(states.GOOD, 0),
)
"""Availability less what the contract promises: each contract is coloured by its own promise, not by a usual one."""

LOSS_STEPS = (
    extra.ThresholdStep("text"),
    extra.ThresholdStep(states.GOOD, 0),
    extra.ThresholdStep(states.WARNING, 0.02),
    extra.ThresholdStep(states.BAD, 0.2),
)
"""Loss: from 2 % on people notice, from 20 % on calls and lessons break off."""

FULL_STEPS = (
    extra.ThresholdStep("text"),
    extra.ThresholdStep(states.WARNING, 0.9),
    extra.ThresholdStep(states.BAD, 1),
)
"""Traffic of what was ordered: from 90 % on everybody waits for everybody; above all of it the ISP gives more."""

PLAIN = (extra.ThresholdStep("text"),)

COUNT_STEPS = (extra.ThresholdStep("text"), extra.ThresholdStep(states.BAD, 1))
"""Things that ought not to be there at all."""

MEANT_FOR = (
    (SHARE_STEPS, "the share online", re.compile(r"hotspot_up")),
    (AVAILABILITY_STEPS, "availability", re.compile(r"availab")),
    (FULL_STEPS, "the share of what was ordered", re.compile(r"saturated")),
    (LOSS_STEPS, "loss", re.compile(r"loss")),
    (PROMISE_STEPS, "the distance to a promise", re.compile(r"pantau_contract_objective_ratio")),
)
"""Which figure each was made for, by what a query asks for: on another one they are somebody else's limits."""
