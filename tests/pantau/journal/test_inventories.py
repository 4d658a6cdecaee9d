"""Inventories in the journal: nothing in them is anybody's secret, they stay small, and a person can look at them."""

import zlib
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from exporter.kinds import plan_of
from lab.samples.accounting import at
from lab.samples.journal import SECOND, Place, ns
from pantau.cli.main import app
from pantau.inventory import load
from pantau.inventory.projection import project
from pantau.journal import Event, Kind
from pantau.journal.entries import inventory_taken, start
from pantau.journal.export import export

SHIPPED = Path(__file__).parents[3] / "examples" / "bitung" / "pantau.yml"
FILES = {
    "pantau.yml": """
inventory: [inventory.yml]
vantage: {name: noc, canaries: [{name: gateway, address: 192.0.2.1}]}
journal:
  url: "postgresql://pantau:RAHASIA-password@RAHASIA-host.example/pantau"
  spool: /RAHASIA-spool
  spool_key: /RAHASIA-key
""",
    "inventory.yml": """
isps:
  - id: x
    name: RAHASIA-isp-name
    contacts:
      - {kind: email, value: RAHASIA-noc@x.example}
      - {kind: telegram, value: "-100123454321"}
      - {kind: webhook, value: "https://hook.example/RAHASIA-token"}
      - {kind: phone, value: "0812RAHASIA"}
kecamatan: [{id: m, name: RAHASIA-m, contacts: [{kind: email, value: RAHASIA-camat@m.example}]}]
contracts: [{id: k, kecamatan: m, isp: x, start: 2024-04-01, end: 2025-01-01, method: R3, sla_ratio: 0.98}]
hotspots: [{id: p, name: RAHASIA-house, address: 10.77.0.1, kecamatan: m, isp: x}]
assignments: [{hotspot: p, contract: k, start: 2024-04-01, monthly_fee: 500000}]
exclusions:
  - {id: e, scope: isp, target: x, start: 2024-04-02 01:00, end: 2024-04-02 02:00, cause: kahar, proposed_by: X,
     scan: RAHASIA/scan.pdf, note: RAHASIA-note}
site_visits: [{hotspot: p, date: 2024-04-02, by: Dinas, result: good, photo: RAHASIA/photo.jpg, note: RAHASIA-visit}]
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration with a word to look for in every place that is somebody's own affair."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text.lstrip())
    return tmp_path


def taken(folder: Path, when: int) -> list[Event]:
    """What the exporter tells when it starts on the folder's files."""
    plan = plan_of(load(folder / "pantau.yml"))
    return [start(when, plan.ids, [], {}), inventory_taken(when, plan.inventory)]


def test_no_secret_is_in_export_or_database(folder: Path) -> None:
    """Each was looked for in every file, packed and unpacked; the fee and the ISP's id are there."""
    place = Place("sqlite:///data/journal.sqlite", folder)
    with place.store() as store:
        store.append(taken(folder, ns(0)))
    with place.reader() as reader:
        export(reader, folder / "export", 0, lambda _: None)
    content = [
        file.read_bytes() for kind in ("data", "export") for file in (folder / kind).rglob("*") if file.is_file()
    ]
    unpacked = [zlib.decompress(bytes(blob)) for (blob,) in place.ask("SELECT content FROM blobs")]  # type: ignore[call-overload]
    everything = b"\n".join([*content, *unpacked])
    assert b'"monthly_fee":500000' in everything
    assert "RAHASIA" in "".join(FILES.values())
    for secret in (b"RAHASIA", b"100123454321", b"0812", b"hook.example", b"photo"):
        assert secret not in everything


def test_a_reload_a_day_stays_small() -> None:
    """1000 hotspots, each day another fee and another address: 15 kB a day, packed; 1.4 MB for ninety days."""
    configuration, chance = load(SHIPPED), Random(7)
    inventory = configuration.inventory
    kept: dict[bytes, int] = {}
    for day in range(6):
        place = chance.randrange(len(inventory.assignments))
        dearer = inventory.assignments[place].model_copy(update={"monthly_fee": day})
        moved = inventory.hotspots[place].model_copy(update={"address": f"10.99.0.{day}"})
        assignments, hotspots = list(inventory.assignments), list(inventory.hotspots)
        assignments[place], hotspots[place] = dearer, moved
        inventory = replace(inventory, assignments=tuple(assignments), hotspots=tuple(hotspots))
        for content in project(configuration.settings, inventory).values():
            if content not in kept:
                kept[content] = len(zlib.compress(content))
    sizes = list(kept.values())
    first = len(sizes) - 2 * 5
    assert sum(sizes[first:]) < 5 * 17_000
    assert sum(sizes[:first]) < 30_000


def test_a_person_can_look_at_them(folder: Path) -> None:
    """When each was chained, by which entry, and what it changed; what held at a moment, content by content."""
    (folder / "pantau.yml").write_text("inventory: [inventory.yml]\n")
    place = Place("sqlite:///data/journal.sqlite", folder)
    with place.store() as store:
        store.append(taken(folder, at("04-01") * SECOND))
        (folder / "inventory.yml").write_text((folder / "inventory.yml").read_text().replace("500000", "600000"))
        store.append(taken(folder, at("04-15 10:30") * SECOND))
        store.append(taken(folder, at("04-16 10:30") * SECOND))
    asked = ["journal", "inventory", "--config", str(folder / "pantau.yml")]
    said = CliRunner().invoke(app, asked)
    assert said.exit_code == 0
    lines = said.stdout.splitlines()
    assert [line.split("  ")[:2] for line in lines[::2]] == [
        ["2024-04-01 00:00:00", "entry 3"],
        ["2024-04-15 10:30:00", "entry 6"],
    ]
    assert lines[3] == "  assignments p k 2024-04-01: monthly_fee 500000 -> 600000"
    then = CliRunner().invoke(app, [*asked, "--at", "2024-04-15 10:29"]).stdout.splitlines()
    assert then[0] == lines[0]
    assert [line.split(":")[0].strip() for line in then[1:]] == sorted(project_names(folder))
    assert "nothing was chained" in CliRunner().invoke(app, [*asked, "--at", "2024-03-01"]).stdout
    assert CliRunner().invoke(app, [*asked, "--at", "yesterday"]).exit_code == 2


def project_names(folder: Path) -> set[str]:
    """The contents of the folder's projection."""
    configuration = load(folder / "pantau.yml")
    return set(project(configuration.settings, configuration.inventory))


def test_nobody_says_afterwards_that_one_held_before(folder: Path) -> None:
    """An inventory with an older time holds since it was recorded, behind all that stands there."""
    place = Place("sqlite:///data/journal.sqlite", folder)
    with place.store() as store:
        store.append(taken(folder, ns(100)))
        store.append([taken(folder, ns(0))[1]._replace(recorded_ns=ns(200))])
    with place.reader() as reader:
        assert [one.at_ns for one in reader.inventories()] == [ns(100), ns(200)]


def test_a_clock_that_is_set_back_reorders_nothing(folder: Path) -> None:
    """The later entry holds from the earlier one's time on."""
    place = Place("sqlite:///data/journal.sqlite", folder)
    with place.store() as store:
        store.append(taken(folder, ns(100)))
        store.append(taken(folder, ns(40)))
    with place.reader() as reader:
        assert [one.at_ns for one in reader.inventories()] == [ns(100), ns(100)]
        assert not reader.follows_legacy()
        assert reader.entry(reader.inventories()[0].entry).event.kind is Kind.INVENTORY  # type: ignore[union-attr]
