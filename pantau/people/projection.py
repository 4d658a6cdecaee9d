"""What of the people is evidence, as canonical text: ids, names, offices, keys. Nothing of it is a secret."""

from collections.abc import Iterable

from pantau.inventory import Person
from pantau.inventory.projection import lines_of


def canonical_people(people: Iterable[Person]) -> bytes:
    """The content that the journal chains: one JSON object a line, ordered by id; equal people give equal bytes."""
    return "".join(f"{line}\n" for line in lines_of("people", people)).encode("ascii")
