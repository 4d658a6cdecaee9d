"""Contacts: an address of the wrong form is refused where it is written, for a notification to it would be lost."""

import pytest

from pantau.inventory.models import Contact
from pantau.inventory.validation import check


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "noc@example.org"),
        ("telegram", "-1001234567890"),
        ("telegram", "77"),
        ("phone", "+62 438 21000"),
        ("webhook", "https://noc.example.org/hook"),
        ("webhook", "/etc/alertmanager/secrets/telkom_url"),
    ],
)
def test_an_address_of_its_kind_is_taken(kind: str, value: str) -> None:
    """As it was written."""
    checked = check(Contact, {"kind": kind, "value": value})
    assert (checked.problems, checked.value.value) == ((), value)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("email", "noc example.org", "'noc example.org' is not an e-mail address; write name@example.org"),
        ("telegram", "@noc", "'@noc' is not the number of a Telegram chat; write it as in -1001234567890"),
        ("telegram", "0", "'0' is not the number of a Telegram chat; write it as in -1001234567890"),
        ("webhook", "noc", "'noc' is not a URL; write https://..., or the absolute path of a file with it"),
        ("webhook", "http://", "'http://' is not a URL; write https://..., or the absolute path of a file with it"),
    ],
)
def test_an_address_of_another_form_is_refused_with_its_cure(kind: str, value: str, said: str) -> None:
    """At the field that holds it."""
    (problem,) = check(Contact, {"kind": kind, "value": value}).problems
    assert (problem.path, problem.message) == (("value",), said)
