"""A row as far as it is understood: fields in the inventory's own words, and what else stands in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Draft:
    """What will be a hotspot, or a change of one."""

    sheet: str
    row: int
    values: dict[str, str] = field(default_factory=dict)
    """Fields of a hotspot as its CSV writes them."""
    notes: dict[str, str] = field(default_factory=dict)
    """By heading: what no field takes."""

    @property
    def note(self) -> str:
        """All notes as one text."""
        return joined_notes(self.notes)


def joined_notes(notes: Mapping[str, str]) -> str:
    """`Pemilik: Ani; SSID: Wifi`."""
    return "; ".join(f"{heading}: {value}" if heading else value for heading, value in notes.items() if value)


def parted_notes(text: str) -> dict[str, str]:
    """The notes of a text that was made of them; what has no heading is under its own words."""
    found: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        heading, colon, value = part.partition(": ")
        found[heading if colon else ""] = value if colon else "; ".join(filter(None, (found.get("", ""), part)))
    return found
