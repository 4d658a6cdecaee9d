"""A hostile door: whatever comes costs heartbeats at most. Probes go on, nobody is down, and nothing false is heard."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab.city.natted import CITY
from lab.measuring.knocking import cpu_seconds
from pantau.agents.tokens import token_of
from tests.city.agents_city import DOOR_PORT, KEY, AgentsCity, Point, agents_city
from tests.city.exporter_process import REPOSITORY, all_in

pytestmark = [pytest.mark.city, pytest.mark.long, pytest.mark.timeout(300)]

SECONDS = 4
FLOOD_SECONDS = 10.0
POINTS = [Point(f"p{number}", isp, "w", pinged=number >= 6) for number, isp in enumerate(("a", "b", "c") * 4)]
NAMES = [point.name for point in POINTS]
ATTACKED = NAMES[0]


def test_it_costs_the_door_and_nobody_else(tmp_path: Path) -> None:
    """Each kind is refused as what it is; then thousands of connections a second, while the agents go on."""
    with agents_city(tmp_path, POINTS, SECONDS) as running:
        running.start_agents()
        exporter = running.exporter
        before = exporter.scrape()
        quiet = used_in(running, FLOOD_SECONDS)
        facts = {
            "ca": str(tmp_path / "ca.pem"),
            "hotspot": ATTACKED,
            "boot": (tmp_path / "devices" / ATTACKED / "boot_id").read_text().strip().replace("-", ""),
            "tokens": {
                "own": token_of(KEY, ATTACKED, 1),
                "another": token_of(KEY, NAMES[1], 1),
                "revoked": token_of(KEY, ATTACKED, 2),
            },
        }
        command = (sys.executable, "-B", "-m", "lab.city.hostile", CITY, str(DOOR_PORT), str(FLOOD_SECONDS))
        attack = running.city.start(*command, json.dumps(facts), cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        assert attack.stdout is not None
        with attack.stdout as told:
            answers = json.loads(told.readline())
            used = used_in(running, FLOOD_SECONDS)
            flood = json.loads(told.readline())["connections"]
        assert attack.wait(30) == 0
        assert answers == {
            "wrong token": 401,
            "another's token": 401,
            "revoked token": 401,
            "replay": 409,
            "no heartbeat": 400,
            "huge": 413,
            "slow": None,
        }
        after = exporter.scrape()
        counted = {
            result: count - before.value("pantau_heartbeats_total", result=result)
            for result, count in after.by("result", "pantau_heartbeats_total").items()
        }
        assert (counted["token"], counted["replay"], counted["malformed"], counted["large"]) == (3, 1, 1, 1)
        assert counted["slow"] >= 1
        assert 0 < counted["limited"] <= flood
        # The flood is borne by the door's own process: the exporter takes counts and heartbeats, as ever.
        assert used < 2 * quiet + 0.05 * FLOOD_SECONDS
        assert after.total("hotspot_probe_failures_total") == before.total("hotspot_probe_failures_total")
        assert exporter.ever("down") == set()
        assert after.by("hotspot", "hotspot_boot_timestamp_seconds")[ATTACKED] == pytest.approx(
            before.by("hotspot", "hotspot_boot_timestamp_seconds")[ATTACKED], abs=5
        )
        running.wait_for_states(all_in("up", NAMES), 10)


def used_in(running: AgentsCity, seconds: float) -> float:
    """The exporter's CPU within so much time."""
    before = cpu_seconds(running.exporter.process.pid)
    time.sleep(seconds)
    return cpu_seconds(running.exporter.process.pid) - before
