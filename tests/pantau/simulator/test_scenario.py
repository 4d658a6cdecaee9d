"""Scenario files: what they may say, and the messages where they are wrong."""

from pathlib import Path

import pytest

from pantau.errors import ScenarioError
from pantau.simulator.city import City
from pantau.simulator.scenario import find_scenario, load_scenario
from tests.pantau.simulator.small_city import START_NS, town


def _write(folder: Path, text: str) -> Path:
    file = folder / "s.yml"
    file.write_text(text, encoding="utf-8")
    return file


def _complaint(folder: Path, text: str) -> str:
    """All that is wrong with a scenario, by itself or for the town, with the folder taken off."""
    file = _write(folder, text)
    with pytest.raises(ScenarioError) as caught:
        City(town(), load_scenario(file), START_NS)
    return str(caught.value).replace(f"{folder}/", "")


def test_events_keep_their_order_and_values(tmp_path: Path) -> None:
    """Durations become seconds, a time of day seconds since midnight, and text that looks like a number a number."""
    loaded = load_scenario(
        _write(
            tmp_path,
            """
name: Contoh
repeat_every: 15m
events:
  - isp_outage: {isp: telkom, at: 90s, for: 3m}
  - kelurahan_power_cut: {kelurahan: Mawali, daily: 13:00, for: 1h30m}
  - flap: {random: 2, up: 40s, down: 500ms}
  - vantage_cut: {at: 0s, for: 5s}
""",
        )
    )
    events = [entry.event for entry in loaded.events]
    assert [entry.kind for entry in loaded.events] == ["isp_outage", "kelurahan_power_cut", "flap", "vantage_cut"]
    assert [(event.at_seconds, event.daily_seconds, event.for_seconds) for event in events] == [
        (90.0, None, 180.0),
        (None, 46800.0, 5400.0),
        (None, None, None),
        (0.0, None, 5.0),
    ]
    assert loaded.repeat_every_seconds == 900.0
    assert loaded.background_loss is True


