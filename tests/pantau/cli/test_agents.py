"""`pantau agents`: a token for each hotspot, what is pasted into its device, and which of them are heard."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from pantau.agents.tokens import token_of
from tests.commands import pantau

KEY = "0123456789abcdef" * 4
INVENTORY = """
isps: [{id: telkom, name: Telkom}, {id: infotek, name: Infotek}, {id: starlink, name: Starlink}]
kecamatan: [{id: maesa, name: Maesa}]
hotspots:
  - {id: BTG-1, name: Balai, kecamatan: maesa, isp: telkom, ping: none, agent: true, agent_generation: 2}
  - {id: BTG-2, name: Pasar, kecamatan: maesa, isp: infotek, ping: none, agent: true}
  - {id: BTG-3, name: Pantai, kecamatan: maesa, isp: starlink, ping: none, agent: true}
  - {id: BTG-4, name: Taman, kecamatan: maesa, isp: telkom, address: 10.77.0.4}
"""
SETTINGS = """
inventory: [inventory.yml]
agents: {key_files: [key, old-key], url: "https://pantau.example.go.id:9811", ca_file: ca.pem}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Settings, inventory, keys and a certificate."""
    for name, text in (
        ("inventory.yml", INVENTORY),
        ("pantau.yml", SETTINGS),
        ("key", KEY + "\n"),
        ("old-key", KEY[:32]),
    ):
        (tmp_path / name).write_text(text)
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
    return tmp_path


def agents(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One of the commands."""
    return pantau("agents", *arguments, "--config", "pantau.yml", cwd=folder)


def test_the_token_is_of_the_first_key_and_the_generation(folder: Path) -> None:
    """And is shown as it is, for it was asked for."""
    assert agents(folder, "token", "BTG-1").stdout == token_of(KEY.encode(), "BTG-1", 2) + "\n"


@pytest.mark.parametrize("kind", ["sh", "rsc", "openwrt"])
def test_what_is_pasted_holds_token_and_certificate(folder: Path, kind: str) -> None:
    """For each kind of device."""
    done = agents(folder, "install", "BTG-2", "--kind", kind)
    assert done.returncode == 0
    assert token_of(KEY.encode(), "BTG-2", 1) in done.stdout
    assert "https://pantau.example.go.id:9811" in done.stdout
    assert "MIIB" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("token", "BTG-9"), "is not a hotspot of the inventory"),
        (("token", "BTG-4"), "has no agent in the inventory"),
        (("install", "BTG-1", "--kind", "vax"), "is not one of"),
    ],
)
def test_what_cannot_be_done_is_said(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    """In one sentence, with exit status 2."""
    done = agents(folder, *arguments)
    assert (done.returncode, said in " ".join(done.stderr.split())) == (2, True)


@pytest.mark.parametrize(("key", "said"), [(None, "No such file"), ("short", "can be guessed")])
def test_a_key_that_is_none_makes_no_token(folder: Path, key: str | None, said: str) -> None:
    """It names the file, and never what is in it."""
    (folder / "key").unlink() if key is None else (folder / "key").write_text(key)
    done = agents(folder, "token", "BTG-1")
    assert (done.returncode, said in done.stderr, "short" in done.stderr) == (2, True, False)


def test_the_list_says_who_is_not_heard_and_who_does_not_verify(folder: Path) -> None:
    """From the file that the exporter keeps; exit status 1 while there is anybody to look after."""
    (folder / "data").mkdir()
    now_ns = time.time_ns()
    kept = {"BTG-1": [now_ns, 0, "sh-1.0", True], "BTG-2": [now_ns - 3600 * 10**9, 0, "rsc-1.0", False]}
    (folder / "data" / "agents.json").write_text(json.dumps({"agents": kept, "orders": {}}))
    done = agents(folder, "list")
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if "BTG" in line]
    assert ["silent" in line for line in lines] == [False, True, False]
    assert ["unverified" in line for line in lines] == [False, True, False]
    assert ["never heard" in line for line in lines] == [False, False, True]
    assert "3 agents, 2 not heard of or not verifying." in done.stdout
    assert "BTG-1" not in agents(folder, "list", "--wanting").stdout


def test_check_says_what_the_door_would_say(folder: Path) -> None:
    """A key that is not there, and a certificate: before anybody waits for a heartbeat."""
    (folder / "old-key").unlink()
    (folder / "pantau.yml").write_text(SETTINGS.replace("ca_file: ca.pem", "web_config_file: web.yml"))
    (folder / "web.yml").write_text("tls_server_config: {cert_file: cert.pem, key_file: key.pem}\n")
    said = " ".join(pantau("check", "--config", "pantau.yml", cwd=folder).stderr.split())
    assert [file in said for file in ("old-key: No such file", "cert.pem: No such file", "key.pem: No such file")] == [
        *(True, True, True)
    ]
