"""`pantau install` below another root: what it makes, that it makes it once, and that the units are hardened."""

import os
import re
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pantau.stack.errors import StackError
from pantau.stack.install.advice import advice
from pantau.stack.install.places import Places
from pantau.stack.install.plan import Installation, install
from pantau.stack.install.units import units
from tests.programs import cannot_run, require_program
from tests.sources import ROOT

PROGRAM = Path("/opt/pantau/bin/pantau")
EXPOSURE = 2.0
COPIES = ROOT / "deploy" / "systemd"


@pytest.fixture
def wanted(tmp_path: Path) -> Installation:
    """A system without anything but a list of users, and an operator's folder."""
    root, source = tmp_path / "root", tmp_path / "config"
    (root / "etc").mkdir(parents=True)
    (root / "etc" / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\n", "utf-8")
    for name in ("secrets", "inventory", "data"):
        (source / name).mkdir(parents=True)
    (source / "pantau.yml").write_text("inventory: [inventory/isps.yml]\n", "utf-8")
    (source / "secrets" / "telegram_token").write_text("x", "utf-8")
    (source / "data" / "journal.sqlite").write_text("x", "utf-8")
    prometheus = "rule_files: [config/rules/*.yml]\nscrape: config/targets/native/pantau.yml\n"
    return Installation(Places(root), PROGRAM, source, prometheus, anchors=True)


def told_by(wanted: Installation, *, dry: bool = False) -> list[tuple[str, str]]:
    """What one pass tells."""
    told: list[tuple[str, str]] = []
    install(wanted, lambda how, what: told.append((how, what)), dry=dry)
    return told


def as_root() -> None:
    """Owners can be set by root alone, and users made."""
    if os.geteuid() != 0:
        cannot_run("only root can make users: nothing was installed")
    require_program("systemd-sysusers")
    require_program("systemctl")


def test_a_dry_run_changes_nothing(wanted: Installation) -> None:
    """It tells each step."""
    before = sorted(wanted.places.root.rglob("*"))
    told = told_by(wanted, dry=True)
    assert {how for how, _ in told} == {"would"}
    assert "user pantau" in [what for _, what in told]
    assert sorted(wanted.places.root.rglob("*")) == before


def test_it_makes_all_of_it_once(wanted: Installation) -> None:
    """User, folders, settings, units and what starts with the machine; a second pass finds everything there."""
    as_root()
    assert [what for how, what in told_by(wanted) if how != "made"] == ["/etc/pantau/ (root:pantau, mode 0750)"]
    root = wanted.places.root
    uid, gid = wanted.places.ids_of("pantau") or (0, 0)
    assert uid
    assert modes(root / "etc/pantau", root / "etc/pantau/pantau.yml", root / "etc/pantau/secrets/telegram_token") == [
        (0, gid, 0o750),
        (0, gid, 0o640),
        (0, gid, 0o640),
    ]
    assert modes(root / "etc/pantau/data", root / "var/backups/pantau") == [(uid, gid, 0o700)] * 2
    assert not list((root / "etc/pantau/data").iterdir())  # a journal is moved by backup and restore
    prometheus = (root / "etc/pantau/prometheus.yml").read_text("utf-8")
    assert "rule_files: [rules/*.yml]\nscrape: targets/native/pantau.yml" in prometheus
    started = {path.name for path in (root / "etc/systemd/system").glob("*.wants/*")}
    assert started == {"pantau.service", "pantau-backup.timer", "pantau-anchor.timer"}
    assert {how for how, _ in told_by(wanted)} == {"there"}


def test_prometheus_speaks_what_the_exporter_speaks(wanted: Installation) -> None:
    """Its files lie where they are installed; what an operator wrote of it stays; nobody else reads a password."""
    as_root()
    tls = {"scheme": "https", "tls_config": {"ca_file": str(wanted.source / "server.pem"), "server_name": "x"}}
    ours = "  - job_name: pantau   # ours\n    file_sd_configs: []\n"
    jobs = f"scrape_configs:\n{ours}  - job_name: node\n    scheme: https\n"
    told_by(replace(wanted, prometheus=jobs, scrape=tls))
    file = wanted.places.root / "etc/pantau/prometheus.yml"
    pantau, node = yaml.safe_load(file.read_text("utf-8"))["scrape_configs"]
    assert pantau["scheme"] == "https"
    assert pantau["tls_config"] == {"ca_file": "/etc/pantau/server.pem", "server_name": "x"}
    assert node == {"job_name": "node", "scheme": "https"}
    assert modes(file) == [(0, (wanted.places.ids_of("pantau") or (0, 0))[1], 0o640)]
    own = jobs.replace("file_sd_configs: []", "scheme: http")
    told_by(replace(wanted, prometheus=own, scrape=tls))
    assert file.read_text("utf-8").partition("\n")[2] == own


def test_what_an_operator_has_is_never_overwritten(wanted: Installation) -> None:
    """Settings that are there stay; a unit of another version is brought up to date."""
    as_root()
    told_by(wanted)
    settings = wanted.places.root / "etc/pantau/pantau.yml"
    unit = wanted.places.root / "etc/systemd/system/pantau.service"
    text = unit.read_text("utf-8")
    settings.write_text("# mine\n", "utf-8")
    unit.write_text("[Unit]\n", "utf-8")
    assert [what for how, what in told_by(wanted) if how == "made"] == ["/etc/systemd/system/pantau.service"]
    assert settings.read_text("utf-8") == "# mine\n"
    assert unit.read_text("utf-8") == text


@pytest.mark.parametrize("program", ["/home/ani/.venv/bin/pantau", "/root/x/pantau"])
def test_a_program_that_the_services_could_not_see_is_refused(wanted: Installation, program: str) -> None:
    """With the two commands that mend it; nothing has been done."""
    hidden = Installation(wanted.places, Path(program), wanted.source, "", anchors=False)
    with pytest.raises(
        StackError, match="lies where the services see nothing; install Pantau for all: python3 -m venv"
    ):
        told_by(hidden)
    assert not (wanted.places.root / "etc/systemd").exists()


def test_advice_names_what_a_person_has_to_do(wanted: Installation) -> None:
    """Missing packages, closed doors, the agents' door where there is one."""
    said = "\n".join(advice(wanted.places, "0.0.0.0:9443"))
    assert "sudo apt-get install prometheus prometheus-alertmanager" in said
    assert "tcp dport 9443 accept" in said
    assert "9443" not in "\n".join(advice(wanted.places, None))


def test_the_units_in_the_repository_are_those_that_are_written() -> None:
    """deploy/systemd is for people who copy by hand."""
    expected = {path.relative_to("/etc/systemd/system"): text for path, text in units(PROGRAM)}
    found = {path.relative_to(COPIES): path.read_text("utf-8") for path in COPIES.rglob("*.*") if path.is_file()}
    assert found == expected


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with all units, and Debian's two as far as they are installed; what they start exists."""
    require_program("systemd-analyze")
    root = tmp_path_factory.mktemp("system")
    folder = root / "etc/systemd/system"
    for path, text in units(Path("/bin/true")):
        (root / path.relative_to("/")).parent.mkdir(parents=True, exist_ok=True)
        (root / path.relative_to("/")).write_text(text, "utf-8")
    for name in ("prometheus.service", "prometheus-alertmanager.service"):
        shipped = Path("/lib/systemd/system") / name
        if not shipped.is_file():
            cannot_run(f"{name} is not installed; `make install` as root installs it")
        (folder / name).write_bytes(shipped.read_bytes())
    return root


SERVICES = ("pantau", "pantau-backup", "pantau-anchor", "prometheus", "prometheus-alertmanager")


def test_every_service_is_hardened(system: Path) -> None:
    """systemd's own judgement of each: below 2, where 10 is a program that may do everything."""
    names = [f"{name}.service" for name in SERVICES]
    command = ["systemd-analyze", "security", "--offline=true", f"--root={system}", "--no-pager", *names]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    levels = {name: float(level) for name, level in re.findall(r"exposure level for (\S+)\.service: ([0-9.]+)", said)}
    assert levels.keys() == set(SERVICES)
    assert {name: level for name, level in levels.items() if level >= EXPOSURE} == {}


def test_systemd_reads_every_unit(system: Path) -> None:
    """No unknown key, no path that is no path, nothing to start that is not there."""
    folder = system / "etc/systemd/system"
    files = [*folder.glob("pantau*"), folder / "prometheus.service", folder / "prometheus-alertmanager.service"]
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_capability_is_the_services_and_no_interpreters() -> None:
    """Of all units the exporter's alone has one."""
    having = [path.name for path, text in units(PROGRAM) if "AmbientCapabilities=CAP" in text]
    assert having == ["pantau.service"]


def modes(*paths: Path) -> list[tuple[int, int, int]]:
    """Owner, group and mode of each."""
    return [(s.st_uid, s.st_gid, stat.S_IMODE(s.st_mode)) for s in map(os.stat, paths)]