_FAULTS = {
    "no name": ("events: []", "s.yml:1: name: is missing; add it"),
    "unknown key": (
        "name: x\nevent: []",
        "s.yml:2: event: is not a known key; did you mean 'events'?",
    ),
    "unknown event": (
        "name: x\nevents:\n  - isp_outtage: {isp: telkom}",
        "s.yml:3: events.0.isp_outtage: is not a known key; did you mean 'isp_outage'?",
    ),
    "two events in one item": (
        "name: x\nevents:\n  - vantage_cut: {for: 1s}\n    receive_overflow: {for: 1s}",
        "s.yml:3: events.0: must be exactly one event with its values; known are isp_outage, kecamatan_outage, "
        "kelurahan_power_cut, uplink_cut, hotspot_down, flap, loss, latency, unreachable, vantage_cut, send_failure, "
        "receive_overflow, isolated, no_internet, agent_silent, ping_filtered, door_closed",
    ),
    "unknown key of an event": (
        "name: x\nevents:\n  - isp_outage: {isp: telkom,\n      form: 3m}",
        "s.yml:4: events.0.isp_outage.form: is not a known key; did you mean 'for'?",
    ),
    "duration without unit": (
        "name: x\nevents:\n  - isp_outage: {isp: telkom, for: 90}",
        "s.yml:3: events.0.isp_outage.for: '90' has no unit; write 90s",
    ),
    "start without unit": (
        "name: x\nevents:\n  - isp_outage: {isp: telkom, at: 90}",
        "s.yml:3: events.0.isp_outage.at: '90' has no unit; write 90s",
    ),
    "no time of day": (
        'name: x\nevents:\n  - vantage_cut: {daily: "25:00", for: 1m}',
        "s.yml:3: events.0.vantage_cut.daily: '25:00' is not a time of day; write hours and minutes, as in "
        "07:30 or 19:00",
    ),
    "daily and at": (
        "name: x\nevents:\n  - vantage_cut: {daily: 13:00, at: 1s, for: 1m}",
        "s.yml:3: events.0.vantage_cut: gives 'daily' together with 'at' or 'repeat_every'; daily says both, "
        "give it alone",
    ),
    "daily without for": (
        "name: x\nevents:\n  - vantage_cut: {daily: 13:00}",
        "s.yml:3: events.0.vantage_cut: comes again and again but has no 'for'; say how long it lasts",
    ),
    "longer than its period": (
        "name: x\nevents:\n  - vantage_cut: {repeat_every: 1m, for: 61s}",
        "s.yml:3: events.0.vantage_cut: lasts longer than the 1m after which it comes again; shorten 'for'",
    ),
    "beyond the loop": (
        "name: x\nrepeat_every: 5m\nevents:\n  - vantage_cut: {at: 5m, for: 1s}",
        "s.yml:1: events.0.vantage_cut begins or lasts beyond the 5m of 'repeat_every'; shorten it "
        "or lengthen the loop",
    ),
    "nobody meant": (
        "name: x\nevents:\n  - hotspot_down: {for: 1s}",
        "s.yml:3: events.0.hotspot_down: says of no hotspot that it is meant; give isp, kecamatan, kelurahan, access, "
        "uplink, hotspots, random, 'agent: true' or 'all: true'",
    ),
    "list and chance": (
        "name: x\nevents:\n  - hotspot_down: {hotspots: [H-001], random: 3}",
        "s.yml:3: events.0.hotspot_down: gives both 'hotspots' and 'random'; give one of them",
    ),
    "loss of everything": (
        "name: x\nevents:\n  - loss: {scope: {all: true}, ratio: 1}",
        "s.yml:3: events.0.loss.ratio: 1 is not between 0 and 1; for 5 % write 0.05, and for "
        "everything use hotspot_down",
    ),
    "unknown errno": (
        "name: x\nevents:\n  - send_failure: {errno: ENOBUF, for: 1s}",
        "s.yml:3: events.0.send_failure.errno: 'ENOBUF' is not an errno of this system; write one such as ENOBUFS or "
        "ENETUNREACH",
    ),
    "unknown ICMP error": (
        "name: x\nevents:\n  - unreachable: {scope: {all: true}, error: hosts}",
        "s.yml:3: events.0.unreachable.error: 'hosts' is not one of the choices; did you mean 'host'?",
    ),
    "dead without a number": (
        "name: x\ndead: {}",
        "s.yml:2: dead: needs 'count' or 'hotspots'; give one of them",
    ),
    "unknown ISP": (
        "name: x\nevents:\n  - isp_outage: {isp: telcom}",
        "s.yml:3: events.0.isp_outage.isp: no active hotspot has 'telcom'; did you mean 'telkom'?",
    ),
    "unknown ward in a scope": (
        "name: x\nevents:\n  - latency:\n      add: 1s\n      scope:\n        kelurahan: Mawaly",
        "s.yml:6: events.0.latency.scope.kelurahan: no active hotspot has 'Mawaly'; did you mean 'Mawali'?",
    ),
    "unknown uplink": (
        "name: x\nevents:\n  - uplink_cut: {uplink: xyz}",
        "s.yml:3: events.0.uplink_cut.uplink: no active hotspot hangs on 'xyz'; known are H-003, "
        "lembeh-radio, pop-infotek",
    ),
    "unknown hotspot": (
        "name: x\nevents:\n  - hotspot_down: {hotspots:\n      [H-001,\n      H-01]}",
        "s.yml:5: events.0.hotspot_down.hotspots.1: no active hotspot is 'H-01'; did you mean 'H-031'?",
    ),
    "conditions that exclude each other": (
        "name: x\nevents:\n  - hotspot_down: {kecamatan: maesa, kelurahan: Mawali}",
        "s.yml:3: events.0.hotspot_down: no active hotspot fulfils all these conditions; drop one of them",
    ),
    "more by chance than there are": (
        "name: x\ndead: {count: 30}\nevents:\n  - hotspot_down: {random: 11}",
        "s.yml:4: events.0.hotspot_down.random: 11 are wanted but only 10 are there; lower it",
    ),
    "more dead than there are": (
        "name: x\ndead: {count: 41}",
        "s.yml:2: dead.count: 41 are wanted but only 40 are there; lower it",
    ),
    "broken YAML": (
        "name: x\nevents: [",
        "s.yml:2: is not valid YAML: while parsing a flow node, did not find expected node content; "
        "mend the line, or the one before it",
    ),
    "empty file": ("", "s.yml: the file is empty; write its keys, or restore it from a copy"),
}


@pytest.mark.parametrize(("text", "complaint"), _FAULTS.values(), ids=_FAULTS.keys())
def test_each_mistake_is_named_with_its_cure(tmp_path: Path, text: str, complaint: str) -> None:
    """File, line, field, what is wrong, what to do."""
    assert _complaint(tmp_path, text) == complaint


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """One error names every problem, in the order of the file."""
    text = "name: x\nevents:\n  - isp_outage: {isp: a}\n  - kecamatan_outage: {kecamatan: b}"
    assert _complaint(tmp_path, text).split("\n") == [
        "s.yml:3: events.0.isp_outage.isp: no active hotspot has 'a'; known are infotek, telkom",
        "s.yml:4: events.1.kecamatan_outage.kecamatan: no active hotspot has 'b'; known are lembeh-utara, maesa",
    ]


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere says so."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "no.yml")
    expected = f"{tmp_path}/no.yml: cannot be read (No such file or directory); correct its name or its permissions"
    assert str(caught.value) == expected


def test_shipped_scenarios_are_found_by_name() -> None:
    """The file's stem is enough."""
    assert find_scenario("demo").name == "demo.yml"


def test_a_file_is_found_by_its_path(tmp_path: Path) -> None:
    """Any other name is a path."""
    file = _write(tmp_path, "name: x")
    assert find_scenario(str(file)) == file


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("dmeo", "did you mean 'demo'?"),
        ("dmeo.yml", "known are bitung-2024-03, calm, day, demo, dense, hour"),
    ],
)
def test_unknown_scenario_name_gives_a_choice(name: str, cure: str) -> None:
    """A near miss is guessed, a path is answered with the list."""
    with pytest.raises(ScenarioError) as caught:
        find_scenario(name)
    assert str(caught.value) == f"'{name}' is neither a file nor a shipped scenario; {cure}"
