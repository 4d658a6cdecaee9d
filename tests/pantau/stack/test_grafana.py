"""The demo's dashboards: shown where Docker is, told how where it is not, gone with the demo, never in its way."""

import asyncio
from pathlib import Path

import pytest
from rich.text import Text

from pantau.stack.grafana import HOW, dashboards_shown
from tests.patience import PATIENCE_SECONDS

DOCKER = '#!/bin/sh\necho "$PANTAU_DEMO_PROMETHEUS $*" >> {folder}/asked\n{answer}\n'


def docker(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str) -> Path:
    """A `docker` that writes down what it is asked; what it was asked."""
    program = folder / "docker"
    program.write_text(DOCKER.format(folder=folder, answer=answer), "utf-8")
    program.chmod(0o755)
    (folder / "docker-compose.yml").touch()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder / "asked"


async def shown(folder: Path, until: str) -> list[str]:
    """What is said until a line with `until` comes."""
    said: list[str] = []

    heard = asyncio.Event()

    def say(line: Text) -> None:
        said.append(line.plain)
        if until in line.plain:
            heard.set()

    async with dashboards_shown(folder, 9100, folder / "dashboards", say):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await heard.wait()
    return said


async def test_where_docker_is_they_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With this demo's Prometheus, wherever its port has moved; the container goes with the demo."""
    asked = docker(tmp_path, monkeypatch, "exit 0")
    assert await shown(tmp_path, "ready") == ["✔ dashboards   ready  http://127.0.0.1:3000/"]
    _, up, rm = asked.read_text("utf-8").splitlines()
    compose = f"http://127.0.0.1:9100 compose --file {tmp_path}/docker-compose.yml --profile demo"
    assert up == f"{compose} up --detach --no-build grafana-demo"
    assert rm.endswith(" rm --force pantau-grafana-demo")


async def test_where_it_is_not_one_line_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Docker, no Compose, or no Compose file: the demo goes on without."""
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert await shown(tmp_path, "Dashboards need") == [HOW]
    docker(tmp_path, monkeypatch, "exit 1")
    assert await shown(tmp_path, "Dashboards need") == [HOW]


async def test_what_docker_refuses_is_told_in_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that is not there, an image that does not come."""
    refuse = 'case "$*" in *up*) echo "no route to registry" >&2; exit 1;; esac'
    docker(tmp_path, monkeypatch, refuse)
    assert await shown(tmp_path, "No dashboards") == ["No dashboards: docker says: no route to registry"]
