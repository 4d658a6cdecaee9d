"""Latitude and longitude as people and spreadsheets write them, and where they certainly belong.

Degrees with a point or a comma, with minutes and seconds, with letters of either language, both in one cell, in a link
of a map, exchanged, or without their point. What is certain by the city's box is taken, and told; the rest is none.
"""

import re
from dataclasses import dataclass

from pantau.intake.lists.sheets import Cell, shown_cell
from pantau.inventory.places import Box

_NUMBER = r"[-+−]?\s*[0-9]{1,3}(?:[.,][0-9]+)?"
_LETTERS = r"(?:LS|LU|BT|BB|N|S|E|W|U|T|B)"
_DEGREES = re.compile(
    rf"""^\s*(?P<front>{_LETTERS})?\s*(?P<degrees>{_NUMBER})\s*(?:[°º˚*]|deg|d|:|\s)\s*
    (?:(?P<minutes>[0-9]{{1,2}}(?:[.,][0-9]+)?)\s*(?:['′’`]|:|m|\s|$))?\s*
    (?:(?P<seconds>[0-9]{{1,2}}(?:[.,][0-9]+)?)\s*(?:"|″|”|''|′′|’’|s|$))?\s*(?P<back>{_LETTERS})?\s*\.?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"^\s*(?P<front>{_LETTERS})?\s*(?P<degrees>[-+−]?\s*[0-9]+(?:[.,][0-9]+)?)\s*°?\s*(?P<back>{_LETTERS})?\s*$",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"^[-+−]?[0-9]{1,3}(?:[.,][0-9]{3}){2,}$")
_LINK = re.compile(
    r"(?:@|[?&](?:q|query|ll|destination|center)=|/place/|!3d)"
    r"(-?[0-9]+\.[0-9]+)(?:,|%2C|!4d)\s*(-?[0-9]+\.[0-9]+)"
)
_BOTH_SPLIT = re.compile(r"\s*[;|/]\s*|\s*,\s+|(?<=[0-9A-Za-z\"'″”°])\s{1,}(?=[-−0-9])")
_SOUTH, _WEST = {"LS", "S"}, {"BB", "W"}
_LATITUDE_LETTERS, _LONGITUDE_LETTERS = {"LS", "LU", "N", "S"}, {"BT", "BB", "E", "W"}
_MINUS = str.maketrans({"−": "-", "–": "-"})
LARGEST_POWER = 17


@dataclass(frozen=True, slots=True)
class Degrees:
    """One half of a place."""

    value: float
    axis: str = ""
    """`latitude` or `longitude` where a letter says it."""
    digits: str = ""
    """Where the point is lost: all digits, of which `value` is no coordinate yet."""


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """Both halves, or why there is none."""

    latitude: float | None = None
    longitude: float | None = None
    taken: str = ""
    """How it was mended, where it was."""
    doubt: str = ""


def read_degrees(cell: Cell) -> Degrees | None:
    """One half of a place, or `None` where a cell holds none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        whole = isinstance(cell, int) or (cell.is_integer() and abs(cell) > 180)
        return Degrees(float(cell), digits=str(int(cell)) if whole and abs(cell) > 180 else "")
    text = shown_cell(cell).translate(_MINUS).strip() if isinstance(cell, str) else ""
    text = text if _has_seconds(text) else text.strip("'\"")
    if _GROUPED.match(text):
        return Degrees(0.0, digits=re.sub(r"[.,\s]", "", text))
    if plain := _PLAIN.match(text):
        number = plain["degrees"].replace(",", ".").replace(" ", "")
        value = float(number)
        if abs(value) > 180 and "." not in number:
            return Degrees(value, digits=number)
        return _signed(value, plain["front"] or plain["back"])
    if (found := _DEGREES.match(text)) and found["minutes"]:
        parts = [
            float((found[name] or "0").replace(",", ".").replace(" ", "")) for name in ("degrees", "minutes", "seconds")
        ]
        if parts[1] >= 60 or parts[2] >= 60:
            return None
        size = abs(parts[0]) + parts[1] / 60 + parts[2] / 3600
        negative = found["degrees"].strip().startswith("-")
        return _signed(round(-size if negative else size, 7), found["front"] or found["back"])
    return None


def _has_seconds(text: str) -> bool:
    """Whether quotes in it are minutes and seconds, and not a spreadsheet's sign for text."""
    return bool(re.search(r"[0-9]\s*(?:\"|″|”|''|')", text))


def read_both(cell: Cell) -> tuple[Degrees, Degrees] | None:
    """Both halves out of one cell, in the order in which they stand."""
    text = shown_cell(cell).translate(_MINUS) if isinstance(cell, str) else ""
    if link := _LINK.search(text):
        return Degrees(float(link[1]), "latitude"), Degrees(float(link[2]), "longitude")
    text = text.strip().strip("()[]")
    if re.fullmatch(r"\s*-?[0-9]+\.[0-9]+\s*,\s*-?[0-9]+\.[0-9]+\s*", text):
        first, _, second = text.partition(",")
        return Degrees(float(first)), Degrees(float(second))
    for split in _BOTH_SPLIT.finditer(text):
        halves = read_degrees(text[: split.start()]), read_degrees(text[split.end() :])
        if halves[0] is not None and halves[1] is not None:
            return halves[0], halves[1]
    return None


def placed(first: Degrees | None, second: Degrees | None, city: Box | None) -> PlaceFound:
    """Latitude and longitude of two halves that are believed to be these, by their letters and by the city's box."""
    if first is None or second is None:
        return PlaceFound(doubt="only one half of it can be read" if first or second else "is no coordinate")
    north, east = first, second
    exchanged = first.axis == "longitude" or second.axis == "latitude"
    if exchanged:
        north, east = second, first
    if city is None:
        return _without_box(north, east)
    if not north.digits and not east.digits and city.misses(north.value, east.value) is None:
        return PlaceFound(north.value, east.value)
    candidates = {
        (*pair, how)
        for a, b, how in ((north, east, ""), (east, north, "exchanged"))
        for pair, how in _within(a, b, city, how)
    }
    pairs = {candidate[:2] for candidate in candidates}
    if len(pairs) != 1:
        return PlaceFound(doubt="lies outside the city" if not pairs else "may lie at several places of the city")
    best = min(candidates, key=lambda one: len(one[2]))
    return PlaceFound(best[0], best[1], best[2])


def _within(north: Degrees, east: Degrees, city: Box, how: str) -> list[tuple[tuple[float, float], str]]:
    """The places within the city that two halves may mean when their point or their sign is put back."""
    found = []
    for latitude, mended in _readings(north, city.south, city.north):
        for longitude, other in _readings(east, city.west, city.east):
            if city.misses(latitude, longitude) is None:
                words = sorted({word for word in (how, mended, other) if word})
                found.append(((latitude, longitude), ", ".join(words)))
    return found


def _readings(half: Degrees, least: float, greatest: float) -> list[tuple[float, str]]:
    """The values that fit between two edges: as written, with the other sign, with the point put back."""
    if half.digits:
        number = int(half.digits)
        powers = [(number / 10**power, "point put back") for power in range(1, LARGEST_POWER)]
        turned = [(-value, how) for value, how in powers] if number > 0 and not half.axis else []
        return [one for one in (*powers, *turned) if least - 1 <= one[0] <= greatest + 1]
    if half.value > 0 and not half.axis:  # who wrote a minus, or a letter, has said on which side it lies
        return [(half.value, ""), (-half.value, "sign put back")]
    return [(half.value, "")]


def _without_box(north: Degrees, east: Degrees) -> PlaceFound:
    """Nothing tells what was meant but the globe itself."""
    if north.digits or east.digits:
        return PlaceFound(doubt="has lost its point")
    if abs(north.value) <= 90 and abs(east.value) <= 180:
        return PlaceFound(north.value, east.value)
    if abs(east.value) <= 90 and abs(north.value) <= 180:
        return PlaceFound(east.value, north.value, "exchanged")
    return PlaceFound(doubt="is no place on the globe")


def _signed(value: float, letter: str | None) -> Degrees:
    letters = (letter or "").upper()
    axis = "latitude" if letters in _LATITUDE_LETTERS else "longitude" if letters in _LONGITUDE_LETTERS else ""
    if letters == "U":
        axis = "latitude"
    if letters in ("T", "B"):
        axis = "longitude"
    return Degrees(-abs(value) if letters in _SOUTH | _WEST or letters == "B" else value, axis)
