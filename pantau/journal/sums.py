"""The sums of an hour as text, which is what is hashed and what is stored: a line of JSON a hotspot. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple


class HotspotHour(NamedTuple):
    """The sums of one hotspot in one `Kind.HOUR` entry: what was counted since the one before."""

    hotspot: str
    requests: int
    replies: int
    state_ms: Mapping[int, int]
    """Milliseconds booked to each `State`, by its number, without those that are 0; an open round's time is booked in
    the next hour."""


def state_map(by_number: Sequence[int]) -> dict[int, int]:
    """Milliseconds of the states 0, 1, 2, ... as `HotspotHour.state_ms` has them."""
    return {state: ms for state, ms in enumerate(by_number) if ms}


def state_text(state_ms: Mapping[int, int]) -> str:
    """A map as it is hashed: JSON without blanks, the numbers of the states ascending, those of 0 ms left out."""
    return "{" + ",".join(f'"{state}":{ms}' for state, ms in sorted(state_ms.items()) if ms) + "}"


def sums_text(rows: Iterable[HotspotHour]) -> bytes:
    """Of each hotspot, in the order of their ids, an array without blanks of id, requests, replies and the map."""
    lines = (
        f"[{json.dumps(row.hotspot)},{row.requests},{row.replies},{state_text(row.state_ms)}]\n"
        for row in sorted(rows, key=lambda row: row.hotspot)
    )
    return "".join(lines).encode()


def first_sums_text(rows: Iterable[tuple[str, int, int, Sequence[int]]]) -> bytes:
    """The same as it was hashed before there were sources: the time of seven states, a blank after each comma."""
    lines = (
        f"[{json.dumps(hotspot)}, {', '.join(map(str, (requests, replies, *state_ms)))}]\n"
        for hotspot, requests, replies, state_ms in sorted(rows, key=lambda row: row[0])
    )
    return "".join(lines).encode()


def read_sums(text: bytes) -> Iterator[HotspotHour]:
    """The rows of a text of either kind; `ValueError` where it is none."""
    for hotspot, requests, replies, *times in _rows(text):
        if len(times) == 1 and isinstance(times[0], dict):
            yield HotspotHour(hotspot, requests, replies, {int(state): ms for state, ms in times[0].items()})
        else:
            yield HotspotHour(hotspot, requests, replies, state_map(times))


def read_answers(text: bytes) -> Iterator[tuple[str, int, int]]:
    """Of the rows of a text only hotspot, requests and replies."""
    return ((hotspot, requests, replies) for hotspot, requests, replies, *_ in _rows(text))


def _rows(text: bytes) -> list[Any]:
    """The lines, read all at once: a month has a million of them."""
    rows: list[Any] = json.loads(b"[" + b",".join(text.splitlines()) + b"]")
    return rows
