"""The words of a city: its categories and access types are those that every city has, and its own."""

from collections.abc import Iterator

from pantau.errors import Problem
from pantau.inventory.rows import Rows
from pantau.inventory.settings import Settings
from pantau.inventory.validation import Checked, FieldProblem
from pantau.inventory.vocabulary import ACCESS_TYPES, CATEGORIES
from pantau.inventory.wording import did_you_mean, quote


def check_words(rows: Rows, settings: Checked[Settings]) -> Iterator[Problem]:
    """Each hotspot's category and access is a word of the city."""
    for field, own, shared in (("category", "categories", CATEGORIES), ("access", "access_types", ACCESS_TYPES)):
        if not settings.usable(own):
            continue
        known = (*shared, *getattr(settings.value, own))
        for row in rows.usable("hotspots", field):
            word = getattr(row.value, field)
            if word is not None and word not in known:
                cure = did_you_mean(word, known, len(known))
                yield row.problem(field, f"{quote(word)} is not one of the choices; {cure}")


def check_priority(settings: Checked[Settings]) -> list[FieldProblem]:
    """Each category that somebody is woken for is one."""
    if not settings.usable("categories", "priority_categories"):
        return []
    known = (*CATEGORIES, *settings.value.categories)
    return [
        FieldProblem(
            ("priority_categories", place), f"{quote(word)} is no category; {did_you_mean(word, known, len(known))}"
        )
        for place, word in enumerate(settings.value.priority_categories)
        if word not in known
    ]
