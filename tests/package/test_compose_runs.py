"""docker-compose.yml run for real: Debian's engine, the image of this tree, Prometheus and Alertmanager of Debian.

Grafana has no package of Debian: its container is not run here. All of it lives in a network namespace in which the
city's points answer.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.city.namespace import CityNamespace
from lab.measuring.newcomer import lay_list
from tests.city.requirements import require_city
from tests.package.composed import HOOK, RUN, Checkout, Running, build_others, hook
from tests.package.engine import base_image, own_engine
from tests.rules.checking import ROOT

pytestmark = [pytest.mark.image, pytest.mark.alone, pytest.mark.timeout(2400)]

INVENTORY = ROOT / "tests" / "pantau" / "inventory" / "good"
NAMES = ("isps.yml", "kecamatan.yml", "kelurahan.csv", "uplinks.yml", "contracts.yml", "hotspots.csv")
SETTINGS = """\
probing: {{interval: 5s, timeout: 2s}}
vantage: {{canaries: [{{name: gateway, address: 10.77.255.1}}]}}
inventory: [{names}]
"""
MOST_COMMANDS, MOST_SECONDS = 12, 600.0
DARK = "10.77.1.0/24"
"""The points of one ISP."""
_UP = re.compile(r"hotspot_up\{.*\} 1$")
SENTENCE = "Grafana has no password yet; run `make secrets` once, then this again"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Images that are built, an operator's checkout that nobody else may read, and nothing started."""
    require_city()
    folder = tmp_path_factory.mktemp("composed")
    with own_engine(folder) as engine:
        base = base_image(engine, folder)
        options = ("--network", "host", "--build-arg", f"BASE={base}", "--tag", "pantau:0.1.0")
        engine.docker("build", *options, str(ROOT), seconds=1800)
        build_others(engine, base, folder)
    with CityNamespace() as city, own_engine(folder, city.name) as engine:
        inventory = folder / "inventory"
        inventory.mkdir()
        for name in NAMES:
            text = (INVENTORY / name).read_text("utf-8")
            (inventory / name).write_text(text.replace("192.0.2.", "10.77.2."), "utf-8")
        (inventory / "pantau.yml").write_text(SETTINGS.format(names=", ".join(NAMES)))
        checkout = Checkout.made(folder / "checkout", engine, inventory)
        subprocess.run(["chmod", "--recursive", "go=", checkout.folder], check=True)
        yield Running(checkout, city)
        checkout.compose("down", "--volumes", "--timeout", "5", check=False)


def test_without_a_password_one_sentence_and_nothing_else(running: Running) -> None:
    """No container, no network, no volume."""
    checkout = running.checkout
    said = checkout.compose("up", "--detach", check=False).splitlines()
    assert said[-1].endswith(SENTENCE)
    assert checkout.engine.docker("ps", "--all", "--quiet") == ""
    assert checkout.engine.docker("volume", "ls", "--quiet") == ""


def test_what_nobody_may_read_is_said_in_one_sentence(running: Running) -> None:
    """A checkout of `umask 077`, without `make secrets`: the exporter names file and reason, and no traceback."""
    checkout = running.checkout
    (checkout.folder / ".env").write_text("PANTAU_GRAFANA_PASSWORD_FILE=./config/secrets/grafana_admin_password\n")
    said = checkout.compose("run", "--rm", "--no-deps", "exporter", check=False)
    checkout.compose("down", "--volumes", check=False)
    assert "/etc/pantau/pantau.yml" in said
    assert "Permission denied" in said or "permission" in said.lower()
    assert "Traceback" not in said


def test_after_make_secrets_all_are_healthy_behind_a_proxy(running: Running) -> None:
    """What `make secrets` opens is enough; each container asks itself, whatever proxy its environment names."""
    checkout = running.checkout
    said = subprocess.run(["scripts/secrets.sh"], cwd=checkout.folder, capture_output=True, text=True, check=True)
    assert "made readable for the containers' users" in said.stdout
    checkout.up()
    for service in RUN:
        checkout.waited(lambda name=service: checkout.healthy(name), f"healthy {service}")  # type: ignore[misc]


