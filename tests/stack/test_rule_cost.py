"""What the shipped rules cost a real Prometheus that watches 1000 hotspots, in samples read: the same on every machine.

`docs/alerting.md` has the times, and how they were taken.
"""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from lab.history.prometheus import PrometheusServer
from pantau.prometheus import PrometheusError
from pantau.stack.ports import Ports, choose
from tests.programs import require_program
from tests.stack.running import wait_for

ROOT = Path(__file__).parents[2]
RULES = ROOT / "config" / "rules"
HOTSPOTS = 1000
SETTLED_SECONDS = 65
"""Between two scrapes: at one, its samples would count or not by a millisecond, one of each counter."""
OFTEN_SAMPLES = 7 * HOTSPOTS
"""What is evaluated each 4 seconds: who carries whom, the last replies, and small sums."""
ALL_SAMPLES = 47 * HOTSPOTS
"""All rules, once, a minute after the start: the few samples that there are of some counters a hotspot."""

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusServer]:
    """A Prometheus with the shipped rules over the shipped inventory, after every rule has been evaluated.

    Where a group waits for minutes or an hour, here it waits for seconds: it reads the same series, over windows that
    have not filled.
    """
    program = require_program("prometheus")
    folder = tmp_path_factory.mktemp("rules")
    ports = choose(Ports(21_810, 21_090, 21_093, 21_811), "127.0.0.1")
    exporter_port, port = ports.exporter, ports.prometheus
    for path in RULES.glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(re.sub(r"interval: \d+[mh]$", "interval: 15s", text, flags=re.MULTILINE))
    settings = {
        "global": {"scrape_interval": "10s", "evaluation_interval": "15s"},
        "rule_files": [str(folder / "*.yml")],
        "scrape_configs": [
            {"job_name": "pantau", "static_configs": [{"targets": [f"127.0.0.1:{exporter_port}"]}]},
            {"job_name": "prometheus", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]},
        ],
    }
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(settings))
    commands = (
        [
            sys.executable,
            "-m",
            "pantau",
            "run",
            "--simulate",
            "calm",
            "--web.listen-address",
            f"127.0.0.1:{exporter_port}",
        ],
        [
            str(program),
            f"--config.file={folder / 'prometheus.yaml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
    )
    programs = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    prometheus = PrometheusServer(port, folder)
    try:
        wait_for(lambda: _complete(prometheus), 150, "every recorded series")
        yield prometheus
    finally:
        prometheus.close()
        for process in programs:
            process.terminate()
            process.wait(30)


def _complete(running: PrometheusServer) -> bool:
    """Whether every rule has been evaluated, over half a minute of each hotspot's figures, and Prometheus has told."""
    try:
        told = "and on () count(prometheus_rule_group_last_duration_seconds) > 0"
        answer = running.instant(f"count(count_over_time(hotspot_up[1m]) >= 4) {told}", time.time())
    except PrometheusError:  # not there yet, or not ready
        running.close()
        return False
    return answer == [((), HOTSPOTS)] and all(rule["health"] != "unknown" for rule in running.rules())


def _samples(running: PrometheusServer, expression: str, at: float) -> int:
    stats = running.ask("query", query=expression, time=f"{at:.3f}", stats="all")["stats"]
    return int(stats["samples"]["totalQueryableSamples"])


def _moment(running: PrometheusServer) -> float:
    """So long after the first sample that every rule has been evaluated, and counters are as long on each machine."""
    ((_, first),) = running.instant("prometheus_tsdb_head_min_time_seconds", time.time())
    at = first + SETTLED_SECONDS
    wait_for(lambda: time.time() > at + 1, 150, "the moment that is asked about")
    return at


def test_the_rules_read_few_samples(running: PrometheusServer) -> None:
    """Each group that is evaluated every few seconds, and all of them together; and what they took is told."""
    read: dict[str, int] = {}
    often: list[str] = []
    at = _moment(running)
    for path in RULES.glob("*.yml"):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            read[group["name"]] = sum(_samples(running, rule["expr"], at) for rule in group["rules"])
            if group.get("interval") == "4s":
                often.append(group["name"])
    ((_, took),) = running.instant("sum(prometheus_rule_group_last_duration_seconds)", time.time())
    print(f"\n{sum(read.values())} samples, {took * 1000:.0f} ms: {read}")
    assert often == ["outages"], "what pages about the city is evaluated in one group, one after the other"
    assert sum(read[name] for name in often) <= OFTEN_SAMPLES
    assert sum(read.values()) <= ALL_SAMPLES


def test_no_rule_fails(running: PrometheusServer) -> None:
    """Prometheus has evaluated every rule without an error, and missed no evaluation."""
    rules = running.rules()
    assert len(rules) == sum(
        len(group["rules"])
        for path in RULES.glob("*.yml")
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
    )
    assert {rule["health"] for rule in rules} == {"ok"}
