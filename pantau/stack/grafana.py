"""The dashboards beside a stack on this machine, where a Docker engine can show them; else one line that says how.

Debian packages no Grafana, so it comes as the container `grafana-demo` of docker-compose.yml (profile `demo`): in the
host's network, on 127.0.0.1, gone with the stack. Nothing waits for it: an image may take minutes to come.
"""

import asyncio
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from rich.text import Text

ADDRESS = "http://127.0.0.1:3000/"
HOW = (
    "Dashboards need Grafana, which Debian does not package: with Docker (sudo apt-get install docker.io, and Compose) "
    "`pantau demo` shows them; for good: make secrets && docker compose up --detach --build"
)
_SERVICE, _CONTAINER = "grafana-demo", "pantau-grafana-demo"
_ASK_SECONDS, _START_SECONDS, _END_SECONDS = 3.0, 600.0, 2.0

Say = Callable[[Text], None]


@asynccontextmanager
async def dashboards_shown(root: Path, prometheus_port: int, dashboards: Path, say: Say) -> AsyncIterator[None]:
    """Show them while the context lasts, as soon as they can be; say where, or how to get them."""
    compose = root / "docker-compose.yml"
    docker = shutil.which("docker")
    if docker is None or not compose.is_file() or not await _works(_ASK_SECONDS, docker, "compose", "version"):
        say(Text(HOW, "dim"))
        yield
        return
    environment = {
        "PANTAU_DEMO_PROMETHEUS": f"http://127.0.0.1:{prometheus_port}",
        "PANTAU_DEMO_DASHBOARDS": str(dashboards),
        "PANTAU_GRAFANA_PASSWORD_FILE": os.devnull,
    }
    command = (docker, "compose", "--file", str(compose), "--profile", "demo")
    async with asyncio.TaskGroup() as tasks:
        starting = tasks.create_task(_start(command, environment, say))
        try:
            yield
        finally:
            starting.cancel()
            await _works(_END_SECONDS, docker, "rm", "--force", _CONTAINER)  # at once: it has nothing to keep


async def _start(command: tuple[str, ...], environment: dict[str, str], say: Say) -> None:
    up = ("up", "--detach", "--no-build", _SERVICE)
    said = await _failure(_START_SECONDS, *command, *up, environment=environment)
    if said is None:
        say(Text.assemble(("✔ ", "green"), f"{'dashboards':<12} ready  ", (ADDRESS, "cyan")))
    else:
        say(Text(f"No dashboards: docker says: {said[-200:]}", "yellow"))


async def _failure(seconds: float, *command: str, environment: dict[str, str]) -> str | None:
    """What a command says last where it fails; None where it does not."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, env=os.environ | environment, start_new_session=True
    )
    try:
        async with asyncio.timeout(seconds):
            _, said = await process.communicate()
    except TimeoutError:
        return f"nothing, for {seconds:g} s"
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode == 0:
        return None
    return said.decode(errors="replace").strip().rpartition("\n")[2] or f"status {process.returncode}"


async def _works(seconds: float, *command: str) -> bool:
    return await _failure(seconds, *command, environment={}) is None
