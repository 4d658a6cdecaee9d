"""The container image, built for real: small, not root, sound in a hardened container, healthy whatever the proxy."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.package.engine import Engine, base_image, own_engine
from tests.rules.checking import ROOT

pytestmark = [pytest.mark.image, pytest.mark.alone, pytest.mark.timeout(2400)]

LARGEST_MB = 250
IMAGE = "pantau:tried"
HARDENED = (
    *("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true", "--init", "--network", "none"),
    *("--tmpfs", "/tmp:size=16m,mode=1777"),  # noqa: S108 - inside the container
)
"""As docker-compose.yml runs it; with a loopback of its own and no other network, for the engine has none."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that has built the image from this tree."""
    folder = tmp_path_factory.mktemp("engine")
    with own_engine(folder) as engine:
        base = base_image(engine, folder)
        options = ("--network", "host", "--build-arg", f"BASE={base}", "--tag", IMAGE)
        engine.docker("build", *options, str(ROOT), seconds=1800)
        yield engine
        engine.docker("system", "prune", "--all", "--force", "--volumes")


def inside(engine: Engine, *arguments: str, check: bool = True) -> str:
    """What `pantau ARGUMENTS` says in a new hardened container."""
    return engine.docker("run", "--rm", *HARDENED, IMAGE, *arguments, check=check)


def test_it_is_small(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """Without reports; what it was before they were an extra: 595 MB."""
    size = int(engine.docker("image", "inspect", "--format", "{{.Size}}", IMAGE))
    with capsys.disabled():
        print(f"\nthe image: {size / 1e6:.1f} MB")
    assert size < LARGEST_MB * 1_000_000


def test_it_runs_as_nobody_special(engine: Engine) -> None:
    """By number, and no other user is in the image's settings."""
    assert engine.docker("image", "inspect", "--format", "{{.Config.User}}", IMAGE) == "10001:10001"


def test_it_holds_no_installer(engine: Engine) -> None:
    """Neither pip nor a compiler; whoever gets in finds no tools of ours."""
    script = "import importlib.util as u, shutil; print([n for n in ('pip', 'setuptools') if u.find_spec(n)])"
    assert engine.docker("run", "--rm", *HARDENED, "--entrypoint", "python", IMAGE, "-c", script) == "[]"


def test_commands_work_or_name_their_extra(engine: Engine) -> None:
    """Version, a check of the shipped configuration as Compose mounts it, and what this variant is without."""
    assert inside(engine, "--version") == "0.1.0"
    mounted = ("--volume", f"{ROOT}/examples/bitung:/etc/pantau:ro")
    told = engine.docker("run", "--rm", *HARDENED, *mounted, IMAGE, "check", "--config", "/etc/pantau/pantau.yml")
    assert told.startswith("/etc/pantau/pantau.yml: good. 1000 active hotspots")
    assert inside(engine, "report", "--month", "2024-04", "--city", check=False) == ""


def test_a_city_runs_in_it_and_is_healthy_behind_a_proxy(engine: Engine, tmp_path: Path) -> None:
    """The image's own command over a simulated city: healthy though `http_proxy` leads nowhere, gone within 5 s."""
    proxy = ("--env", "http_proxy=http://127.0.0.1:9", "--env", "HTTP_PROXY=http://127.0.0.1:9")
    timing = ("--health-interval", "1s", "--health-start-period", "30s")
    command = ("run", "--simulate", "calm", "--web.listen-address", "127.0.0.1:9810")
    name = engine.docker("run", "--detach", *HARDENED, *proxy, *timing, IMAGE, *command)
    try:
        deadline = time.monotonic() + 60
        while (state := json.loads(engine.docker("inspect", "--format", "{{json .State}}", name)))["Health"][
            "Status"
        ] != "healthy":
            assert state["Running"], engine.docker("logs", name)
            assert time.monotonic() < deadline, state["Health"]
            time.sleep(0.5)
        script = (
            "import http.client as h; c = h.HTTPConnection('127.0.0.1', 9810); c.request('GET', '/metrics');"
            "print(c.getresponse().read().decode().count('hotspot_info{'))"
        )
        assert engine.docker("exec", name, "python", "-c", script) == "1000"
        began = time.monotonic()
        engine.docker("stop", "--time", "10", name)
        assert time.monotonic() - began < 5
        assert engine.docker("inspect", "--format", "{{.State.ExitCode}}", name) == "0"
    finally:
        engine.docker("rm", "--force", name)
