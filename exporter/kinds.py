"""Where the kinds of probes are listed. A new kind is a folder of `exporter/probing` and one line in `KINDS`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from exporter.planning.plan import KindPlan, KindPlanner, Plan, make_plan
from exporter.probing.agent.page import AskedPage
from exporter.probing.agent.plan import AgentPlan, plan_agents
from exporter.probing.agent.prober import AgentProber
from exporter.probing.checking.plan import CheckPlan, plan_checks
from exporter.probing.checking.prober import Ask, CheckProber
from exporter.probing.checking.reaching import Reaching
from exporter.probing.dns.late import ask_dns_late
from exporter.probing.http.asking import HttpAsker
from exporter.probing.icmp.plan import IcmpPlan, plan_icmp
from exporter.probing.icmp.prober import IcmpProber
from exporter.probing.prober import Prober
from exporter.probing.tcp.asking import ask_tcp
from exporter.scheduling.pacing import WINDOW_NS
from exporter.scheduling.slots import LATE_LIMIT_NS
from exporter.world import World
from pantau.clock import Clock
from pantau.inventory import Configuration
from pantau.inventory.checks import CheckKind


@dataclass(frozen=True, slots=True)
class SlotPolicy:
    """How probes keep to their slots. Times in nanoseconds."""

    late_limit_ns: int = LATE_LIMIT_NS
    """Slots later than this are skipped: sending all that a pause has missed would be a burst."""
    grain_ns: int | None = None
    """How far ahead probes are planned, so that many are planned together; None for what fits the plan."""
    window_ns: int = WINDOW_NS
    """How often somebody looks what is to leave: as much leaves at once as falls due in between."""


DEFAULT_SLOTS = SlotPolicy()


@dataclass(frozen=True, slots=True)
class ProbeKind:
    """A kind of probe: how its plan is made of a configuration, and its prober of that plan."""

    plan: KindPlanner
    open: Callable[[KindPlan, World, Clock, SlotPolicy], Prober]


def open_icmp(plan: KindPlan, world: World, clock: Clock, slots: SlotPolicy) -> Prober:
    """The pings, over the engine of this world."""
    of_icmp = cast("IcmpPlan", plan)
    return IcmpProber(
        *(of_icmp, world.engine, world.resolver, clock, slots.late_limit_ns, slots.grain_ns, slots.window_ns),
        reach=world.reach,
    )


def of_checks(kind: CheckKind, asker: Callable[[], Ask]) -> ProbeKind:
    """Checks of one kind, made by what `asker` makes."""

    def open_checks(plan: KindPlan, world: World, clock: Clock, _: SlotPolicy) -> Prober:
        return CheckProber(cast("CheckPlan", plan), asker(), Reaching(world.resolver, world.reach), clock)

    return ProbeKind(partial(plan_checks, kind), open_checks)


def open_agents(plan: KindPlan, world: World, clock: Clock, slots: SlotPolicy) -> Prober:  # noqa: ARG001 - nothing leaves
    """The heartbeats, through the door of this world."""
    return AgentProber(cast("AgentPlan", plan), world.beats, AskedPage(world.resolver), clock)


KINDS: list[ProbeKind] = [
    ProbeKind(plan_icmp, open_icmp),
    of_checks("http", HttpAsker),
    of_checks("tcp", lambda: ask_tcp),
    of_checks("dns", lambda: ask_dns_late),
    ProbeKind(plan_agents, open_agents),
]
"""The pings stand first: their counters and quality are the hotspots' own."""


def plan_of(configuration: Configuration, digest: str = "", kinds: Sequence[ProbeKind] | None = None) -> Plan:
    """What all `kinds`, those of `KINDS` if left out, make of a configuration; `digest` is that of its files."""
    return make_plan(configuration, [kind.plan for kind in kinds or KINDS], digest)


def open_probers(
    plan: Plan, world: World, clock: Clock, slots: SlotPolicy = DEFAULT_SLOTS, kinds: Sequence[ProbeKind] | None = None
) -> list[Prober]:
    """A prober for each kind of a plan that the same `kinds` have made."""
    pairs = zip(kinds or KINDS, plan.kinds, strict=True)
    return [kind.open(of_kind, world, clock, slots) for kind, of_kind in pairs]
