"""The grid: nothing overlaps, nothing leaves it, no hole is left in it, and each panel has an id of its own."""

from collections import Counter
from collections.abc import Iterator

from dashboards.checking.named import Dashboard, named

COLUMNS = 24


def problems(dashboard: Dashboard) -> Iterator[str]:
    """What is wrong with ids and places."""
    taken: dict[tuple[int, int], int] = {}
    for id_, times in Counter(panel["id"] for panel in dashboard["panels"]).items():
        if times > 1:
            yield f"{times} panels have the id {id_}"
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        if place["x"] < 0 or place["x"] + place["w"] > COLUMNS:
            yield f"{named(panel)} leaves the grid of {COLUMNS} columns"
        cells = [(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])]
        for other in sorted({taken[cell] for cell in cells if cell in taken}):
            yield f"{named(panel)} overlaps panel {other}"
        taken |= dict.fromkeys(cells, panel["id"])
    yield from _holes(taken)


def _holes(taken: dict[tuple[int, int], int]) -> Iterator[str]:
    """Each hole by its upper left corner; to the right of it and below it, it is the same hole."""
    rows = 1 + max((y for _x, y in taken), default=-1)
    for y in range(rows):
        for x in range(COLUMNS):
            if (x, y) not in taken and ((x - 1, y) in taken or x == 0) and ((x, y - 1) in taken or y == 0):
                yield f"the grid has a hole at column {x}, row {y}"
