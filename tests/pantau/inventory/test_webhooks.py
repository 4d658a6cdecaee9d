"""A contact leads to people and to nothing of ours: no address, no name, no template, no header."""

from pathlib import Path

import pytest

from pantau.errors import ConfigurationError
from pantau.inventory import load
from pantau.inventory.models import Contact
from pantau.inventory.validation import check
from pantau.inventory.webhooks import objection

HOME = (
    *(
        "https://127.0.0.1/hook",
        "https://127.8.9.1:9093/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/",
    ),
    *(
        "https://[::]/",
        "https://10.0.0.5/",
        "https://192.168.1.1/",
        "https://172.16.0.1:9090/-/quit",
        "https://100.64.0.1/",
    ),
    *("https://169.254.169.254/latest/meta-data", "https://[fe80::1]/", "https://[fd00::1]/", "https://224.0.0.1/"),
    *("https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[2002:a00:5::1]/", "https://[::7f00:1]/"),
    *(
        "https://localhost/",
        "https://LOCALHOST:9090/",
        "https://a.localhost/",
        "https://localhost./",
        "https://prometheus:9090/",
    ),
    *("https://alertmanager/", "https://grafana.lan/", "https://nas.local/", "https://x.internal/", "https://db.svc/"),
    *("https://2130706433/", "https://0x7f000001/", "https://127.1/", "https://0177.0.0.1/", "https://127.0.0.1./"),
    "https://1.2.3.4.5/",
)
"""The same few places, in many spellings."""
ABROAD = (
    "https://noc.example.org/hook",
    "https://noc.example.org:8443/a?b=c",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/",
)


@pytest.mark.parametrize("url", HOME)
def test_none_of_ours_is_reached(url: str) -> None:
    """However it is written."""
    assert objection(url) is not None


@pytest.mark.parametrize("url", ABROAD)
def test_the_internet_is(url: str) -> None:
    """And its form is that of a contact."""
    assert objection(url) is None
    assert check(Contact, {"kind": "webhook", "value": url}).problems == ()


def test_what_is_allowed_by_name_is_that_and_no_more() -> None:
    """Host and port together; a service of ours on this machine never."""
    allowed = ("gateway.kantor.lan:8443", "10.0.0.5:443", "127.0.0.1:9093", "127.0.0.1:8443")
    assert objection("https://gateway.kantor.lan:8443/sms", allowed) is None
    assert objection("https://10.0.0.5/sms", allowed) is None
    assert objection("https://127.0.0.1:8443/sms", allowed) is None
    for url in (
        "https://gateway.kantor.lan/sms",
        "https://10.0.0.5:9090/",
        "https://127.0.0.1:9093/",
        "https://10.0.0.6/",
    ):
        assert objection(url, allowed) is not None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("webhook", "http://noc.example.org/"),
        ("webhook", "https://noc.example.org/{{ .CommonLabels.isp }}"),
        ("webhook", "https://user:secret@noc.example.org/"),
        ("webhook", "https://noc.example.org\\@127.0.0.1/"),
        ("webhook", "https://noc.example.org#@127.0.0.1/"),
        ("webhook", "https://１２７.0.0.1/"),
        ("webhook", "https://noc.example.org/\u202e"),
        ("webhook", "/etc/{{ .x }}"),
        ("email", "{{ .CommonLabels.isp }}@example.org"),
        ("email", "noc@{{ .x }}.org"),
        ("email", "noc@example.org, boss@example.org"),
        ("email", "noc@example.org;boss@example.org"),
        ("email", "noc@example.org\r\nBcc: boss@example.org"),
        ("email", "NOC <noc@example.org>"),
        ("email", '"noc boss"@example.org'),
        ("email", "noc@example.org\u0000"),
        ("email", "noc@@example.org"),
        ("email", "noc@-example.org"),
        ("email", "noc@127.0.0.1"),
        ("email", "nöc@example.org"),
        ("telegram", "77{{ . }}"),
    ],
)
def test_what_would_be_more_than_an_address_is_refused(kind: str, value: str) -> None:
    """In the clear, as a template, with a user, as a header, as several, by a look-alike."""
    assert check(Contact, {"kind": kind, "value": value}).problems != ()


@pytest.mark.parametrize(
    "value", ["noc@example.org", "n.o+c_1@noc.example.co.id", "pantau@localhost", "o'neil@example.org"]
)
def test_a_bare_address_is_taken(value: str) -> None:
    """As it was written."""
    assert check(Contact, {"kind": "email", "value": value}).problems == ()


def test_the_inventory_is_refused_with_file_and_cure(tmp_path: Path) -> None:
    """At its row; and taken when the settings name the place."""
    hook = "{kind: webhook, value: 'https://gateway.kantor.lan:8443/'}"
    (tmp_path / "isps.yml").write_text(f"isps:\n  - {{id: telkom, name: Telkom, contacts: [{hook}]}}\n")
    (tmp_path / "kecamatan.yml").write_text("kecamatan: [{id: maesa, name: Maesa}]\n")
    (tmp_path / "hotspots.csv").write_text("id,name,address,kecamatan,isp\nM-1,Titik,10.77.0.1,maesa,telkom\n")
    settings = tmp_path / "pantau.yml"
    settings.write_text("inventory: [isps.yml, kecamatan.yml, hotspots.csv]\n")
    with pytest.raises(ConfigurationError) as caught:
        load(settings)
    (problem,) = caught.value.problems
    assert (problem.file.name, problem.line, problem.field) == ("isps.yml", 2, "isps.0.contacts")
    assert "internal_webhooks: ['gateway.kantor.lan:8443']" in problem.message
    settings.write_text(settings.read_text() + "internal_webhooks: ['gateway.kantor.lan:8443']\n")
    assert load(settings).settings.internal_webhooks == ("gateway.kantor.lan:8443",)
