"""The copies for a run: Alertmanager's is for its reader's eyes alone, and one that an old version can read."""

import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from pantau.stack.configuration import Copies

TOKEN = "made-up-token"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with one receiver on Telegram."""
    config = tmp_path / "root" / "config"
    (config / "secrets").mkdir(parents=True)
    way = {"bot_token_file": "/etc/alertmanager/secrets/telegram_token", "chat_id": -1}
    hook = {"url": "http://127.0.0.1:9811/alerts"}
    page = {"name": "page", "telegram_configs": [way], "webhook_configs": [hook]}
    content = {"route": {"receiver": "page"}, "templates": ["a.tmpl"], "receivers": [page]}
    (config / "alertmanager.yml").write_text(yaml.safe_dump(content), "utf-8")
    return config.parent


def copied(root: Path, *, reads_files: bool) -> tuple[Path, dict[str, Any], list[str]]:
    """The copy, its one receiver, and what the operator was told."""
    told: list[str] = []
    copies = Copies(root, root.parent / "run", {9811: 9821}, None, reads_secret_files=reads_files, warn=told.append)
    file = copies.alertmanager()
    content = yaml.safe_load(file.read_text("utf-8"))
    assert content["templates"] == [str(root / "config" / "a.tmpl")]
    return file, content["receivers"][0], told


def test_an_old_alertmanager_is_given_the_token_in_a_file_of_its_own(root: Path) -> None:
    """Mode 0600; ports that moved are put right in it as ever."""
    (root / "config" / "secrets" / "telegram_token").write_text(TOKEN, "utf-8")
    file, page, told = copied(root, reads_files=False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert page["telegram_configs"] == [{"bot_token": TOKEN, "chat_id": -1}]
    assert page["webhook_configs"] == [{"url": "http://127.0.0.1:9821/alerts"}]
    assert told == []


def test_a_new_one_is_told_where_the_token_lies_here(root: Path) -> None:
    """It is read when a message is sent: nothing is copied."""
    _, page, told = copied(root, reads_files=True)
    place = str(root / "config" / "secrets" / "telegram_token")
    assert page["telegram_configs"] == [{"bot_token_file": place, "chat_id": -1}]
    assert told == []


def test_a_token_that_is_not_there_is_told_and_the_stack_starts(root: Path) -> None:
    """That one way fails and is counted; all others are told."""
    _, page, told = copied(root, reads_files=False)
    assert page["telegram_configs"] == [{"bot_token": "0:missing", "chat_id": -1}]
    (sentence,) = told
    assert sentence.startswith("page: bot_token_file: ")


def test_prometheus_speaks_what_the_exporter_speaks(tmp_path: Path) -> None:
    """Its job and its discovery; what an operator wrote, and jobs of others, stay as they are."""
    (tmp_path / "prometheus.yml").write_text(
        "scrape_configs:\n"
        "  - {job_name: pantau, static_configs: [{targets: ['127.0.0.1:9810']}]}\n"
        "  - {job_name: snmp, http_sd_configs: [{url: 'http://127.0.0.1:9810/sd/snmp'}, {url: 'http://10.0.0.9/sd/x'}]}\n"
        "  - {job_name: node}\n",
        "utf-8",
    )
    told = {"scheme": "https", "tls_config": {"ca_file": "/c.pem"}, "basic_auth": {"username": "p"}}
    file = Copies(tmp_path, tmp_path / "run", {9810: 9820}, None, exporter=told).prometheus()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    pantau, snmp, node = yaml.safe_load(file.read_text("utf-8"))["scrape_configs"]
    assert {key: pantau[key] for key in told} == told
    rest = {"tls_config": {"ca_file": "/c.pem"}, "basic_auth": {"username": "p"}}
    assert snmp["http_sd_configs"] == [
        {"url": "https://127.0.0.1:9820/sd/snmp", **rest},
        {"url": "http://10.0.0.9/sd/x"},
    ]
    assert node == {"job_name": "node"}
    text = (
        (tmp_path / "prometheus.yml").read_text("utf-8").replace("job_name: pantau", "job_name: pantau, scheme: http")
    )
    (tmp_path / "prometheus.yml").write_text(text, "utf-8")
    file = Copies(tmp_path, tmp_path / "run", {}, None, exporter=told).prometheus()
    assert "tls_config" not in yaml.safe_load(file.read_text("utf-8"))["scrape_configs"][0]
