"""Who a command names: people stand in people.yml, and are named by their ids."""

from pantau.errors import JournalError
from pantau.inventory import Configuration, Person


def person_of(configuration: Configuration, name: str) -> Person:
    """The person with this id; `JournalError` with the cure where nobody has it."""
    people = configuration.inventory.person_by_id
    found = people.get(name.strip())
    if found is None:
        listed = ", ".join(people) or "nobody yet"
        raise JournalError(f"nobody in people.yml is {name!r}; it has {listed}: see docs/decisions.md")
    return found


def speaker(configuration: Configuration, name: str) -> str:
    """Who says something that changes no money by itself: an id where people are listed, else whatever is given."""
    return person_of(configuration, name).id if configuration.inventory.people and name.strip() else name
