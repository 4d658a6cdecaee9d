"""The Dockerfile: what it copies is let through, what it installs is locked, what runs is small and not root."""

import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.rules.checking import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LINES = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE)).splitlines()
STAGES = "\n".join(LINES).split("\nFROM ")


def copied() -> list[str]:
    """The paths of the build context that the Dockerfile copies."""
    copies = (line.split()[1:-1] for line in LINES if line.startswith("COPY ") and "--from=" not in line)
    return [path for paths in copies for path in paths]


def health_command() -> list[str]:
    """The HEALTHCHECK's command."""
    (line,) = (line for line in LINES if line.startswith("HEALTHCHECK"))
    command: list[str] = json.loads(line[line.index("[") :])
    return command


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    """Every path is there, and .dockerignore, which shuts everything out, lets each of them in again."""
    assert copied() == ["locks", "pyproject.toml", "README.md", "pantau", "exporter", "dashboards"]
    missing = [path for path in copied() if not (ROOT / path).exists()]
    assert missing == []
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert patterns.count("*") == 1
    let_in = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    assert [path for path in copied() if not any(fnmatch(path, pattern) for pattern in let_in)] == []


def test_every_package_of_the_project_is_copied() -> None:
    """A package added to pyproject.toml is not forgotten in the image."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    include = project["tool"]["setuptools"]["packages"]["find"]["include"]
    packages = {path for path in copied() if Path(path).suffix == ""}
    assert {name.rstrip("*") for name in include} == packages - {"locks"}


def test_what_builds_and_what_runs_stand_on_the_same_python() -> None:
    """The virtual environment's interpreter is a link into the base image, so that must not differ between stages."""
    assert re.findall(r"^FROM (.+)", DOCKERFILE, re.MULTILINE) == ["${BASE} AS python", "python AS build", "python"]
    assert "ARG BASE\n" in DOCKERFILE  # without a default: the version stands in versions.yml alone


def test_only_what_is_locked_is_installed() -> None:
    """Each variant has a lock with hashes; nothing comes from an index without one, and nothing is compiled."""
    build = STAGES[2]
    installs = re.findall(r"pip install (.*?)(?= &&|$)", build, re.MULTILINE)
    assert installs == [
        '--no-compile --require-hashes --only-binary=:all: -r "locks/${VARIANT}.txt"',
        "--require-hashes --only-binary=:all: -r locks/build.txt",
        "--no-deps --no-index /wheels/*.whl",
    ]


@pytest.mark.parametrize("name", ["exporter", "full", "dev", "build"])
def test_a_lock_has_hashes_and_names_no_registry(name: str) -> None:
    """Every package has its hashes; whoever installs asks the registry that it is set up for."""
    lock = (ROOT / "locks" / f"{name}.txt").read_text(encoding="utf-8")
    packages = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert len(packages) >= 3
    assert [text.split()[0] for text in packages if "--hash=sha256:" not in text] == []
    assert re.findall(r"//|--index|--find-links|\w\.(?:org|com|io)\b", lock) == []


def test_locks_are_of_what_pyproject_asks_for() -> None:
    """Each dependency is in the locks that need it: a new one is not forgotten (`make lock`)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "exporter": project["dependencies"] + extras["postgresql"],
        "full": project["dependencies"] + extras["postgresql"] + extras["reports"] + extras["dashboards"],
        "dev": project["dependencies"] + extras["dev"],
    }
    for name, requirements in wanted.items():
        lock = (ROOT / "locks" / f"{name}.txt").read_text(encoding="utf-8")
        locked = set(re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==", lock, re.MULTILINE))
        names = {re.split(r"[\[>=]", requirement)[0].lower().replace("_", "-") for requirement in requirements}
        assert names - locked - {"pantau"} == set()


def test_what_runs_is_not_root_and_installs_only_what_sets_pages() -> None:
    """The last stage copies, and, to make reports, takes WeasyPrint's libraries and fonts; it runs under a number."""
    final = STAGES[-1]
    assert len(STAGES) == 4
    (run,) = re.findall(r"^RUN (.*)$", final, re.MULTILINE)
    assert run.startswith('if [ "${VARIANT}" = full ]; then ')
    packages = re.search(r"install -y --no-install-recommends ([^&]*)&&", run)
    assert packages is not None
    assert packages[1].split() == [
        "libpango-1.0-0",
        "libpangoft2-1.0-0",
        "libharfbuzz-subset0",
        "fonts-liberation",
        "fonts-dejavu-core",
        "openssh-client",
    ]
    assert "rm -rf /var/lib/apt/lists/* /var/cache/apt/*" in run
    assert not re.search(r"pip |gcc|build-essential", final, re.MULTILINE)
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", final, re.MULTILINE)
    assert 'ENTRYPOINT ["pantau"]' in final
    assert "pip uninstall --yes pip" in STAGES[2]


class Healthy(BaseHTTPRequestHandler):
    """Answers the health check as its server was told to."""

    status = 200

    def do_GET(self) -> None:
        """Any path but the health check's is not found."""
        self.send_response(self.status if self.path == "/-/healthy" else 404)
        self.end_headers()

    def log_message(self, *_ignored: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Where something answers the health check."""
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (503, 1)])
def test_health_is_asked_of_the_container_itself(
    port: int, status: int, exit_code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever `http_proxy` says; another answer than 200 is not healthy."""
    monkeypatch.setattr(Healthy, "status", status)
    command = [sys.executable, *health_command()[1:]]
    environment = os.environ | {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "no_proxy": ""}
    environment["PANTAU_WEB_LISTEN_ADDRESS"] = f"0.0.0.0:{port}"
    assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == exit_code


def test_compose_asks_the_same() -> None:
    """The check is said twice, for the one in the Compose file can be tuned; both are one."""
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert f"[CMD, {', '.join(health_command())}]" in compose
    assert "ENV PANTAU_WEB_LISTEN_ADDRESS=0.0.0.0:9810" in LINES
