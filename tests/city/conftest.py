"""The cities of the tests."""

from collections.abc import Iterator

import pytest

from lab.city.namespace import CityNamespace
from tests.city.lossy import Lossy, lossy_city
from tests.city.requirements import require_city
from tests.city.story import Story, run_script


@pytest.fixture(scope="session", autouse=True)
def _city_can_be_built() -> None:
    """Every test here needs root, iproute2 and nftables."""
    require_city()


@pytest.fixture(scope="module")
def city() -> Iterator[CityNamespace]:
    """A city of the module's own, without any fault."""
    with CityNamespace() as namespace:
        yield namespace


@pytest.fixture(scope="session")
def lossy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lossy]:
    """The hotspots that lose packets; they need a minute, and have it while the story runs."""
    with lossy_city(tmp_path_factory.mktemp("lossy")) as hotspots:
        yield hotspots


@pytest.fixture(scope="session")
def story(lossy: Lossy, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The scripted two minutes of a thousand hotspots, lived through once."""
    return run_script(tmp_path_factory.mktemp("story"))
