"""The whole shipped city's month becomes statements quickly enough to be looked at again and again."""

import json
import time
from pathlib import Path
from random import Random

import pytest

from lab.samples.accounting import WITA
from lab.samples.evidence import Recorded
from pantau.inventory import load
from pantau.reports.accounting import Condition, Month, Stretch
from pantau.reports.statement import as_data, make_statement, survey

CONFIG = Path(__file__).parents[4] / "examples" / "bitung"
MAY = Month(2024, 5)
OUTAGES = 31
"""Of each point: one a day."""


def busy(random: Random) -> list[Stretch]:
    """A point with an outage at some time of each day."""
    start, _ = MAY.span(WITA)
    found, here = [], start - 3600
    for day in range(OUTAGES):
        begins = start + day * 86_400 + random.randrange(60_000)
        ends = begins + random.choice([60, 200, 400, 1200, 7200])
        found += [
            Stretch(here, begins, Condition.UP, (2 * day,)),
            Stretch(begins, ends, Condition.DOWN, (2 * day + 1,)),
        ]
        here = ends
    return [*found, Stretch(here, start + 32 * 86_400, Condition.UP, (2 * OUTAGES,))]


@pytest.mark.alone
def test_a_city_s_month_takes_seconds() -> None:
    """1000 hotspots, 23 contracts, 31,000 outages: survey, statements and JSON in under ten seconds of CPU."""
    inventory = load(CONFIG / "pantau.yml").inventory
    random = Random(7172)
    evidence = Recorded({hotspot.id: busy(random) for hotspot in inventory.hotspots})
    began = time.process_time()
    month = survey(inventory, evidence, MAY, WITA)
    made = [make_statement(contract.id, month) for contract in inventory.contracts]
    written = [json.dumps(as_data(statement)) for statement in made]
    took = time.process_time() - began
    assert sum(statement.summary.points for statement in made) == 979
    outages = sum(len(s.events) + sum(row.short_outages for row in s.points) for s in made)
    assert outages == 979 * OUTAGES
    assert len(written) == 23
    assert took < 10
