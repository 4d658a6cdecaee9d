"""The configuration of one scenario: the shipped files, and the few places where they must differ.

Rules, routes and intervals are the shipped ones. What differs: canaries, addresses of uplinks, and that Alertmanager's
working hours are all hours, for whether a ticket comes must not depend on the time of day of the test.
"""

import csv
import io
import shutil
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from lab import ROOT
from lab.scenario_runner.fleet import KEY, PORT
from lab.scenario_runner.scenario import PlannedMaintenance, ScenarioCanary, UplinkAddress
from lab.scenario_runner.selecting import spread
from pantau.stack.configuration import Copies

_WITA = ZoneInfo("Asia/Makassar")
_HOURS_KEYS = ("active_time_intervals", "mute_time_intervals")

_EXAMPLE = ROOT / "examples" / "bitung"


class ScenarioConfiguration:
    """The files below `folder`, which is made."""

    def __init__(
        self,
        folder: Path,
        canaries: Sequence[ScenarioCanary],
        probed: Sequence[UplinkAddress],
        unprobed: Sequence[str] = (),
    ) -> None:
        self._inventory = folder / "config" / "inventory"
        self.settings = folder / "config" / "pantau.yml"
        self.alertmanager = Copies(ROOT, folder, {}, None, _EXAMPLE / "pantau.yml").alertmanager()
        _edit(self.alertmanager, lambda content: _work_at_all_hours(content["route"]))
        shutil.copytree(_EXAMPLE / "inventory", self._inventory)
        for name in ("pantau.yml", "people.yml"):
            shutil.copy(_EXAMPLE / name, self.settings.parent)
        named = [canary.model_dump(exclude_none=True) for canary in canaries]
        _edit(self.settings, lambda content: content["vantage"].update(canaries=named))
        addresses = {uplink.uplink: uplink.address for uplink in probed} | dict.fromkeys(unprobed)
        _edit(self._inventory / "uplinks.yml", lambda content: _give_addresses(content["uplinks"], addresses))

    def name_hotspots(self, addresses: Mapping[str, str]) -> None:
        """By address a host name that takes its place."""
        file = self._inventory / "hotspots.csv"
        rows = [[addresses.get(cell, cell) for cell in row] for row in csv.reader(_rows(file))]
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows(rows)
        _replace(file, written.getvalue())

    def give_agents(self, hotspots: Collection[str], unpinged: Collection[str]) -> None:
        """These have agents, and these of them nobody can ping; the door is on loopback, where plain HTTP is taken."""
        file = self._inventory / "hotspots.csv"
        with file.open(newline="") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            mine = row["id"] in hotspots
            row |= {"agent": "true" if mine else "", "agent_custody": "city" if mine else ""}
            row["ping"] = "none" if row["id"] in unpinged else ""
        written = io.StringIO()
        writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        _replace(file, written.getvalue())
        (self.settings.parent / "agents.key").write_text(KEY)
        door = {"listen": f"127.0.0.1:{PORT}", "key_files": ["agents.key"], "limits": {"per_address": 1000}}
        _edit(self.settings, lambda content: content.update(agents=door))

    def file_maintenance(self, work: PlannedMaintenance) -> None:
        """Add a window that begins and ends so many seconds from now."""
        now = datetime.now(_WITA).replace(microsecond=0, tzinfo=None)
        window = {
            "id": work.id,
            "scope": work.scope,
            "target": work.target,
            "start": f"{now + timedelta(seconds=work.starts):%Y-%m-%d %H:%M:%S}",
            "end": f"{now + timedelta(seconds=work.ends):%Y-%m-%d %H:%M:%S}",
            "reason": "uji skenario / scenario",
            "filed_at": f"{now - timedelta(days=1):%Y-%m-%d %H:%M}",
            "approved_by": "uji",
        }
        _edit(self._inventory / "maintenance.yml", lambda content: content.update(maintenance=[window]))

    def lose_hotspots(self, count: int) -> None:
        """Take so many hotspots, evenly spread, out of the inventory, with the rows of other tables that name them.

        Those that a YAML file names stay: a reload that left such a name behind would be refused, as it should be.
        """
        named = "".join(file.read_text(encoding="utf-8") for file in self._inventory.glob("*.yml"))
        ids = [row.split(",")[0] for row in _rows(self._inventory / "hotspots.csv")[1:]]
        lost = set(spread([name for name in ids if name not in named], count))
        for file in sorted(self._inventory.glob("*.csv")):  # assignments before hotspots: no name is left behind
            _replace(file, "".join(row for row in _rows(file) if lost.isdisjoint(row.rstrip().split(","))))


def _edit(file: Path, change: Any) -> None:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(content)
    _replace(file, yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def _rows(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines(keepends=True)


def _replace(file: Path, text: str) -> None:
    draft = file.with_name(f".{file.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.rename(file)


def _work_at_all_hours(route: dict[str, Any]) -> None:
    for key in _HOURS_KEYS:
        route.pop(key, None)
    for child in route.get("routes") or ():
        _work_at_all_hours(child)


def _give_addresses(uplinks: list[dict[str, Any]], addresses: Mapping[str, str | None]) -> None:
    """By id of the uplink its address, or none; an id that is not in the inventory is a `KeyError`."""
    known = {uplink["id"]: uplink for uplink in uplinks}
    for name, address in addresses.items():
        known[name]["address"] = address
