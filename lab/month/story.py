"""What happens in the month: power cuts, ISPs' outages, single faults, our own faults, moves, a restart each night."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import yaml

from lab.history.recorded import probed_every, smaller
from lab.samples.accounting import WITA
from pantau.inventory import Assignment, Configuration, Contract, Hotspot, Inventory, load
from pantau.inventory.contracts import DeductionStep
from pantau.reports.accounting import Month, Span, local_day, midnight

CONFIG = Path(__file__).parents[2] / "examples" / "bitung" / "pantau.yml"
MONTH = Month(2024, 5)
WHOLE_SPAN = midnight(date(2024, 5, 1), WITA) - 3600, midnight(date(2024, 6, 1), WITA) + 3600
"""With an hour before and after, so that both edges of the month are seen."""
MOVING_DAY = midnight(date(2024, 5, 15), WITA)
DAY, HOUR, MINUTE = 86_400, 3600, 60
METHODS = ("R1", "R1b", "R2", "R3", "R4", "R5")
STEPS = (("0.98", "0.05"), ("0.9", "0.25"))
"""Of R5: availability below the first deducts the second of the fee."""
OBJECTIVE = "0.97"
MINIMUM_COVERAGE = Fraction(85, 100)
"""Of all contracts: our own faults hide 6 % of the month, and at the default of 95 % no line would test any rupiah."""
STOPPED_SECONDS = 90
"""How long the exporter is away at a restart."""


@dataclass(frozen=True)
class Story:
    """A part of the month (`span`), of a city."""

    before: Configuration
    after: Configuration
    """From `MOVING_DAY` on."""
    scenario: Path
    span: Span
    interval: int
    """Seconds between two rounds of a hotspot."""
    step: int
    """Seconds by which the virtual clock moves: how late a probe may leave."""
    scrape: int
    moved: tuple[str, ...]

    @property
    def tolerance(self) -> int:
        """One interval, as it may be told: a probe late by a step, its timeout, the canaries' doubt."""
        return self.interval + 2 * self.step + 5

    @property
    def recovery(self) -> int:
        """How long a point that has come up may be held to be down: two answers tell that it is."""
        return self.tolerance + self.interval

    @property
    def witness_tolerance(self) -> int:
        """Seconds by which Prometheus may differ: what no scrape has seen at both edges, and around a restart or two.

        A restart costs only those whose state changed between the last scrape and it.
        """
        return 4 * self.scrape

    @property
    def nights(self) -> Iterator[tuple[int, bool]]:
        """When the exporter ends each night at 02:00, and whether it is killed, which it is every other night."""
        for at in range(self.span[0] // DAY * DAY - 6 * HOUR, self.span[1], DAY):
            if at > self.span[0]:
                yield at + 17, at // DAY % 2 == 1


def make_story(folder: Path, span: Span, part: int, interval: int, step: int, scrape: int) -> Story:
    """The month in a city of one hotspot in `part`; the scenario goes to a file in `folder`."""
    configuration = probed_every(interval, load(CONFIG))
    if part > 1:
        configuration = smaller(configuration, part, 1)
    # Exclusions and windows have tests of their own; here the script alone says what is charged.
    inventory = replace(configuration.inventory, exclusions=(), maintenance=(), site_visits=())
    moves = dict(_moves(inventory))
    inventory = replace(
        inventory,
        contracts=tuple(_paid(number, one, span) for number, one in enumerate(inventory.contracts)),
        assignments=tuple(_assigned(inventory, moves)),
    )
    after = replace(inventory, hotspots=tuple(_moved(inventory, moves)))
    scenario = folder / "month.yml"
    scenario.write_text(yaml.safe_dump(_scenario(inventory, span)), encoding="utf-8")
    before = replace(configuration, inventory=inventory)
    return Story(before, replace(before, inventory=after), scenario, span, interval, step, scrape, tuple(moves))


def _paid(number: int, contract: Contract, span: Span) -> Contract:
    """By every method in turn, and by both months: the calendar's and the contract's own days, those of the story."""
    return contract.model_copy(
        update={
            "start": max(contract.start, local_day(span[0], WITA)),
            "end": min(contract.end, local_day(span[1] - 1, WITA) + timedelta(days=1)),
            "method": METHODS[number % len(METHODS)],
            "steps": tuple(DeductionStep(below_ratio=below, deduct_ratio=deduct) for below, deduct in STEPS),
            "sla_ratio": float(OBJECTIVE),
            "minimum_coverage_ratio": float(MINIMUM_COVERAGE),
            "denominator": ("calendar_days", "contract_days")[number // len(METHODS) % 2],
        }
    )


def _moves(inventory: Inventory) -> Iterator[tuple[str, str]]:
    """One hotspot in fifteen moves, to the next contract of its kecamatan."""
    contracts = [contract.id for contract in inventory.contracts]
    for hotspot in inventory.active_hotspots[::15]:
        own = [name for name in contracts if inventory.contract_by_id[name].kecamatan == hotspot.kecamatan]
        if hotspot.contract in own and len(own) > 1:
            yield hotspot.id, own[(own.index(hotspot.contract) + 1) % len(own)]


def _assigned(inventory: Inventory, moves: dict[str, str]) -> Iterator[Assignment]:
    known = inventory.hotspot_by_id
    for one in inventory.assignments:
        if one.hotspot in moves:
            yield one.model_copy(update={"end": date(2024, 5, 15)})
            yield one.model_copy(update={"contract": moves[one.hotspot], "start": date(2024, 5, 15)})
        elif one.hotspot in known:
            yield one


def _moved(inventory: Inventory, moves: dict[str, str]) -> Iterator[Hotspot]:
    for hotspot in inventory.hotspots:
        contract = moves.get(hotspot.id)
        if contract is None:
            yield hotspot
        else:
            isp = inventory.contract_by_id[contract].isp
            yield hotspot.model_copy(update={"contract": contract, "isp": isp})


def _scenario(inventory: Inventory, span: Span) -> dict[str, object]:
    """Ordered by chance that is always the same; background loss would be chance that no script tells."""
    random, count = Random(515), len(inventory.active_hotspots)
    events = [
        *_singles(count),
        *_power_cuts(random, inventory, span),
        *_isp_outages(random, inventory, span),
        *_own_faults(span),
    ]
    dead = {"count": max(1, count // 50)}
    return {"name": "bulan / month", "background_loss": False, "dead": dead, "events": events}


def _singles(count: int) -> Iterator[dict[str, object]]:
    """Faults of single hotspots, by turns: of 25 minutes, of four hours, of two minutes (which nobody pays for)."""
    for share, lasting, spread, every in ((4, "25m", "40h", "47h"), (10, "4h", "60h", "71h"), (5, "2m", "20h", "29h")):
        what = {"random": count // share, "at": "20m", "spread": spread, "for": lasting, "repeat_every": every}
        yield {"hotspot_down": what}


def _power_cuts(random: Random, inventory: Inventory, span: Span) -> Iterator[dict[str, object]]:
    wards = sorted({(one.kecamatan, one.kelurahan) for one in inventory.active_hotspots if one.kelurahan})
    for start in range(0, span[1] - span[0], DAY // 3):
        kecamatan, kelurahan = random.choice(wards)
        at, minutes = start + random.randrange(DAY // 3), random.randrange(20, 200)
        what = {"kelurahan": kelurahan, "kecamatan": kecamatan, "at": _seconds(at), "for": f"{minutes}m"}
        yield {"kelurahan_power_cut": what}


def _isp_outages(random: Random, inventory: Inventory, span: Span) -> Iterator[dict[str, object]]:
    isps = sorted({one.isp for one in inventory.active_hotspots})
    for start in range(0, span[1] - span[0], DAY):
        at, minutes = start + random.randrange(DAY), random.randrange(30, 150)
        yield {"isp_outage": {"isp": random.choice(isps), "at": _seconds(at), "for": f"{minutes}m"}}


def _own_faults(span: Span) -> Iterator[dict[str, object]]:
    yield {"vantage_cut": {"daily": "04:30", "for": "10m"}}
    yield {"send_failure": {"errno": "ENOBUFS", "daily": "13:40", "for": "4m"}}
    yield {"receive_overflow": {"daily": "20:15", "for": "4m"}}
    for number, at in enumerate(range(span[0] + 9 * HOUR, span[1] - DAY, 6 * DAY)):
        yield {"vantage_cut": {"at": _seconds(at - span[0]), "for": f"{2 + 3 * number}h"}}


def _seconds(value: int) -> str:
    return f"{value}s"
