"""Lines of a series: what is the same for many hotspots is written at once, and reads as if it were not."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.metrics import layout
from exporter.metrics.exposition import HotspotExposition
from exporter.metrics.literals import go_float
from lab.measuring.reference_exposition import make_labels, make_snapshot
from pantau.states import State

BEFORE, AFTER = "hotspot_probe_loss_ratio{", ',le="1"} '


def one_by_one(values: list[float]) -> str:
    """The lines of hotspots t0, t1, ... with these values, each written for itself."""
    return "".join(f"{BEFORE}t{row}{AFTER}{go_float(value)}\n" for row, value in enumerate(values))


@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0, 0.1, np.nan, np.inf]), st.integers(1, 40)), max_size=8))
def test_runs_read_as_single_lines(runs: list[tuple[float, int]]) -> None:
    """Whatever the values and however long they stay the same."""
    values = [value for value, count in runs for _ in range(count)]
    texts = [f"t{row}" for row in range(len(values))]
    pieces = layout._runs_of(BEFORE, AFTER, texts, np.array(values, np.float64))
    lines = "".join(pieces).splitlines()
    expected = one_by_one(values).splitlines()
    assert [line.rpartition(" ")[0] for line in lines] == [line.rpartition(" ")[0] for line in expected]
    assert [float(line.rpartition(" ")[2]) for line in lines] == pytest.approx(values, nan_ok=True, abs=0)


def test_a_calm_city_is_written_in_few_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand hotspots of which three are down: pieces of states, changes and failures, counted."""
    hotspots, pieces, runs_of = 1000, 0, layout._runs_of
    snapshot = make_snapshot(make_labels(hotspots))
    state = np.full(hotspots, State.UP, np.int8)
    state[[100, 500, 501]] = State.DOWN
    calm = dataclasses.replace(
        snapshot, state=state, failures=np.zeros_like(snapshot.failures), state_changes=np.ones(hotspots, np.int64)
    )

    def counted(before: str, after: str, texts: list[str], column: layout.Column) -> list[str]:
        nonlocal pieces
        found = runs_of(before, after, texts, column)
        if before in ("hotspot_state{", "hotspot_state_changes_total{", "hotspot_probe_failures_total{"):
            pieces += len(found)
        return found

    monkeypatch.setattr(layout, "_runs_of", counted)
    body = b"".join(HotspotExposition().render(calm, openmetrics=False))
    assert body.count(b"\nhotspot_probe_failures_total{") == 8 * hotspots
    assert pieces <= 5 + 1 + 8 * (8 * hotspots // layout.CHUNK_LINES)
