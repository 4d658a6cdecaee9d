"""What agents cost the exporter: `python -m lab.measuring.agents_cpu`.

Two exporters run at the same time, on a machine that is as busy for one as for the other. Both ping 1000 addresses of a
city in a network namespace (as root, therefore); 500 hotspots of the second have an agent too, which sends a heartbeat
each minute over TLS. Both are scraped each 15 s. Printed are their CPU times, that of the door (a process of its own)
beside them, and the ratio: at most 1.5.
"""

import argparse
import asyncio
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from lab.city.namespace import CityNamespace
from lab.measuring.knocking import cpu_seconds, knock, write_door_files

HOTSPOTS, AGENTS = 1000, 500
MOST_RATIO = 1.5
_INTERVAL_SECONDS, _SCRAPE_SECONDS = 60.0, 15.0
_PORTS = {"without": 19_871, "with": 19_872}
_DOOR_PORT = 19_873
_ISPS = ("a", "b", "c", "d")
_SETTINGS = """\
probing: {interval: 10s}
vantage: {name: measured, canaries: [{name: gateway, address: 10.77.9.9}]}
inventory: [inventory.yml, hotspots.csv]
"""
_AGENTS = f"""\
agents:
  listen: 127.0.0.1:{_DOOR_PORT}
  key_files: [key]
  web_config_file: web.yml
  limits: {{per_address: 10000}}
"""


def main() -> None:
    """Measure, and end with 1 where the ratio is above its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of measuring, after half a minute of warming up")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        sys.exit(_inside(given.seconds))
    with CityNamespace() as city:
        city.allow_datagram_sockets(True)
        again = (sys.executable, "-m", "lab.measuring.agents_cpu", "--inside", "--seconds", str(given.seconds))
        sys.exit(city.start(*again).wait())


def _inside(seconds: float) -> int:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        running = {which: stack.enter_context(_exporter(folder / which, which)) for which in _PORTS}
        for process in running.values():
            stack.callback(process.terminate)
        ratio = asyncio.run(_measure(folder / "with", running, seconds))
    return 0 if ratio <= MOST_RATIO else 1


def _exporter(folder: Path, which: str) -> "subprocess.Popen[Any]":
    folder.mkdir()
    write_door_files(folder)
    (folder / "pantau.yml").write_text(_SETTINGS + (_AGENTS if which == "with" else ""), encoding="utf-8")
    isps = ", ".join(f"{{id: {isp}, name: {isp}}}" for isp in _ISPS)
    (folder / "inventory.yml").write_text(f"isps: [{isps}]\nkecamatan: [{{id: k, name: K}}]\n", encoding="utf-8")
    rows = [
        f"h{number},h{number},10.77.{number // 250}.{number % 250 + 1},k,{_ISPS[number % len(_ISPS)]},"
        f"{str(which == 'with' and number < AGENTS).lower()}"
        for number in range(HOTSPOTS)
    ]
    (folder / "hotspots.csv").write_text("\n".join(["id,name,address,kecamatan,isp,agent", *rows]) + "\n", "utf-8")
    command = [sys.executable, "-m", "pantau", "run", "--config", str(folder / "pantau.yml")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen([*command, "--listen", f"127.0.0.1:{_PORTS[which]}"], stdout=log, stderr=log)


async def _measure(folder: Path, running: "dict[str, subprocess.Popen[Any]]", seconds: float) -> float:
    for which, process in running.items():
        while not _serves(_PORTS[which]):
            if process.poll() is not None:
                sys.exit((folder.parent / which / "log").read_text(encoding="utf-8")[-1000:])
            await asyncio.sleep(0.2)
    async with asyncio.TaskGroup() as tasks:
        beside = [tasks.create_task(_beat(folder)), tasks.create_task(_scrape())]
        await asyncio.sleep(30.0)
        pids = {which: process.pid for which, process in running.items()}
        pids["door"] = _child(pids["with"])
        before = {which: cpu_seconds(pid) for which, pid in pids.items()}
        began = time.monotonic()
        await asyncio.sleep(seconds)
        used = {which: cpu_seconds(pid) - before[which] for which, pid in pids.items()}
        passed = time.monotonic() - began
        told = {which: await asyncio.to_thread(_fetch, port) for which, port in _PORTS.items()}
        for task in beside:
            task.cancel()
    for which, cpu in used.items():
        _tell(f"{which}: {cpu:.2f} s of CPU in {passed:.0f} s, {cpu / passed:.1%} of a core")
    for which, page in told.items():
        up, heard = _ones(page, "hotspot_up{"), _ones(page, "hotspot_heartbeat_timestamp_seconds{")
        _tell(f"{which}: {up} hotspots up, {heard} agents heard")
    ratio = used["with"] / used["without"]
    whole = (used["with"] + used["door"]) / used["without"]
    _tell(f"ratio: {ratio:.2f} (at most {MOST_RATIO}); with the door's own process {whole:.2f}")
    return ratio


async def _beat(folder: Path) -> None:
    """The agents, each at its own moment of the minute."""
    tls = ssl.create_default_context(cafile=str(folder / "cert.pem"))
    began, number = time.monotonic(), 0
    async with asyncio.TaskGroup() as tasks:
        while True:
            wait = began + number * _INTERVAL_SECONDS / AGENTS - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            tasks.create_task(knock(_DOOR_PORT, tls, f"h{number % AGENTS}", number))
            number += 1


async def _scrape() -> None:
    while True:
        await asyncio.sleep(_SCRAPE_SECONDS)
        await asyncio.gather(*(asyncio.to_thread(_fetch, port) for port in _PORTS.values()))


def _ones(page: str, series: str) -> int:
    """The series of a family whose value is not 0."""
    return sum(line.startswith(series) and not line.endswith(" 0") for line in page.splitlines())


def _fetch(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=15) as answer:
        return str(answer.read(), "utf-8")


def _serves(port: int) -> bool:
    try:
        _fetch(port)
    except OSError:
        return False
    return True


def _child(pid: int) -> int:
    """The door's process."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()[0])


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
