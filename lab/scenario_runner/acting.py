"""What a scenario does to the city and to the office, each at its time."""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from lab.city.namespace import CityNamespace
from lab.city.process_sockets import icmp_socket_of
from lab.scenario_runner.configuration import ScenarioConfiguration
from lab.scenario_runner.fleet import Fleet
from lab.scenario_runner.office import Office
from lab.scenario_runner.scenario import AgentsWords, AlertingScenario, FlapCycle, Part, TimedFault
from lab.scenario_runner.selecting import addresses, hotspots
from pantau.inventory import Inventory

SO_RCVBUFFORCE = 33  # asm-generic/socket.h; Python does not name it


@dataclass(frozen=True, slots=True)
class InjectionStep:
    """One action at one time, in seconds after the scenario begins."""

    at: float
    what: str
    do: Callable[[], None]


@dataclass(frozen=True, slots=True)
class FaultInjector:
    """Turns a scenario into actions on the city and on what watches it. `cleanup` closes what is open at the end."""

    scenario: AlertingScenario
    city: CityNamespace
    configuration: ScenarioConfiguration
    inventory: Inventory
    office: Office
    cleanup: ExitStack
    fleet: Fleet | None = None
    """The agents, if there are any: whose line is cut beats no more."""

    def steps(self) -> list[InjectionStep]:
        """All that happens, in the order of time."""
        return sorted((step for act in self.scenario.acts for step in self._steps_of(act)), key=lambda step: step.at)

    def _steps_of(self, act: TimedFault) -> Iterator[InjectionStep]:
        office, configuration = self.office, self.configuration
        if act.black_hole is not None:
            yield self._silence(act.at, addresses(act.black_hole, self.inventory, self.scenario.canaries))
            yield from self._agents_say(act.at, AgentsWords(of=act.black_hole, say="nothing"))
        if act.heal is not None:
            yield self._heal(act.at, addresses(act.heal, self.inventory, self.scenario.canaries))
            yield from self._agents_say(act.at, AgentsWords(of=act.heal, say="ok"))
        if act.agents is not None:
            yield from self._agents_say(act.at, act.agents)
        if act.flap is not None:
            yield from self._flaps(act.at, act.flap)
        if act.overflow is not None:
            yield from self._overflow(act.at, act.overflow.lasts)
        if act.step_clock is not None:
            yield InjectionStep(act.at, "clock step", partial(office.signal, "exporter", signal.SIGUSR1))
        if act.kill is not None:
            yield InjectionStep(act.at, f"kill {act.kill}", partial(office.end, act.kill, signal.SIGKILL))
        if act.stop is not None:
            yield InjectionStep(act.at, f"stop {act.stop}", partial(office.end, act.stop, signal.SIGTERM))
        if act.start is not None:
            yield InjectionStep(act.at, f"start {act.start}", partial(office.start, act.start))
        if act.restart is not None:
            yield InjectionStep(act.at, f"restart {act.restart}", partial(self._restart, act.restart))
        if act.maintenance is not None:
            yield InjectionStep(
                act.at, f"window {act.maintenance.id}", partial(configuration.file_maintenance, act.maintenance)
            )
        if act.lose_hotspots is not None:
            yield InjectionStep(
                act.at, f"lose {act.lose_hotspots} hotspots", partial(configuration.lose_hotspots, act.lose_hotspots)
            )

    def _agents_say(self, at: float, words: AgentsWords) -> Iterator[InjectionStep]:
        if self.fleet is not None:
            told = [hotspot.id for hotspot in hotspots(words.of, self.inventory)]
            yield InjectionStep(at, f"agents of {len(told)}: {words.say}", partial(self.fleet.say, told, words.say))

    def _silence(self, at: float, lost: list[str]) -> InjectionStep:
        return InjectionStep(at, f"{len(lost)} silent", lambda: self.city.black_hole(lost))

    def _heal(self, at: float, healed: list[str]) -> InjectionStep:
        return InjectionStep(at, f"{len(healed)} healed", lambda: self.city.heal(healed))

    def _flaps(self, at: float, flap: FlapCycle) -> Iterator[InjectionStep]:
        lost = addresses(flap.of, self.inventory, self.scenario.canaries)
        period = flap.down + flap.up
        for turn in range(round(flap.lasts / period)):
            yield self._silence(at + turn * period, lost)
            yield self._heal(at + turn * period + flap.down, lost)

    def _overflow(self, at: float, seconds: float) -> Iterator[InjectionStep]:
        """The buffer of the exporter's own socket is shrunk from outside, and given back."""

        def shrink() -> None:
            stolen = self.cleanup.enter_context(icmp_socket_of(self.office.pid("exporter")))
            size = stolen.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2  # the kernel doubles what it is told
            stolen.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            sizes.append((stolen, size))

        def give_back() -> None:
            stolen, size = sizes.pop()
            stolen.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, size)

        sizes: list[tuple[socket.socket, int]] = []
        yield InjectionStep(at, "receive buffer full", shrink)
        yield InjectionStep(at + seconds, "receive buffer as before", give_back)

    def _restart(self, part: Part) -> None:
        self.office.end(part, signal.SIGTERM)
        self.office.start(part)


def play(steps: list[InjectionStep], lasts: float, began: float, tell: Callable[[str, float], None]) -> None:
    """Do every step at its time and wait to the end; `tell` hears what was last done and the seconds since `began`."""
    last = ""
    for step in [*steps, InjectionStep(lasts, "over", _nothing)]:
        while (rest := began + step.at - time.monotonic()) > 0:
            tell(last, time.monotonic() - began)
            time.sleep(min(rest, 0.5))
        step.do()
        last = step.what


def _nothing() -> None:
    """The end is nothing that is done."""
