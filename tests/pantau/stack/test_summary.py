"""The one line that says how the city is."""

from collections import Counter

import pytest

from pantau.stack.summary import CitySummary, count_clients
from pantau.states import State

METRICS = b"""\
# TYPE hotspot_clients gauge
hotspot_clients{hotspot="a",kecamatan="x",isp="y"} 7
hotspot_clients{hotspot="b",kecamatan="x",isp="y"} 12
hotspot_up{hotspot="a",kecamatan="x",isp="y"} 1
"""


def test_clients_are_added_up() -> None:
    """Of all hotspots that tell; where none does there is no number."""
    assert count_clients(METRICS) == 19
    assert count_clients(b"hotspot_up 1\n") is None


@pytest.mark.parametrize(("clients", "end"), [(None, "0 unknown"), (1, "1 client by what agents tell")])
def test_the_line_ends_with_them(clients: int | None, end: str) -> None:
    """And says nothing of them where nobody tells."""
    line = CitySummary(Counter({State.UP: 3, State.DOWN: 1}), True, None, clients).text().plain
    assert line.endswith(end)
