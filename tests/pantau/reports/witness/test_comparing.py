"""The two witnesses over a made month in real servers: gaps, restarts, moves, newcomers, and silence."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from urllib.parse import quote

import numpy as np
import pytest

from lab.history.prometheus import PrometheusServer, prometheus
from lab.history.remote_write import STALE, label_bytes, sample_rows, series
from lab.samples.accounting import WITA
from lab.samples.evidence import CITY, Recorded, dark
from pantau.errors import WitnessError
from pantau.reports.accounting import Condition, Month, Span, Spans, Stretch
from pantau.reports.edition import Comparison, WitnessDecision, WitnessRow
from pantau.reports.statement import Survey, survey
from pantau.reports.statement.evidence import MAINTENANCE
from pantau.reports.witness import compare, comparing, seconds_of
from pantau.reports.witness.counters import Gain
from tests.pantau.prometheus.answering import answering
from tests.pantau.reports.witness.victoria import flushed, victoria_metrics
from tests.programs import require_program

Track = tuple[bytes, np.ndarray, np.ndarray]
"""Labels, times in seconds, values."""
APRIL = Month(2024, 4)
START, END = APRIL.span(WITA)
DAY, HOUR, SCRAPE = 86_400, 3600, 60
STATES = ("down", "up", "degraded", "isolated", "maintenance", "unknown", "inactive")
NIGHTS = tuple(START + day * DAY + 2 * HOUR + 37 for day in range(30))
"""When the exporter was started anew."""
DOWNS = ((START - HOUR, START + 2 * HOUR), (START + 10 * DAY, START + 11 * DAY), (END - 5000, END + HOUR))
"""When P-1 and P-2 were down: over both edges of the month, over a restart, over another."""
CAME = START + 20 * DAY + 1234
"""When P-3 was added, and P-4 was taken out; both were up."""
AWAY = (START + 5 * DAY + 6300, START + 5 * DAY + 7 * HOUR)
"""When Prometheus was away, and the exporter was started anew."""
MOVED = START + 14 * DAY
"""When P-2 moved to another ISP."""
TOLERANCE_SECONDS = 2592
"""0.1 % of the month: with a scrape a minute each of the thirty restarts costs up to a minute."""


def counters(down: Spans, life: Span, starts: tuple[int, ...], times: np.ndarray) -> dict[str, np.ndarray]:
    """What an exporter's counters show at these times: time since it began, by state."""
    began = np.array([max([life[0], *(night for night in starts if night <= at)]) for at in times.tolist()])

    def spent(upto: np.ndarray) -> np.ndarray:
        edges = np.array(down.spans or ((0, 0),))
        seconds: np.ndarray = np.clip(upto[:, None] - edges[:, 0], 0, edges[:, 1] - edges[:, 0]).sum(axis=1)
        return seconds

    off = spent(times) - spent(began)
    values = {state: np.zeros(len(times)) for state in STATES}
    return values | {"down": off, "up": times - began - off}


def exposed(point: str, isp: str, times: np.ndarray, values: dict[str, np.ndarray]) -> Iterator[Track]:
    """One hotspot's counters, with the marker at their end that Prometheus sets when a series goes."""
    for state in STATES:
        labels = {
            "__name__": "hotspot_state_seconds_total",
            "hotspot": point,
            "kecamatan": "maesa",
            "isp": isp,
            "state": state,
            "job": "pantau",
            "instance": "here:9810",
        }
        yield label_bytes(labels), np.append(times, times[-1] + SCRAPE), np.append(values[state], STALE)


def write(running: PrometheusServer, tracks: Sequence[Track]) -> None:
    """All of them, hour by hour: Prometheus takes nothing that is much older than what it has."""
    for hour in range(START - 2 * HOUR, END + 3 * HOUR, HOUR):
        message = []
        for labels, times, values in tracks:
            part = slice(*np.searchsorted(times, (hour, hour + HOUR)).tolist())
            if part.start < part.stop:
                message.append(series(labels, sample_rows((times[part] * 1000).tolist(), values[part]).tobytes()))
        running.write(message)


@pytest.fixture(scope="module")
def tracks() -> list[Track]:
    """A month of scrapes that came 7 s after the minute."""
    every = np.arange(START - 2 * HOUR + 7, END + 2 * HOUR, SCRAPE)
    present = every[(every < AWAY[0]) | (every >= AWAY[1])]
    whole, down = (START - 3 * DAY, END + DAY), Spans.of(DOWNS)
    late, early = present[present >= CAME], present[present < CAME]
    tracks = [
        *exposed("P-1", "telkom", present, counters(down, whole, NIGHTS, present)),
        *exposed("P-3", "telkom", late, counters(Spans(), (CAME, END + DAY), NIGHTS, late)),
        *exposed("P-4", "biznet", early, counters(Spans(), whole, NIGHTS, early)),
    ]
    for isp, own in (("telkom", present[present < MOVED]), ("biznet", present[present >= MOVED])):
        tracks += exposed("P-2", isp, own, counters(down, whole, NIGHTS, own))
    return tracks


