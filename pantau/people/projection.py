"""What of the people is evidence, as canonical text: ids, names, offices, keys. Nothing of it is a secret."""

import json
from collections.abc import Iterable

from pantau.inventory import Person


def canonical_people(people: Iterable[Person]) -> bytes:
    """One JSON object a line, ordered by id, keys sorted, ASCII: equal people give equal bytes, in whatever order."""
    lines = [
        json.dumps(person.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        for person in sorted(people, key=lambda person: person.id)
    ]
    return "".join(f"{line}\n" for line in lines).encode("ascii")