def test_points_answer_and_prometheus_sees_everything(running: Running) -> None:
    """Datagram ICMP by its own group alone; the targets of Compose; the rules; Alertmanager found."""
    checkout = running.checkout
    group = checkout.compose("exec", "-T", "exporter", "cat", "/proc/sys/net/ipv4/ping_group_range")
    assert group.split() == ["10001", "10001"]
    wanted = {"pantau": "1", "prometheus": "1", "alertmanager": "1"}
    checkout.waited(lambda: running.up() == wanted, f"{wanted}")
    metrics = "http://127.0.0.1:9810/metrics"

    def answered() -> set[str]:
        lines = running.fetch(metrics).splitlines()
        return {line.rpartition(" ")[2] for line in lines if line.startswith("hotspot_up{")}

    checkout.waited(lambda: answered() == {"1"}, "points up")
    groups = json.loads(running.fetch("http://127.0.0.1:9090/api/v1/rules"))["data"]["groups"]
    assert len(groups) > 10
    found = json.loads(running.fetch("http://127.0.0.1:9090/api/v1/alertmanagers"))["data"]["activeAlertmanagers"]
    assert [one["url"] for one in found] == ["http://alertmanager:9093/api/v2/alerts"]


def test_commands_find_their_settings_and_reports_can_be_written(running: Running) -> None:
    """Without flags; beside the reports' volume nothing can be written."""
    checkout = running.checkout
    inside = ("exec", "-T", "exporter")
    assert checkout.compose(*inside, "pantau", "check").partition("\n")[0].startswith("/etc/pantau/pantau.yml: good.")
    checkout.compose(*inside, "pantau", "journal", "backup", "--output", "/reports/backup")
    assert "journal-" in checkout.compose(*inside, "ls", "/reports/backup")
    for place in ("/x", "/etc/pantau/x", "/opt/pantau/x"):
        assert "Read-only" in checkout.compose(*inside, "sh", "-c", f"touch {place}", check=False)


def test_prometheus_follows_an_editor_and_sees_no_secret(running: Running) -> None:
    """A file that is replaced, and a signal; what it has no business with is covered."""
    checkout = running.checkout
    file = checkout.folder / "prometheus.yml"
    new = file.with_suffix(".new")
    new.write_text(file.read_text("utf-8").replace("scrape_interval: 10s", "scrape_interval: 11s"), "utf-8")
    new.chmod(0o644)
    new.replace(file)
    checkout.compose("kill", "--signal", "SIGHUP", "prometheus")
    told = "http://127.0.0.1:9090/api/v1/status/config"
    checkout.waited(lambda: "scrape_interval: 11s" in running.fetch(told), "new configuration", 30)
    for folder in ("secrets", "data"):
        said = checkout.compose("exec", "-T", "prometheus", "ls", f"/etc/prometheus/config/{folder}", check=False)
        assert said == "" or "denied" in said


@pytest.mark.parametrize("service", RUN)
def test_limits_hold_and_nobody_is_special(running: Running, service: str) -> None:
    """Memory and processes as they are written; no capability, not root; its port on this host alone."""
    found = running.checkout.inspect(service)
    host, status = found["HostConfig"], Path(f"/proc/{found['State']['Pid']}/status").read_text()
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert "CapEff:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert "Uid:\t0\t" not in status
    bound = [one["HostIp"] for ports in found["NetworkSettings"]["Ports"].values() for one in ports or ()]
    assert bound == ["127.0.0.1"]


def test_a_killed_exporter_runs_again_on_its_journal(running: Running) -> None:
    """kill -9 from outside; then all containers made anew: the evidence is there, and goes on."""
    checkout = running.checkout
    os.kill(checkout.inspect("exporter")["State"]["Pid"], signal.SIGKILL)
    checkout.waited(lambda: checkout.inspect("exporter")["RestartCount"] == 1, "restart", 30)
    checkout.waited(lambda: checkout.healthy("exporter"), "healthy exporter")
    verify = ("exec", "-T", "exporter", "pantau", "journal", "verify")
    entries = int(checkout.compose(*verify).partition(" entries")[0].rpartition("\n")[2].replace(",", ""))
    checkout.compose("down", "--timeout", "5")
    checkout.up()
    checkout.waited(lambda: checkout.healthy("exporter"), "healthy exporter")
    again = int(checkout.compose(*verify).partition(" entries")[0].rpartition("\n")[2].replace(",", ""))
    assert again >= entries > 0


