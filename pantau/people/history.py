"""Whose signatures count, and when: the people as the journal had chained them before a list was signed.

A key that is taken out later has signed all the same; one that is put in later has signed nothing of before. What goes
before is told by the numbers of entries: times are what somebody writes.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pantau.inventory import Person


@dataclass(frozen=True)
class PeopleHistory:
    """The people by the entries that chained them."""

    chained: tuple[tuple[int, tuple[Person, ...]], ...] = ()
    """The number of an inventory's entry and the people in it, wherever they changed, in order."""
    files: tuple[Person, ...] = ()
    """Today's, who count as long as no inventory was chained."""

    @classmethod
    def of_files(cls, people: Iterable[Person]) -> "PeopleHistory":
        """These people, as if they had always been."""
        return cls(files=tuple(people))

    def at(self, entry: int) -> Mapping[str, Person]:
        """Who could sign what stands in this entry, by id.

        Before anybody was chained those who were chained first, with their former keys: nobody has said since when they
        were former. Afterwards a former key signs nothing.
        """
        place = bisect_left(self.chained, entry, key=lambda one: one[0])
        return self._signing[place - 1] if place else self._first

    @cached_property
    def everybody(self) -> tuple[Person, ...]:
        """Whoever ever was, as last chained, in the order of ids."""
        if not self.chained:
            return self.files
        found = {person.id: person for _, people in self.chained for person in people}
        return tuple(found[name] for name in sorted(found))

    @property
    def entries(self) -> frozenset[int]:
        """The entries that say who could sign."""
        return frozenset(entry for entry, _ in self.chained)

    @cached_property
    def _first(self) -> Mapping[str, Person]:
        return {one.id: one for one in (self.chained[0][1] if self.chained else self.files)}

    @cached_property
    def _signing(self) -> tuple[Mapping[str, Person], ...]:
        return tuple(
            {one.id: one.model_copy(update={"former_keys": ()}) for one in people} for _, people in self.chained
        )
