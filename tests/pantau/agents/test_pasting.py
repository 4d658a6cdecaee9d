"""What is pasted into a router: whole, with nothing left to fill in, and safe whatever its values hold."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pantau.agents.pasting import KINDS, AgentSettings, paste, template
from tests.pantau.agents.receiver import TOKEN, Receiver, receiving
from tests.pantau.agents.router import AGENT, Router
from tests.patience import PATIENCE_SECONDS
from tests.programs import require_program
from tests.sources import ROOT

NASTY = 'it\'s "a" $(touch /tmp/never) `id` \\ | .{0,3}?'
SETTINGS = AgentSettings(
    "https://pantau.example:9811/", "BTG-0001", TOKEN, "-----BEGIN X-----\nAB==\n-----END X-----\n"
)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """A door to paste for."""
    require_program("openssl")
    with receiving(tmp_path_factory.mktemp("door")) as receiver:
        yield receiver


def test_the_package_and_the_folder_for_people_hold_the_same_files() -> None:
    """``agents/`` is where people look, and the package what a wheel brings."""
    shipped = {
        *("pantau-agent.sh", "pantau-agent.rsc", "openwrt/Makefile"),
        *("openwrt/files/pantau-agent.init", "openwrt/files/pantau-agent.config"),
    }
    found = {str(file.relative_to(AGENT.parent)) for file in (ROOT / "agents").rglob("*") if file.is_file()}
    assert found == shipped
    assert {name for name in shipped if template(name) != (ROOT / "agents" / name).read_text("utf-8")} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_to_fill_in(kind: str) -> None:
    """What was given stands in it; what was not is what the agent takes by default. No mark of ours stays."""
    (chosen,) = [one for one in KINDS if one == kind]
    text = paste(chosen, SETTINGS)
    filled = text.replace(template("pantau-agent.sh"), "").replace(template("openwrt/files/pantau-agent.init"), "")
    assert re.findall(r"@PANTAU_[A-Z_]*@", filled) == []
    for value in ("https://pantau.example:9811", "BTG-0001", TOKEN, "AB=="):
        assert value in filled
    assert "9811/'" not in filled


@pytest.mark.parametrize("field", ["url", "hotspot", "token", "ca", "portal", "portal_text", "isolir"])
@pytest.mark.parametrize("value", ["a\0b", "ä", "a\x1b[0m", "PANTAU_END", "a\rb"])
def test_what_would_end_a_file_is_refused(field: str, value: str) -> None:
    """Control characters, what is beyond ASCII, and the here-document's own end."""
    with pytest.raises(ValueError, match="no router's file can hold"):
        replace(SETTINGS, **{field: value})


def test_a_line_break_is_refused_but_in_a_certificate() -> None:
    """A setting is one line."""
    with pytest.raises(ValueError, match="PANTAU_ISOLIR"):
        replace(SETTINGS, isolir="a\nb")


def test_the_pasted_shell_commands_install_an_agent_that_works(door: Receiver, tmp_path: Path) -> None:
    """Run as they are, but for where files go; the first heartbeat is taken, cron has one line however often it is."""
    here = Router(tmp_path / "router", "dash")
    here.configure({})
    settings = AgentSettings(door.url, "BTG-0001", TOKEN, door.ca.read_text("ascii"), isolir=NASTY)
    commands = paste("sh", settings)
    for folder in ("/etc/pantau", "/usr/local/sbin"):
        commands = commands.replace(folder, str(tmp_path / "root" / folder[1:]))
    here.program("crontab", f'#!/bin/sh\nif [ "$1" = -l ]; then cat {tmp_path}/cron; else cat >{tmp_path}/cron; fi\n')
    environment = here.environment() | {"PANTAU_INTERNET": "none"}
    del environment["PANTAU_CONF"]
    for _ in range(2):
        done = subprocess.run(
            [here.bin / "dash"],
            input=commands,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
        assert "DITERIMA. / TAKEN. (HTTP 204)" in done.stdout
    assert (len(door.beats), door.faults) == (2, [])
    assert (tmp_path / "cron").read_text("utf-8").count("pantau-agent once") == 1
    conf = tmp_path / "root/etc/pantau/agent.conf"
    assert conf.stat().st_mode & 0o077 == 0
    shown = subprocess.run(
        ["sh", "-c", f'. {conf}; printf %s "$PANTAU_ISOLIR"'],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    assert shown.stdout == NASTY


RC_COMMON = """
config_load() { :; }
config_get_bool() { eval "$1=1"; }
config_get() { eval "$1=\\$UCI_$3"; }
procd_open_instance() { :; }
procd_set_param() { echo "$*"; }
procd_close_instance() { :; }
. "$1"
CONF=$2
start_service
"""


@pytest.mark.parametrize("shell", ["dash", "busybox"])
def test_openwrt_s_service_hands_the_settings_over_by_a_file(tmp_path: Path, shell: str) -> None:
    """Not by the command line; any value comes through as it is, what is not set is left out."""
    conf = tmp_path / "agent.conf"
    command: list[str | Path] = [
        require_program(shell),
        *(["ash"] if shell == "busybox" else []),
        "-c",
        RC_COMMON,
        "rc.common",
    ]
    uci = {"UCI_url": "https://pantau.example", "UCI_hotspot": "BTG-0001", "UCI_token": TOKEN, "UCI_isolir": NASTY}
    unset = {f"UCI_{name}": "" for name in ("ca", "portal_text", "wan", "gateway", "internet", "dns", "clients")}
    done = subprocess.run(
        [*command, ROOT / "agents/openwrt/files/pantau-agent.init", conf],
        env={"PATH": "/usr/bin:/bin", "UCI_portal": "@PANTAU_PORTAL@"} | uci | unset,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    assert "command /usr/sbin/pantau-agent run" in done.stdout
    assert TOKEN not in done.stdout
    assert conf.stat().st_mode & 0o077 == 0
    names = [line.partition("=")[0] for line in conf.read_text("utf-8").splitlines()]
    assert names == ["PANTAU_URL", "PANTAU_HOTSPOT", "PANTAU_TOKEN", "PANTAU_ISOLIR"]
    shown = subprocess.run(
        ["sh", "-c", f'. {conf}; printf %s "$PANTAU_ISOLIR"'],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    assert shown.stdout == NASTY


def test_the_routeros_script_is_balanced_and_keeps_its_quotes() -> None:
    """It cannot be run here: braces and brackets close, each text ends on its line, no value ends its text."""
    text = paste("rsc", replace(SETTINGS, isolir=NASTY))
    depth = {"{": 0, "[": 0, "(": 0}
    closing = {"}": "{", "]": "[", ")": "("}
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        bare = re.sub(r'"(\\.|[^"\\])*"', '""', line)
        assert bare.count('"') % 2 == 0, (number, line)
        for char in bare:
            if char in depth:
                depth[char] += 1
            elif char in closing:
                depth[closing[char]] -= 1
                assert depth[closing[char]] >= 0, (number, line)
    assert depth == {"{": 0, "[": 0, "(": 0}
    assert r"it's \"a\" \$(touch /tmp/never) `id` \\ | .{0,3}\?" in text
    assert "check-certificate=yes" in text
