"""Hours of whatever a disk may hold, into settings, YAML and CSV: a configuration, or its problems, and nothing else.

What this has found stands as fixtures and as rows of the other tests.
"""

import shutil
import unicodedata
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exporter.kinds import plan_of
from exporter.planning.plan import Plan
from exporter.probing.outcome import Int32
from exporter.verdicts.judge import Judge
from pantau.errors import ConfigurationError
from pantau.inventory import load
from pantau.redaction import shown

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]

HERE = Path(__file__).parent
GOOD = HERE / "good"
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
LONG = settings(max_examples=20_000, deadline=None, suppress_health_check=SLOW)
PIECES = st.one_of(
    st.sampled_from(["0", "-1", "1e400", "-1e400", "nan", "inf", ".inf", "1_0", "0x10", "9" * 400, "1e-400", "٣", "½"]),
    st.sampled_from(["0001-01-01", "9999-12-31", "1970-01-01", "2199-12-31", "2024-02-30", "2024-12-31 23:59:60"]),
    st.sampled_from(["~", "null", "''", '"', "yes", "'", "|", ">", "&a", "*a", "!!int 1", "{", "[", "- ", "? ", "%"]),
    st.sampled_from(["1ms", "366d", "0s", "1d1d", "999999999d", "24x7", "24:00-24:00", "23:59-00:00"]),
    st.sampled_from(["\ud800", "\0", "\x1b[2J", "\u202e"]),
    st.text(max_size=6),
)

MAINTENANCE = (
    "maintenance:\n"
    "  - {id: m1, scope: isp, target: telkom, reason: uji, approved_by: uji, filed_at: 2024-01-01 00:00, "
    "start: 2024-01-01 00:00, end: 2030-01-01 00:00, weekly: {days: [mon, sun], from: '23:00', to: '01:00'}}\n"
)


def _fields(text: str) -> list[tuple[int, int]]:
    """Where the values of a file begin and end: what stands between delimiters."""
    marks = [-1, *(place for place, letter in enumerate(text) if letter in ",:[]{}\n"), len(text)]
    return [(a + 1, b) for a, b in pairwise(marks)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The good configuration, with a window."""
    folder = Path(shutil.copytree(GOOD, tmp_path / "config"))
    text = (folder / "pantau.yml").read_text()
    (folder / "pantau.yml").write_text(text.replace("hotspots.csv]", "hotspots.csv, maintenance.yml]"))
    (folder / "maintenance.yml").write_text(MAINTENANCE)
    return folder


def _load_and_use(path: Path) -> None:
    """Whatever loads can be planned and judged: nothing fails after it has been found good."""
    try:
        configuration = load(path)
    except ConfigurationError as error:
        for problem in error.problems:
            assert "\n" not in str(problem)
            assert not {unicodedata.category(letter) for letter in shown(problem).replace("\t", "")} & {
                "Cc",
                "Cf",
                "Cs",
                "Zl",
                "Zp",
            }
        return
    plan: Plan = plan_of(configuration, configuration.digest)
    judge = Judge(plan, 0)
    for at_ns in (0, 1_711_900_800_000_000_000, 4_000_000_000_000_000_000):
        judge.watch_windows(1, at_ns)
    judge.reload(plan, {kind.kind: _same(plan) for kind in plan.kinds}, _same(plan), 2, 0)


def _same(plan: Plan) -> Int32:
    return np.arange(len(plan.subjects), dtype=np.int32)


@LONG
@given(data=st.data())
def test_values_of_every_kind_in_every_field(data: st.DataObject, folder: Path) -> None:
    """Up to four values of a file are exchanged for what nobody would write there."""
    name = data.draw(st.sampled_from(["pantau.yml", "isps.yml", "hotspots.csv", "contracts.yml", "maintenance.yml"]))
    original = (folder / name).read_text()
    text = original
    for _ in range(data.draw(st.integers(1, 4))):
        fields = _fields(text)
        begin, end = fields[data.draw(st.integers(0, len(fields) - 1))]
        text = text[:begin] + data.draw(PIECES) + text[end:]
    try:
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        _load_and_use(folder / "pantau.yml")
    finally:
        (folder / name).write_text(original)


@LONG
@given(data=st.data())
def test_bytes_of_every_kind_at_every_place(data: st.DataObject, folder: Path) -> None:
    """A piece is cut out, and something else put there."""
    name = data.draw(st.sampled_from(["pantau.yml", "uplinks.yml", "kelurahan.csv", "hotspots.csv", "maintenance.yml"]))
    original = (folder / name).read_bytes()
    begin = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(begin, min(begin + 40, len(original))))
    try:
        (folder / name).write_bytes(original[:begin] + data.draw(st.binary(max_size=40)) + original[end:])
        _load_and_use(folder / "pantau.yml")
    finally:
        (folder / name).write_bytes(original)
