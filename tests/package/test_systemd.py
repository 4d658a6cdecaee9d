"""`pantau install` under a real systemd: the units start, answer, die and start again, over TLS and with a password."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bcrypt
import pytest

from lab.city.namespace import CityNamespace
from tests.city.requirements import require_city
from tests.exporter.web.test_tls import certificate
from tests.package.booted import BootedSystem, booted, debian_with_systemd
from tests.package.installing import built_wheel

pytestmark = [pytest.mark.image, pytest.mark.alone, pytest.mark.timeout(1800)]

POINTS = 5
LIST = "Nama Titik;Kecamatan;Alamat IP;ISP\n" + "".join(
    f"Taman {number};Coblong;10.77.1.{number};Telkom\n" for number in range(1, POINTS + 1)
)
CITY = (
    "cd /srv && pantau init 'Kota Bandung' --isp Telkom --canary gateway=10.77.255.1 --yes && "
    "pantau import list.csv --write"
)
UNITS = ("pantau.service", "prometheus.service", "prometheus-alertmanager.service")
NET_RAW = 1 << 13
CURL = "curl --silent --cacert /etc/pantau/server.pem --user prometheus:rahasia https://localhost:9810"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BootedSystem]:
    """A booted Debian with the wheel at /opt/pantau and a city at /srv; nothing is set up yet."""
    require_city()
    folder = tmp_path_factory.mktemp("booted")
    root = debian_with_systemd(folder)
    wheel = built_wheel(folder)
    (root / "srv" / wheel.name).write_bytes(wheel.read_bytes())
    (root / "srv" / "list.csv").write_text(LIST)
    path = "PATH=/opt/pantau/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    made = f"python3 -m venv /opt/pantau && /opt/pantau/bin/pip install --quiet /srv/{wheel.name} && {CITY}"
    subprocess.run(["chroot", str(root), "/usr/bin/env", path, "sh", "-c", made], check=True, timeout=900)
    speak_tls(root / "srv" / "config")
    with CityNamespace() as city, booted(root, city.name, folder / "boot.log") as running:
        yield running


def speak_tls(config: Path) -> None:
    """TLS and a password before everything that the exporter tells."""
    certificate(config, "server")
    hashed = bcrypt.hashpw(b"rahasia", bcrypt.gensalt(4)).decode()
    tls = "tls_server_config: {cert_file: server.pem, key_file: server.key}\n"
    (config / "web.yml").write_text(f"{tls}basic_auth_users: {{prometheus: '{hashed}'}}\n")
    (config / "secrets" / "exporter_password").write_text("rahasia\n")
    (config / "client.yml").write_text("basic_auth: {username: prometheus, password_file: secrets/exporter_password}\n")
    settings = config / "pantau.yml"
    named = "web:\n  web_config_file: web.yml\n  http_config_file: client.yml\n"
    settings.write_text(settings.read_text("utf-8").replace("web:\n", named, 1), "utf-8")


def up(system: BootedSystem) -> dict[str, str]:
    """What Prometheus says of each job."""
    told = system.run("curl", "--silent", "http://127.0.0.1:9090/api/v1/query?query=up", check=False)
    results: list[dict[str, Any]] = json.loads(told)["data"]["result"] if told.startswith("{") else []
    return {one["metric"]["job"]: one["value"][1] for one in results}


def points_up(system: BootedSystem) -> int:
    """How many points the exporter has up."""
    lines = system.run("sh", "-c", f"{CURL}/metrics", check=False).splitlines()
    return sum(line.startswith("hotspot_up{") and line.endswith("} 1") for line in lines)


def shown(system: BootedSystem, unit: str, name: str) -> str:
    """A property of a unit."""
    return system.run("systemctl", "show", "--value", "--property", name, unit)


def install(system: BootedSystem) -> str:
    """What `pantau install` says."""
    return system.run("pantau", "install", "--config", "/srv/config/pantau.yml")


def test_units_are_set_up_and_the_city_is_watched(system: BootedSystem) -> None:
    """All three run, each point is up, Prometheus scrapes the exporter over TLS with its password; nothing failed."""
    said = install(system)
    assert "✔ done      runs: pantau.service" in said
    system.waited(lambda: points_up(system) == POINTS, "points", "pantau")
    wanted = {"pantau": "1", "prometheus": "1", "alertmanager": "1"}
    system.waited(lambda: wanted.items() <= up(system).items(), f"{wanted}", "prometheus")
    assert {unit: shown(system, unit, "ActiveState") for unit in UNITS} == dict.fromkeys(UNITS, "active")
    assert system.run("systemctl", "--failed", "--plain", "--no-legend") == ""


def test_the_exporter_has_one_capability_and_sees_what_it_needs(system: BootedSystem) -> None:
    """Raw sockets and nothing else; hardening hides neither our own addresses nor the state of the clock."""
    status = system.run("cat", f"/proc/{shown(system, 'pantau', 'MainPID')}/status")
    kept = {line.split()[0]: int(line.split()[1], 16) for line in status.splitlines() if line.startswith("Cap")}
    assert kept["CapEff:"] == kept["CapBnd:"] == kept["CapAmb:"] == NET_RAW
    log = system.run("journalctl", "-u", "pantau", "--no-pager", "--output", "cat")
    assert '"engine": "batch", "socket": "raw"' in log
    assert "cannot be read" not in log
    assert "not supported" not in log


def test_a_killed_exporter_runs_again(system: BootedSystem) -> None:
    """kill -9: another process within seconds, and the points are up."""
    first = shown(system, "pantau", "MainPID")
    assert first != "0"
    system.run("sh", "-c", f"kill -9 {first}")
    system.waited(lambda: shown(system, "pantau", "NRestarts") == "1", "restart", "pantau", 20)
    system.waited(lambda: points_up(system) == POINTS, "points", "pantau")
    assert shown(system, "pantau", "MainPID") not in (first, "0")


def test_a_reload_is_heard(system: BootedSystem) -> None:
    """On a system without /bin/kill, too; the process stays, and what is wrong is told by name."""
    before = shown(system, "pantau", "MainPID")
    system.run("sh", "-c", "echo 'oops: 1' >> /etc/pantau/pantau.yml")
    system.run("systemctl", "reload", "pantau")
    told = ("journalctl", "-u", "pantau", "--no-pager", "--output", "cat", "-n", "20")
    system.waited(lambda: "oops: is not a known key" in system.run(*told), "refusal", "pantau", 20)
    system.run("sed", "-i", "/^oops: 1$/d", "/etc/pantau/pantau.yml")
    system.run("systemctl", "reload", "pantau", "prometheus-alertmanager")
    assert shown(system, "pantau", "MainPID") == before
    assert shown(system, "prometheus-alertmanager", "ActiveState") == "active"


def test_the_nights_work_is_done(system: BootedSystem) -> None:
    """The backup's service ends well, its file is there and verified, and its timer waits for the night."""
    system.run("systemctl", "start", "pantau-backup.service")
    said = system.run("journalctl", "-u", "pantau-backup", "--no-pager", "--output", "cat")
    assert "none changed" in said
    assert system.run("ls", "/var/backups/pantau").startswith("journal-")
    assert shown(system, "pantau-backup.timer", "ActiveState") == "active"


def test_probe_and_a_second_install_find_everything(system: BootedSystem) -> None:
    """The running exporter is asked over TLS; nothing is done twice, and nothing is started anew.

    Its first round after the kill may be still to come: until then the state is unknown, and `hotspot_up` what it was.
    """
    before = shown(system, "pantau", "MainPID")
    probe = ("pantau", "probe", "coblong-001", "--config", "/etc/pantau/pantau.yml", "--count", "1")
    system.waited(lambda: "the exporter says up" in system.run(*probe), "the exporter's word", "pantau")
    said = [line for line in install(system).splitlines() if not line.startswith("note:")]
    assert [line for line in said if "is there" not in line and "firewall" not in line] == []
    assert shown(system, "pantau", "MainPID") == before