def block_after(words: str) -> dict[str, Any]:
    """The YAML that stands behind these words on the page on containers."""
    text = (ROOT / "docs/operation/docker.md").read_text("utf-8").partition(words)[2]
    block = re.search(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert block is not None
    found: dict[str, Any] = yaml.load(block[1], Loader=_Tagged)  # noqa: S506 - our own page
    return found


class _Tagged(yaml.SafeLoader):
    """Reads over Compose's own tags."""


_Tagged.add_constructor("!reset", lambda *_: None)


def test_points_with_ipv6_answer_over_the_default_network(running: Running) -> None:
    """With what the page says of it, and nothing else."""
    checkout = running.checkout
    override, hotspots = checkout.folder / "docker-compose.override.yml", checkout.folder / "config" / "hotspots.csv"
    before, listed = override.read_text("utf-8"), hotspots.read_text("utf-8")
    hotspots.write_text(listed + "BTG-6,Dermaga,fd77::6,madidir,telkom,,,,,,,,active\n", "utf-8")
    try:
        override.write_text(yaml.safe_dump(yaml.safe_load(before) | block_after("**IPv6** in the default")), "utf-8")
        checkout.compose("down", "--timeout", "5")
        checkout.up()
        metrics = "http://127.0.0.1:9810/metrics"

        def up() -> set[str]:
            lines = running.fetch(metrics).splitlines()
            return {line.partition('hotspot="')[2].partition('"')[0] for line in lines if _UP.match(line)}

        checkout.waited(lambda: up() == {"BTG-1", "BTG-2", "BTG-6"}, "point with IPv6")
    finally:
        override.write_text(before, "utf-8")
        hotspots.write_text(listed, "utf-8")


def typed() -> list[str]:
    """The commands of the page on containers, as they stand there."""
    block = re.search(
        r"^```sh\n(.*?)^```$", (ROOT / "docs/operation/docker.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert block is not None
    return [line.partition("   #")[0].rstrip() for line in block[1].splitlines()]


def edit_receivers(file: Path) -> None:
    """What a person does in an editor, which replaces the file."""
    text = file.read_text("utf-8").replace("http://127.0.0.1:9811/alerts", "http://{}:{}/alerts".format(*HOOK), 1)
    new = file.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(file)


def test_the_first_half_hour_with_docker(running: Running, tmp_path: Path) -> None:
    """The page's commands in a fresh checkout, own 20 points of a workbook, to a message about a dark ISP."""
    running.checkout.compose("down", "--volumes", "--timeout", "5")
    checkout = Checkout.made(tmp_path / "fresh", running.checkout.engine)
    lay_list(checkout.folder / "titik.xlsx")
    began, lines = time.monotonic(), typed()
    assert len(lines) + 2 <= MOST_COMMANDS  # packages, and the clone
    with hook(running.city) as told:
        for line in lines:
            words = shlex.split(line.replace("192.168.1.1", "10.77.255.1"))
            if words == ["make", "secrets"]:
                subprocess.run(["scripts/secrets.sh"], cwd=checkout.folder, check=True, capture_output=True)
            elif words[0] == "nano":
                edit_receivers(checkout.folder / words[1])
            elif words == ["docker", "compose", "up", "--detach"]:
                checkout.up()
                checkout.waited(lambda: all(map(checkout.healthy, RUN)), "health")
            elif words[2] != "build":  # the image is there; Debian's engine has no buildx
                terminal = ["-T"] if words[2] in ("run", "exec") else []
                checkout.compose(*words[2:3], *terminal, *words[3:])
        metrics = "http://127.0.0.1:9810/metrics"
        checkout.waited(lambda: running.fetch(metrics).count('isp="telkom"} 1\n') >= 10, "points up")
        checkout.waited(lambda: len(running.up()) == 3, "targets")
        told.clear()
        running.city.black_hole([DARK])
        checkout.waited(lambda: any(b"IspDown" in one or b"telkom" in one for one in told), "message", 300)
    running.city.heal()
    assert time.monotonic() - began < MOST_SECONDS
    running.checkout.compose("down", "--volumes", "--timeout", "5", check=False)
    checkout.compose("down", "--volumes", "--timeout", "5", check=False)
