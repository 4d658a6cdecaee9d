"""Points so near to each other that they may be one point that is paid twice."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from math import cos, floor, hypot, radians

from pantau.inventory import Hotspot
from pantau.inventory.places import NEAR_METRES

_METRES_PER_DEGREE = 111_320.0


def neighbours(hotspots: Iterable[Hotspot]) -> dict[str, list[str]]:
    """Of each active point the ids of the others within 15 m, sorted; points without any are absent."""
    cells: defaultdict[tuple[int, int], list[tuple[float, float, str]]] = defaultdict(list)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for hotspot in hotspots:
        if hotspot.status != "active" or hotspot.latitude is None or hotspot.longitude is None:
            continue
        y = hotspot.latitude * _METRES_PER_DEGREE
        x = hotspot.longitude * _METRES_PER_DEGREE * cos(radians(hotspot.latitude))
        column, line = floor(x / NEAR_METRES), floor(y / NEAR_METRES)
        for right, up in product((-1, 0, 1), repeat=2):
            for other_x, other_y, other in cells.get((column + right, line + up), ()):
                if hypot(x - other_x, y - other_y) < NEAR_METRES:
                    found[hotspot.id].append(other)
                    found[other].append(hotspot.id)
        cells[column, line].append((x, y, hotspot.id))
    return {name: sorted(others) for name, others in found.items()}
