"""The stack over an exporter that speaks TLS to who has a certificate and a password: every part of it has them."""

import json
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exporter.web.test_tls import certificate
from tests.pantau.stack.test_exporter_client import MUTUAL, PASSWORD, SHOWN, USERS
from tests.rules.checking import ROOT
from tests.stack.running import RunningStack, require_stack, start_stack, wait_for

pytestmark = pytest.mark.stack

GOOD = ROOT / "tests" / "pantau" / "inventory" / "good"
ROUTES = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
WEB = "web: {listen: '127.0.0.1:9840', web_config_file: web.yml"


def folder_of(root: Path, more: str) -> Path:
    """An operator's folder: three points, prometheus.yml as it is shipped, and a web configuration with everything."""
    config = root / "config"
    shutil.copytree(GOOD, config)
    shutil.copytree(ROOT / "config" / "targets" / "native", config / "targets" / "native")
    target = config / "targets" / "native" / "pantau.yml"
    target.write_text(target.read_text().replace("9810", "9840"))
    shutil.copy(ROOT / "prometheus.yml", root)
    (config / "alertmanager.yml").write_text(ROUTES)
    for name in ("server", "client"):
        certificate(config, name)
    (config / "web.yml").write_text(MUTUAL + USERS)
    (config / "client.yml").write_text(SHOWN + PASSWORD)
    (config / "secret").write_text("rahasia\n")
    settings = config / "pantau.yml"
    settings.write_text(f"{settings.read_text('utf-8')}{WEB}{more}}}\n", "utf-8")
    return config


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[RunningStack]:
    """One that is ready."""
    require_stack()
    config = folder_of(tmp_path, ", http_config_file: client.yml")
    running = start_stack(
        ["up", "--config", str(config / "pantau.yml"), "--root", str(tmp_path), "--every", "1s"], tmp_path / "run"
    )
    try:
        running.wait_for_output("prometheus   ready", 60)
        yield running
    finally:
        running.close()


def test_prometheus_scrapes_and_the_summary_is_read(stack: RunningStack) -> None:
    """The exporter's target is up, and the terminal tells of the city."""
    assert "✔ exporter     ready  https://127.0.0.1:98" in stack.output

    def healths() -> dict[str, str]:
        prometheus = stack.addresses["prometheus"]
        with urllib.request.urlopen(f"{prometheus}api/v1/targets", timeout=5) as answer:  # noqa: S310 - loopback
            targets = json.load(answer)["data"]["activeTargets"]
        return {target["labels"]["job"]: target["health"] + target["lastError"] for target in targets}

    wait_for(lambda: healths().get("pantau") == "up", 20, "the exporter to be scraped")
    stack.wait_for_output("unknown", 20)
    assert "does not answer" not in stack.output


def test_without_a_password_nothing_is_started(tmp_path: Path) -> None:
    """One sentence, with the file that asks for it and where it is named; status 2."""
    config = folder_of(tmp_path, "")
    running = start_stack(
        ["up", "--config", str(config / "pantau.yml"), "--root", str(tmp_path), "--no-prometheus"], tmp_path / "run"
    )
    try:
        assert running.ended(30) == 2
        assert "the exporter asks for a password (basic_auth_users in" in running.output
        assert "ready" not in running.output
    finally:
        running.close()