@pytest.fixture(scope="module", params=["prometheus", "victoria-metrics"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tracks: list[Track]
) -> Iterator[str]:
    """A server that has scraped it: Prometheus, or one that is compatible and extrapolates by other rules."""
    require_program(request.param)
    start = prometheus if request.param == "prometheus" else victoria_metrics
    with start(tmp_path_factory.mktemp("month")) as running:
        write(running, tracks)
        if request.param == "victoria-metrics":
            flushed(running)
        yield running.url


def surveyed(**by_point: list[Stretch]) -> Survey:
    """What the journal says of the five points of two contracts."""
    return survey(CITY, Recorded({name.replace("_", "-"): found for name, found in by_point.items()}), APRIL, WITA)


def april(server: str, **by_point: list[Stretch]) -> Comparison:
    """The comparison, asked long after."""
    return compare(server, surveyed(**by_point), {}, lambda: END + 90 * DAY, TOLERANCE_SECONDS)


def truth() -> dict[str, list[Stretch]]:
    """What was so."""
    gone = [(CAME, END + DAY)]
    return {
        "P_1": dark(*DOWNS),
        "P_2": dark(*DOWNS),
        "P_3": dark(unseen=[(START - DAY, CAME)]),
        "P_4": dark(unseen=gone),
        "P_5": dark(unseen=[(START - DAY, END + DAY)]),
    }


def row(comparison: Comparison, point: str) -> WitnessRow:
    """Of one point."""
    return next(one for one in comparison.rows if one.point == point)


@pytest.mark.stack
def test_both_say_the_same_of_a_month_with_everything_in_it(server: str) -> None:
    """Restarts each night, a gap of five hours with a restart in it, a move, a newcomer, one that goes."""
    found = april(server, **truth())
    assert found.open == ()
    assert [one.agrees for one in found.rows] == [True] * 5
    assert found.server == server
    # What a run gained between its last scrape and its end nobody has: up to a minute each night, and 16 minutes of the
    # run that ended while Prometheus was away. All else is exact to a scrape at each edge of the month.
    for one in found.rows[:4]:
        assert one.prometheus_down_seconds is not None
        assert one.prometheus_seen_seconds is not None
        assert abs(one.journal_seen_seconds - one.prometheus_seen_seconds - lost(one.point)) <= SCRAPE
    assert row(found, "P-5").difference is None


def lost(point: str) -> int:
    """Seconds of a point that no scrape has, between the last scrape of each run and its end."""
    scrapes = np.arange(START - 2 * HOUR + 7, END, SCRAPE)
    scrapes = scrapes[(scrapes < AWAY[0]) | (scrapes >= AWAY[1])]
    lives = {"P-3": (CAME, END), "P-4": (START, CAME)}
    start, end = lives.get(point, (START, END))
    return sum(night - int(scrapes[scrapes < night][-1]) for night in NIGHTS if start < night < end)


@pytest.mark.stack
@pytest.mark.parametrize("taken", [3000, 6000])
def test_an_outage_that_the_journal_does_not_have_is_found(server: str, taken: int) -> None:
    """An outage shortened by 50 minutes in the journal exceeds the tolerance."""
    shorter = (DOWNS[0], (DOWNS[1][0] + taken, DOWNS[1][1]), DOWNS[2])
    found = april(server, **truth() | {"P_1": dark(*shorter)})
    (one,) = found.open
    assert one.point == "P-1"
    assert one.difference is not None
    assert one.prometheus_down_seconds is not None
    assert one.prometheus_down_seconds - one.journal_down_seconds == pytest.approx(taken, abs=120)
    assert float(one.difference.percent) == pytest.approx(100 * taken / (END - START), abs=0.02)
    said = WitnessDecision("salah", "ani", "BA-1", 7, ("ani", "budi"), "two_keys")
    explained = compare(
        server, surveyed(**truth() | {"P_1": dark(*shorter)}), {"P-1": said}, lambda: END, TOLERANCE_SECONDS
    )
    assert explained.open == ()
    assert row(explained, "P-1").reason == "salah (ani, #7)"
    assert not row(explained, "P-1").agrees


def test_the_limit_is_in_seconds_and_a_share_of_the_month_at_most() -> None:
    """2600 s of a point's month passed, for they are less than 0.1 % of it: Rp501 of Rp500,000; now 601 s are asked."""
    survey = surveyed(P_1=dark((START + DAY, START + DAY + 10_000)))

    def agrees(seconds: int, tolerance: int = comparing.TOLERANCE_SECONDS) -> bool:
        gain = Gain(down=10_000 - seconds, seen=END - START)
        limit = min(comparing.TOLERANCE, Fraction(tolerance, END - START))
        return comparing._row("P-1", survey, gain, None, limit).agrees

    assert (agrees(600), agrees(601), agrees(2_600)) == (True, False, False)
    assert (agrees(100, 100), agrees(101, 100)) == (True, False)
    assert (agrees(2_592, 86_400), agrees(2_593, 86_400)) == (True, False)


@pytest.mark.stack
def test_a_point_that_prometheus_does_not_know_is_open(server: str) -> None:
    """A point without series in Prometheus does not agree."""
    found = april(server, **truth() | {"P_5": dark()})
    (one,) = found.open
    assert (one.point, one.prometheus_seen_seconds, one.difference) == ("P-5", None, None)


@pytest.mark.stack
def test_a_month_that_is_not_over_is_compared_up_to_now(server: str) -> None:
    """Up to a time that is no multiple of the step."""
    now = START + 10 * DAY + HOUR + 1801
    rest = (now, END + DAY)
    journal = {name: [*_until(now, found), Stretch(*rest, Condition.UNSEEN)] for name, found in truth().items()}
    found = compare(server, surveyed(**journal), {}, lambda: now + 0.7, TOLERANCE_SECONDS)
    assert found.open == ()
    assert row(found, "P-1").prometheus_down_seconds == pytest.approx(3 * HOUR + 1801, abs=2 * SCRAPE)
    assert row(found, "P-1").prometheus_down_seconds == pytest.approx(row(found, "P-1").journal_down_seconds, abs=120)


@pytest.mark.stack
def test_a_month_that_prometheus_no_longer_has_is_said(server: str) -> None:
    """A month without any series is an error, not an agreement."""
    may = survey(CITY, Recorded(), Month(2024, 6), WITA)
    with pytest.raises(WitnessError, match=r"has no hotspot_state_seconds_total of any hotspot of 2024-06; is it the"):
        compare(server, may, {}, now=lambda: END + 90 * DAY)


def test_a_month_that_has_not_begun_is_refused() -> None:
    """Before any query."""
    with pytest.raises(WitnessError, match=r"2024-04 has not begun"):
        compare("http://127.0.0.1:1", surveyed(), {}, now=lambda: START)


def test_counters_that_begin_anew_all_the_time_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of queries to a hostile server is bounded."""
    monkeypatch.setattr("pantau.reports.witness.comparing._MOST_QUESTIONS", 40)
    count = 0

    def answer(asked: dict[str, str], _: object) -> tuple[int, bytes]:
        nonlocal count
        count += 1
        ats = range(int(asked["start"]), int(asked["end"]) + 1, int(asked["step"]))
        values = ",".join(f'[{at},"{(at // 60) % 2 + (at // 3600) % 2}"]' for at in ats)
        metric = '{"metric":{"hotspot":"P-1"},"values":[' + values + "]}"
        return 200, b'{"status":"success","data":{"resultType":"matrix","result":[' + metric.encode() + b"]}}"

    with answering(answer) as url, pytest.raises(WitnessError, match=r"begin anew too often to be added up; look why"):
        compare(url, surveyed(), {}, now=lambda: END)
    assert count == 3 * 40


def test_a_point_s_name_is_asked_for_as_it_is() -> None:
    """Regular expression characters in an id are escaped."""
    asked: list[str] = []

    def answer(question: dict[str, str], _: object) -> tuple[int, bytes]:
        asked.append(question["query"])
        return 200, b'{"status":"success","data":{"resultType":"matrix","result":[]}}'

    hotspot = CITY.hotspots[0].model_copy(update={"id": "P.1"})
    month = survey(CITY.__class__(hotspots=(hotspot,)), Recorded({"P.1": dark()}), APRIL, WITA)
    with answering(answer) as url, pytest.raises(WitnessError):
        compare(f"{url}/{quote('a')}", month, {}, now=lambda: END)
    assert 'hotspot=~"P[.]1",' in asked[0]


def test_what_lies_under_a_window_is_in_neither() -> None:
    """Maintenance counts neither as seen nor as down on both sides."""
    stretches = [
        Stretch(0, 100, Condition.UP),
        Stretch(100, 150, Condition.DOWN, reason=MAINTENANCE),
        Stretch(150, 170, Condition.DOWN),
        Stretch(170, 180, Condition.ISOLATED),
        Stretch(180, 200, Condition.DEGRADED),
        Stretch(200, 300, Condition.UNSEEN),
        Stretch(300, 400, Condition.UP),
    ]
    assert seconds_of(stretches, (50, 350)) == (30, 150)


def _until(now: int, stretches: list[Stretch]) -> list[Stretch]:
    return [Stretch(one.start, min(one.end, now), one.condition, one.entries) for one in stretches if one.start < now]
