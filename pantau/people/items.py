"""What two have approved, by what it is about: how each part of the statement asks whether its own items count.

lists = signed_lists(reader, history.signers, zone, span_ns)
approved = approved_items(lists, ItemKind.WINDOW).get(("w-17", ""))     # the item and its list, or None
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pantau.journal import ItemKind, ListItem
from pantau.people.approval import SignedList


class ListedItem(NamedTuple):
    """An item, and the list that it stands on."""

    item: ListItem
    on: SignedList


Items = Mapping[tuple[str, str], ListedItem]
"""By target and subject."""


def approved_items(lists: Iterable[SignedList], kind: ItemKind) -> Items:
    """The items of one kind that two have approved; of several about one thing the last that was."""
    return _last(kind, sorted((one for one in lists if one.approved_by), key=lambda one: one.order))


def pending_items(lists: Iterable[SignedList], kind: ItemKind) -> Items:
    """The items of one kind on lists that two have not approved yet: what they would change is held."""
    return _last(kind, sorted((one for one in lists if not one.approved_by), key=lambda one: one.proposed.number))


def _last(kind: ItemKind, lists: Iterable[SignedList]) -> Items:
    items = ((item, one) for one in lists for item in one.content.items if item.kind is kind)
    return {(item.target, item.subject): ListedItem(item, one) for item, one in items}
