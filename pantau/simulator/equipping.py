"""Which hotspots of a simulated city have agents: as its inventory says, or else as the scenario wants. Pure."""

from dataclasses import replace
from typing import Annotated, Self

import numpy as np
from pydantic import AfterValidator, BaseModel, Field, model_validator

from pantau.inventory import Configuration, Hotspot
from pantau.inventory.agents import LEAST_PATIENCE, Agents
from pantau.inventory.durations import format_duration, parse_duration
from pantau.inventory.fields import FROZEN, Seconds, fault
from pantau.inventory.vocabulary import Access
from pantau.simulator.randomness import draw_at, word_of, words_of

_CHOICE = word_of("agents") >> 1


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        raise fault(f"{value:g} is not between 0 and 1; for a third write 0.333")
    return value


class ScriptedAgents(BaseModel):
    """Devices at hotspots that send heartbeats, for an inventory that has none."""

    model_config = FROZEN
    unpingable: tuple[Access, ...] = Field(
        ("starlink",), description="Hotspots with this access cannot be pinged, and have an agent each."
    )
    share: Annotated[float, AfterValidator(_share)] = Field(
        1 / 3, description="Of the other hotspots, how many have one, 0 to 1; chosen by the seed."
    )
    interval_seconds: Seconds = Field(parse_duration("1m"), alias="interval", description="How often each sends.")
    grace_seconds: Seconds = Field(
        parse_duration("3m"), alias="grace", description="After so long without a heartbeat a hotspot is down."
    )

    @model_validator(mode="after")
    def _patient(self) -> Self:
        least = LEAST_PATIENCE * self.interval_seconds
        if self.grace_seconds < least:
            raise fault(f"'grace' leaves no room for a heartbeat that is late; write {format_duration(least)} or more")
        return self


def equipped(configuration: Configuration, wanted: ScriptedAgents | None, seed: int) -> Configuration:
    """The configuration with the agents that are wanted; as it is where none are, or where it has its own."""
    settings, inventory = configuration.settings, configuration.inventory
    if wanted is None or settings.agents is not None:
        return configuration
    chosen = _chosen(inventory.active_hotspots, wanted, seed)
    hotspots = tuple(_with_agent(one, wanted) if one.id in chosen else one for one in inventory.hotspots)
    # Nobody listens and nobody has a token: who is simulated needs no key.
    agents = Agents(key_files=("simulated",)).model_copy(
        update={"interval_seconds": wanted.interval_seconds, "grace_seconds": wanted.grace_seconds}
    )
    return replace(
        configuration,
        settings=settings.model_copy(update={"agents": agents}),
        inventory=replace(inventory, hotspots=hotspots),
    )


def _with_agent(hotspot: Hotspot, wanted: ScriptedAgents) -> Hotspot:
    ping = "none" if hotspot.access in wanted.unpingable else hotspot.ping
    return hotspot.model_copy(update={"agent": True, "ping": ping})


def _chosen(hotspots: tuple[Hotspot, ...], wanted: ScriptedAgents, seed: int) -> frozenset[str]:
    """The ids of who has an agent: adding a hotspot changes the choice by one at most."""
    unpingable = [hotspot.id for hotspot in hotspots if hotspot.access in wanted.unpingable]
    others = [hotspot.id for hotspot in hotspots if hotspot.access not in wanted.unpingable]
    order = np.argsort(draw_at(words_of([f"{seed}/{name}" for name in others]), _CHOICE), kind="stable")
    return frozenset(unpingable + [others[place] for place in order[: round(wanted.share * len(others))]])
