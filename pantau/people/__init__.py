"""Who decides, and what their signatures are worth: lists of decisions that two people have signed.

`signing` runs OpenSSH's own tool, `history` has who could sign when, `approval` says of each list of a journal whether
two have approved it, `projection` has what of the people is evidence. The people themselves are records of the
inventory (`pantau.inventory.Person`).
"""

from pantau.people.approval import Approver, Binding, ListStatus, PaperTrail, SignedList, signed_lists
from pantau.people.history import PeopleHistory
from pantau.people.items import ListedItem, approved_items, pending_items
from pantau.people.projection import canonical_people
from pantau.people.signing import NAMESPACE, check_signature, sign

__all__ = [
    "NAMESPACE",
    "Approver",
    "Binding",
    "ListStatus",
    "ListedItem",
    "PaperTrail",
    "PeopleHistory",
    "SignedList",
    "approved_items",
    "canonical_people",
    "check_signature",
    "pending_items",
    "sign",
    "signed_lists",
]
