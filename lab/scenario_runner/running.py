"""One scenario from beginning to end, and several at the same time."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from lab.city.namespace import CityNamespace
from lab.scenario_runner.acting import FaultInjector, play
from lab.scenario_runner.configuration import ScenarioConfiguration
from lab.scenario_runner.judging import Judgement, judge
from lab.scenario_runner.naming import names_of
from lab.scenario_runner.office import Office
from lab.scenario_runner.scenario import AlertingScenario
from lab.scenario_runner.selecting import hotspots
from lab.scenario_runner.webhook import ReceivedNotification, Webhook
from pantau.inventory import load

SETTLING_SECONDS = 20.0
"""After all are up: what is false even without a fault would be told by then."""

Tell = Callable[[str, str, float, float], None]
"""Hears how far a scenario is: its name, what is going on, seconds passed, seconds in all. What it raises ends it."""


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What a scenario came to. `began` is the first moment in monotonic seconds."""

    judgement: Judgement
    notifications: tuple[ReceivedNotification, ...]
    began: float


def run_scenario(name: str, scenario: AlertingScenario, folder: Path, tell: Tell) -> ScenarioResult:
    """Build a city and an office in `folder`, let them settle, play the scenario, and judge what was told."""
    webhook = Webhook()
    configuration = ScenarioConfiguration(folder, scenario.canaries, scenario.probed_uplinks, scenario.unprobed_uplinks)
    inventory = load(configuration.settings).inventory
    names = names_of(hotspots(scenario.named, inventory)) if scenario.named is not None else {}
    configuration.name_hotspots(names)
    agents = [it.id for it in hotspots(scenario.agents, inventory)] if scenario.agents is not None else []
    unpinged = {it.id for it in hotspots(scenario.unpinged, inventory)} if scenario.unpinged is not None else set()
    if agents:
        configuration.give_agents(agents, unpinged & set(agents))
    total = SETTLING_SECONDS + scenario.lasts
    tell(name, "starts", 0.0, total)
    step_seconds = next((act.step_clock for act in scenario.acts if act.step_clock is not None), None)
    with CityNamespace() as city, ExitStack() as cleanup:
        city.allow_datagram_sockets(True)
        office = Office(city, configuration, folder, step_seconds, names)
        cleanup.enter_context(office.open(webhook))
        fleet = cleanup.enter_context(office.open_fleet(agents)) if agents else None
        count = len(inventory.active_hotspots)
        office.wait_until(lambda: office.number("sum(hotspot_up)") == count, f"{count} hotspots up")
        play([], SETTLING_SECONDS, time.monotonic(), lambda _, seconds: tell(name, "all up", seconds, total))
        steps = FaultInjector(scenario, city, configuration, inventory, office, cleanup, fleet).steps()
        began = time.monotonic()
        play(steps, scenario.lasts, began, lambda what, seconds: tell(name, what, SETTLING_SECONDS + seconds, total))
    told = tuple(webhook.notifications)
    return ScenarioResult(judge(scenario.expected, told, began), told, began)


def start_all(
    scenarios: Mapping[str, AlertingScenario], folder: Path, tell: Tell, pool: ThreadPoolExecutor
) -> dict[str, Future[ScenarioResult]]:
    """The longest first, so that the last to end is not the longest. Each has a folder of its own."""

    def begin(name: str, scenario: AlertingScenario) -> ScenarioResult:
        own = folder / name
        own.mkdir(parents=True)
        return run_scenario(name, scenario, own, tell)

    longest_first = sorted(scenarios, key=lambda name: -scenarios[name].lasts)
    begun = {name: pool.submit(begin, name, scenarios[name]) for name in longest_first}
    return {name: begun[name] for name in scenarios}
