"""What a statement says of its own measuring: by the settings in force, and as the real exporter behaves."""

from fractions import Fraction
from random import Random

import pytest

from lab.samples.accounting import APRIL, WITA
from lab.samples.evidence import CITY, TELKOM, Recorded
from pantau.inventory.settings import Settings
from pantau.reports.statement import make_statement, measuring_of, survey
from pantau.states import State
from tests.exporter.monitor.watched import hotspots, plan_of
from tests.exporter.recording.heard import Heard
from tests.network import MS, SECOND, Arrival, Request, answers, silent


def settings(**probing: object) -> Settings:
    """Settings with these of probing."""
    return Settings.model_validate({"probing": probing, "office": {"name": "Diskominfo", "operator": "NOC"}})


def test_by_default_ten_seconds_are_missed_in_48_of_120_cases() -> None:
    """The auditor's figure: an outage up to 4 s is never seen, one of 14 s always."""
    told = measuring_of(Settings())
    assert (told.interval_seconds, told.confirm_attempts, told.recover_after) == (10, 3, 2)
    assert (told.never_seen_seconds, told.surely_seen_seconds, told.edge_seconds) == (4, 14, 10)
    assert (told.example_seconds, told.example_missed, told.missed.percent) == (10, 48, "40.0000")


@pytest.mark.parametrize(
    ("probing", "never", "surely"),
    [
        ({"interval": "30s"}, 4, 34),
        ({"timeout": "1s", "confirm": {"attempts": 5, "spacing": "2s"}}, 9, 19),
        ({"confirm": {"attempts": 0}}, 0, 10),
        ({"packets": 3, "confirm": {"attempts": 0}}, 0.2, 10.2),
        ({"packets": 3, "timeout": "1500ms", "confirm": {"attempts": 1}}, 1.7, 11.7),
    ],
)
def test_other_settings_give_other_limits(probing: dict[str, object], never: float, surely: float) -> None:
    """The last probe of the last stage decides what may be seen."""
    told = measuring_of(settings(**probing))
    assert (told.never_seen_seconds, told.surely_seen_seconds) == (never, surely)


def test_a_statement_says_by_which_settings_it_was_measured_and_by_whom() -> None:
    """Those that the survey was given."""
    given = measuring_of(settings(interval="20s"))
    made = make_statement(TELKOM, survey(CITY, Recorded(), APRIL, WITA, given))
    assert made.measuring == given
    assert (made.measuring.office, made.measuring.operator, made.measuring.interval_seconds) == (
        "Diskominfo",
        "NOC",
        20,
    )


def test_the_exporter_misses_what_the_statement_says() -> None:
    """240 points, each dead once for 3, 8, 10 or 14 s at a moment of its own."""
    told, random = measuring_of(Settings()), Random(7)
    lengths = (3, 8, 10, 14.2)
    city = Heard(plan_of(hotspots(240)))
    alive, began_ns = answers(), city.clock.monotonic_ns() + 30 * SECOND
    for number, address in enumerate(hotspots(240).values()):
        since = random.uniform(0, 20)

        def host(request: Request, since: float = since, lasts: float = lengths[number % 4]) -> list[Arrival]:
            seconds = (request.at_ns - began_ns) / SECOND - since
            return list(silent(request) if 0 <= seconds < lasts else alive(request))

        city.network.hosts[address] = host
    for _ in range(80 * SECOND // (200 * MS)):
        city.clock.advance(200 * MS)
        city.tick()
    down = {name for name, _, after, _ in city.changes if after == State.DOWN}
    for place, length in enumerate(lengths):
        own = [name for number, name in enumerate(hotspots(240)) if number % 4 == place]
        missed = sum(name not in down for name in own) / len(own)
        assert missed == pytest.approx(float(told.missed_share(Fraction(str(length)))), abs=0.16), length
    assert {name for number, name in enumerate(hotspots(240)) if number % 4 == 0}.isdisjoint(down)
