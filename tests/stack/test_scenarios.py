"""The quick scenarios of the scenario runner, several at the same time: exactly the notifications that they expect.

`make scenarios` runs all of them; this is the part that every change is tried on.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from lab.scenario_runner.reading import read_scenarios
from lab.scenario_runner.running import ScenarioResult, start_all
from tests.city.requirements import require_city
from tests.stack.running import require_stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]

QUICK = {name: scenario for name, scenario in read_scenarios().items() if scenario.quick}
PARALLEL = 5


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[ScenarioResult]]]:
    """All quick scenarios, begun; each test waits for its own."""
    require_city()
    require_stack()
    with ThreadPoolExecutor(PARALLEL) as pool:
        yield start_all(QUICK, tmp_path_factory.mktemp("scenarios"), _tell_nobody, pool)


@pytest.mark.parametrize("name", QUICK)
def test_a_fault_causes_exactly_its_notifications(name: str, outcomes: dict[str, Future[ScenarioResult]]) -> None:
    """None is false, none is missed, none is late."""
    outcome = outcomes[name].result()
    assert outcome.judgement.right, f"{outcome.judgement}\n{outcome.notifications}"


def _tell_nobody(name: str, what: str, seconds: float, total: float) -> None:
    """A test has no progress display."""
