"""What sensors of the mains say, at once and late: when there was none last, and what the journal is told of it."""

from pathlib import Path

import pytest

from exporter.agents_door.heard import HeardAgents
from exporter.agents_door.wire import read_body
from exporter.probing.agent.beats import Beat, LateMinute, Mains, Minute
from exporter.probing.uptime.heard import HeardUptime, HeardUptimes
from pantau.clock import NANOSECONDS, ManualClock

START_NS = 1_700_000_000 * NANOSECONDS


def beat(seconds: float, mains: Mains | None, *late: tuple[float, Mains | None]) -> Beat:
    """A heartbeat so long after the start, with late minutes of such ages."""
    at_ns = START_NS + round(seconds * NANOSECONDS)
    told = tuple(LateMinute(age, Minute(uptime=1, mains=word)) for age, word in late)
    return Beat("h", at_ns, at_ns, "ab" * 8, round(seconds), Minute(uptime=1, mains=mains), told)


@pytest.mark.parametrize(
    ("beats", "absent"),
    [
        ([beat(0, "present"), beat(60, "present")], None),
        ([beat(0, None), beat(60, None)], None),
        ([beat(0, "present"), beat(60, "absent"), beat(120, "absent"), beat(180, "present")], (60, 120)),
        ([beat(0, "present"), beat(300, "present", (240, "absent"), (180, "absent"), (120, "present"))], (60, 120)),
        ([beat(0, "absent"), beat(300, "absent", (240, "absent"))], (0, 300)),
        ([beat(0, "absent"), beat(60, "present"), beat(120, "absent")], (120, 120)),
        ([beat(0, "absent"), beat(60, None), beat(120, "absent")], (120, 120)),
    ],
)
def test_when_there_was_none_last(beats: list[Beat], absent: tuple[int, int] | None) -> None:
    """From the first minute that said so to the last in a row, however late they were told."""
    heard = HeardAgents()
    for one in beats:
        heard.note(one)
    found = heard.agents["h"].mains_absent
    assert (None if found is None else tuple((at - START_NS) // NANOSECONDS for at in found)) == absent


@pytest.mark.parametrize("saved", [False, True])
def test_it_survives_a_restart_of_ours(tmp_path: Path, saved: bool) -> None:
    """While the mains is absent, or after: from the same first minute on; it is to be kept at once when it fails."""
    file, before, after = tmp_path / "agents.json", HeardAgents(), HeardAgents()
    before.load(str(file))
    for at in (0, 60):
        before.note(beat(at, "present" if at == 0 else "absent"))
    urgent = [before.urgent]
    before.save()
    before.note(beat(120, "absent"))
    assert [*urgent, before.urgent] == [True, False]
    if saved:
        before.note(beat(180, "present"))
        before.save()
    after.load(str(file))
    assert after.agents["h"].mains_absent == (
        START_NS + 60 * NANOSECONDS,
        START_NS + (120 if saved else 60) * NANOSECONDS,
    )
    after.note(beat(240, "absent"))
    first_ns = START_NS + (240 if saved else 60) * NANOSECONDS
    assert after.agents["h"].mains_absent == (first_ns, START_NS + 240 * NANOSECONDS)


def test_a_file_of_before_knows_no_mains(tmp_path: Path) -> None:
    """And what is in it is taken up."""
    (tmp_path / "agents.json").write_text('{"agents": {"h": [5, 0, "", true]}, "orders": {}}')
    heard = HeardAgents()
    heard.load(str(tmp_path / "agents.json"))
    assert heard.agents["h"].mains_absent is None
    assert heard.agents["h"].state.heard_ns == 5


@pytest.mark.parametrize(
    ("absent_seconds", "told"), [((-100, -10), True), ((-100, 5), True), ((-900, -800), False), (None, False)]
)
async def test_the_journal_is_told_of_the_mains_of_that_outage(
    absent_seconds: tuple[int, int] | None, told: bool
) -> None:
    """With whose word it is; what was before the outage is of another."""
    clock = ManualClock(wall_ns=START_NS)
    ends = None if absent_seconds is None else tuple(START_NS + at * NANOSECONDS for at in absent_seconds)
    last = HeardUptime(START_NS, 5000, None if ends is None else (ends[0], ends[1]), "city")
    source = HeardUptimes(lambda _: last, clock, patience_seconds=0.05, look_seconds=0.01)
    reading = await source.ask("h", "", 300.0)
    assert reading.uptime_seconds == 5000
    expected = {} if ends is None or not told else {"mains_absent_from_ns": ends[0], "mains_absent_until_ns": ends[1]}
    assert reading.facts == expected | ({"custody": "city"} if told else {})


@pytest.mark.parametrize(("word", "said"), [('"present"', "present"), ('"absent"', "absent")])
def test_the_door_reads_it(word: str, said: str) -> None:
    """And nothing else in its place."""
    body = b'{"boot":"abababab","seq":1,"mains":%s}'
    heartbeat = read_body(body % word.encode())
    assert heartbeat is not None
    assert heartbeat.minute().mains == said
    assert read_body(body % b'"off"') is None
    assert read_body(b'{"mains":"absent"}') is None
