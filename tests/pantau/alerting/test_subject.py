"""What is asked about: found by its id, with all that is around it, and nothing that is beside it."""

import pytest

from pantau.alerting.errors import AlertingError
from pantau.alerting.explaining.subject import find_subject
from pantau.inventory import Contact, Hotspot, Inventory, Isp, Kecamatan, Uplink

INVENTORY = Inventory(
    isps=(Isp(id="telkom", name="Telkom", contacts=(Contact(kind="phone", value="+62 438 1"),)), Isp(id="x", name="X")),
    kecamatan=(Kecamatan(id="maesa", name="Maesa"), Kecamatan(id="x", name="X")),
    uplinks=(
        Uplink(id="pop", name="POP", isp="telkom"),
        Uplink(id="tower", name="Menara", isp="telkom", kecamatan="maesa", upstream="pop"),
    ),
    hotspots=(
        Hotspot(id="M-1", name="Puskesmas", address="10.0.0.1", kecamatan="maesa", isp="telkom", upstream="tower"),
        Hotspot(id="M-2", name="Sekolah", address="10.0.0.2", kecamatan="maesa", isp="telkom", upstream="M-1"),
    ),
)


def test_a_hotspot_with_what_carries_it() -> None:
    """Through another hotspot and two uplinks, its ISP's telephone beside it."""
    subject = find_subject("M-2", INVENTORY)
    assert (subject.kind, subject.name, subject.phones) == ("hotspot", "Sekolah", ("Telkom +62 438 1",))
    assert subject.labels == {
        "hotspot": {"M-2"},
        "isp": {"telkom"},
        "kecamatan": {"maesa"},
        "uplink": {"tower", "pop"},
    }


@pytest.mark.parametrize(
    ("labels", "concerned"),
    [
        ({"hotspot": "M-2", "isp": "telkom", "kecamatan": "maesa"}, True),
        ({"isp": "telkom"}, True),
        ({"isp": "telkom", "kecamatan": "maesa"}, True),
        ({"uplink": "pop"}, True),
        ({}, True),
        ({"hotspot": "M-1", "isp": "telkom", "kecamatan": "maesa"}, False),
        ({"isp": "telkom", "kecamatan": "girian"}, False),
        ({"window": "w1"}, False),
    ],
)
def test_which_alerts_concern_a_hotspot(labels: dict[str, str], concerned: bool) -> None:
    """Its own and those of what is around it."""
    assert find_subject("M-2", INVENTORY).concerned_by(labels) is concerned


def test_an_isp_is_not_concerned_by_a_part_of_it() -> None:
    """One kecamatan of it, or one hotspot, is another fault; as a series it counts."""
    subject = find_subject("telkom", INVENTORY)
    assert not subject.concerned_by({"isp": "telkom", "kecamatan": "maesa"})
    assert subject.compatible_with({"isp": "telkom", "kecamatan": "maesa"})
    assert not subject.compatible_with({"isp": "x"})


def test_an_id_of_two_kinds_is_asked_for_with_its_kind() -> None:
    """Both are named."""
    with pytest.raises(AlertingError, match="'x' is more than one thing; ask for one of isp:x, kecamatan:x"):
        find_subject("x", INVENTORY)
    assert find_subject("kecamatan:x", INVENTORY).kind == "kecamatan"


def test_an_id_that_nobody_has() -> None:
    """The nearest is offered."""
    with pytest.raises(
        AlertingError, match="'telkon' is no id of a hotspot, uplink, ISP or kecamatan; did you mean telk"
    ):
        find_subject("telkon", INVENTORY)
    with pytest.raises(AlertingError, match="is no id"):
        find_subject("city:x", INVENTORY)


def test_what_carries_an_uplink_is_wider_and_not_the_uplink_itself() -> None:
    """Both alerts concern it; one is about it."""
    subject = find_subject("tower", INVENTORY)
    for uplink, own in (("tower", True), ("pop", False)):
        labels = {"scope": "uplink", "uplink": uplink}
        assert subject.concerned_by(labels)
        assert subject.is_named_by(labels) is own
