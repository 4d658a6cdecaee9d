"""What happens to the small city in half an hour, and the Prometheus that has seen it.

Every state of the table is there all the while. Minute by minute: an island is cut, twice; two points fail; our own
path is cut, and not all is known again at once; the exporter is dead; an ISP has just failed in a kecamatan.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dashboards.asking import Question, defaults, questions
from lab.history import rules
from lab.history.prometheus import Labels, PrometheusServer, prometheus
from lab.history.recorded import RULES
from lab.history.remote_write import label_bytes, sample_rows, series
from lab.history.scrapes import Batch
from pantau.states import UNSERVED, State
from tests.dashboards.bad_city import MAST, POINTS, BadCity, Moment, Silenced
from tests.programs import require_program

BEGIN = 1_711_922_400
"""2024-04-01 06:00 in WITA."""
SCRAPE_SECONDS = 10
DAY = 86_400

ISLAND = tuple(point.id for point in POINTS if point.uplink == MAST[0])
FIRST_CUT, SECOND_CUT = (BEGIN + 240, BEGIN + 540), (BEGIN + 660, BEGIN + 840)
"""The island: 5 and 3 minutes."""
FAILED, FAILED_AT = ("BTG-girian-telkom-0", "BTG-girian-telkom-3"), BEGIN + 870
LONG_DEAD, LONG_DEAD_SINCE = "BTG-matuari-indosat-0", BEGIN - 2 * DAY
BOTH_TAKEN_AT = BEGIN + 1280
BLIND = (BEGIN + 930, BEGIN + 1010)
"""Our own path: 80 seconds."""
KNOWN_AGAIN = BEGIN + 1050
"""Until then a third of the city stays unknown."""
DEAD = (BEGIN + 1140, BEGIN + 1260)
"""No exporter: 120 seconds."""
WARD = "aertembaga 0"
DARK, DARK_AT = tuple(point.id for point in POINTS if point.kelurahan == WARD), BEGIN + 1290
"""All points of a kelurahan, which are of two ISPs: as if its power had gone."""
LATE, LATE_AT = tuple(point.id for point in POINTS if point.kecamatan == "maesa"), BEGIN + 1380
END = BEGIN + 1450
"""A minute after the last failure."""
NOBODY_SAYS = (BEGIN + 1390, BEGIN + 1410)
"""Alertmanager does not answer."""
ALWAYS = {
    "BTG-madidir-icon-0": State.ISOLATED,
    "BTG-madidir-icon-1": State.MAINTENANCE,
    "BTG-madidir-icon-2": State.INACTIVE,
    "BTG-madidir-icon-3": State.DEGRADED,
    "BTG-madidir-icon-5": State.NO_INTERNET,
    "BTG-ranowulu-pc24-0": State.MAINTENANCE,
    "BTG-ranowulu-pc24-1": State.MAINTENANCE,
}
"""Two of them are all that their ISP has in its kecamatan."""
UPLINK_DOWN = {"alertname": "UplinkDown", "severity": "page", "scope": "uplink", "uplink": "lembeh-radio"}
TAKEN = {
    # The outage of an island, by ticket; one of two points, and at last the other; one without a word why.
    SECOND_CUT[0] + 60: Silenced(UPLINK_DOWN, "ani", "#12 teknisi", "12"),
    FAILED_AT + 20: Silenced({"alertname": "HotspotDown", "hotspot": FAILED[0]}, "budi", "listrik", ""),
    BOTH_TAKEN_AT: Silenced({"alertname": "HotspotDown", "hotspot": FAILED[1]}, "budi", "listrik", ""),
    BEGIN: Silenced({"alertname": "HotspotDownLong", "hotspot": LONG_DEAD}, "citra", "", ""),
}
"""What is silenced from when on."""
UNUSED, UNUSED_SINCE = "BTG-aertembaga-jinom-2", BEGIN - 8 * DAY
UNUSED_AT = {"kecamatan": "aertembaga", "isp": "jinom"}
"""An agent counts there, and nobody has come for eight days."""
WELL = "BTG-aertembaga-infotek-1"
WINDOW_OPEN = (BEGIN + 120, BEGIN + 240)
"""A maintenance window, of points that are in maintenance all the while."""
RELOADED_AT, RELEASED_AT = BEGIN + 580, BEGIN + 590
MISTYPED, MISTYPED_SINCE = "BTG-madidir-icon-4", BEGIN - 2 * DAY


def moment(at: float) -> Moment:
    """What the exporter says at that time."""
    down = {LONG_DEAD: float(LONG_DEAD_SINCE)}
    for begin, end in (FIRST_CUT, SECOND_CUT):
        if begin + 20 <= at < end:
            down |= dict.fromkeys(ISLAND, float(begin))
    if at >= FAILED_AT + 20:
        down |= dict.fromkeys(FAILED, float(FAILED_AT))
    if at >= DARK_AT + 20:
        down |= dict.fromkeys(DARK, float(DARK_AT))
    if at >= LATE_AT + 20:
        down |= dict.fromkeys(LATE, float(LATE_AT))
    seen_again = BLIND[1] if at >= BLIND[1] else BEGIN
    states = {point.id: (State.UP, float(seen_again)) for point in POINTS}
    states |= {id_: (state, float(BEGIN)) for id_, state in ALWAYS.items()}
    # The state of a point that is offline began anew when we saw it again.
    states |= {id_: (State.DOWN, max(since, float(seen_again))) for id_, since in down.items()}
    states[MISTYPED] = (State.UNKNOWN, float(MISTYPED_SINCE))
    blind = BLIND[0] <= at < BLIND[1]
    if blind:
        states |= {id_: (State.UNKNOWN, float(BLIND[0])) for id_, (state, _at) in states.items() if state.judged}
    elif BLIND[1] <= at < KNOWN_AGAIN:
        slow = [point.id for point in POINTS][::3]
        states |= {id_: (State.UNKNOWN, float(BLIND[0])) for id_ in slow if states[id_][0].judged}
    told_nothing = NOBODY_SAYS[0] <= at < NOBODY_SAYS[1]
    return Moment(
        at=at,
        states=states,
        started=BEGIN - 10 * DAY,
        vantage_up=not blind,
        down_since=down,
        unseen_since={MISTYPED: float(MISTYPED_SINCE)},
        unserved_since={id_: float(BEGIN) for id_, state in ALWAYS.items() if state in UNSERVED},
        alertmanager_up=not told_nothing,
        window_open=WINDOW_OPEN[0] <= at < WINDOW_OPEN[1],
        reloaded=RELOADED_AT if at >= RELOADED_AT else BEGIN,
        version="2" if at >= RELEASED_AT else "1",
        old_page=BEGIN if at >= END - 30 else None,
        silenced=() if told_nothing else tuple(one for begin, one in TAKEN.items() if at >= begin),
    )


@dataclass(frozen=True)
class BadHour:
    """The half hour in a Prometheus: what each panel answers at any moment of it."""

    prometheus: PrometheusServer

    def asked(self, dashboard: Mapping[str, Any], panel: int, ref: str, at: float, **variables: str) -> Question:
        """One target as Grafana asks it at that time."""
        chosen = defaults(dashboard) | {"hotspot": WELL} | variables
        return next(one for one in questions(dashboard, at, chosen, "now-30m") if (one.panel, one.ref) == (panel, ref))

    def rows(
        self, dashboard: Mapping[str, Any], panel: int, ref: str, at: float, **variables: str
    ) -> list[tuple[dict[str, str], float]]:
        """Its answer: labels and value; of a graph, at that moment."""
        question = self.asked(dashboard, panel, ref, at, **variables)
        return [(dict(labels), value) for labels, value in self.prometheus.instant(question.expression, at)]

    def number(self, dashboard: Mapping[str, Any], panel: int, ref: str, at: float, **variables: str) -> float | None:
        """The one number that it answers; `None` for none."""
        rows = self.rows(dashboard, panel, ref, at, **variables)
        assert len(rows) < 2
        return rows[0][1] if rows else None


@contextmanager
def bad_hour(directory: Path, evaluated_every: int = 20) -> Iterator[BadHour]:
    """Write it, evaluate the shipped rules over it, and keep the Prometheus running.

    Rules are evaluated every 20 s and not every 15 as they ship: a length that was a number of samples would show.
    """
    city = BadCity(BEGIN)
    scrapes = Batch("pantau", "pantau:9810")
    with prometheus(directory, str(require_program("prometheus"))) as running:
        evaluation = rules.Evaluation(running, rules.load(RULES, SCRAPE_SECONDS, 30, evaluated_every))
        for at in range(BEGIN + SCRAPE_SECONDS, END + 1, SCRAPE_SECONDS):
            if DEAD[0] <= at < DEAD[1]:
                scrapes.add(at * 1000, b"up 0\nscrape_duration_seconds 0")
            else:
                scrapes.add(at * 1000, city.exposition(moment(at)))
        unused = {"__name__": "hotspot:hotspot_used:timestamp_seconds", "hotspot": UNUSED, **UNUSED_AT}
        running.write([series(label_bytes(unused), sample_rows([BEGIN * 1000], np.array([UNUSED_SINCE])).tobytes())])
        running.write(scrapes.take())
        evaluation.span(BEGIN, END)
        yield BadHour(running)


__all__ = ["BadHour", "Labels", "bad_hour", "moment"]
