"""The built JSON: always the same bytes, and the committed files are those bytes."""

import json
from pathlib import Path

import pytest

from dashboards import DASHBOARDS, OUTPUT, build, drift, output_of
from tests.sources import EXAMPLE


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    """Building twice gives the same files, byte for byte."""
    first, second = build(tmp_path / "a"), build(tmp_path / "b")
    assert [path.name for path in first] == [f"{uid}.json" for uid in DASHBOARDS]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_keys_are_sorted_and_the_file_ends_with_a_newline(tmp_path: Path) -> None:
    """A change of one panel is a change of its lines only."""
    for path in build(tmp_path):
        text = path.read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def test_the_committed_files_are_up_to_date() -> None:
    """What Grafana is provisioned with is what the code says."""
    assert drift() == []
    assert drift(output_of(EXAMPLE), settings=EXAMPLE) == []


def test_drift_names_what_is_missing_changed_and_stray(tmp_path: Path) -> None:
    """Each difference is one sentence with its cure."""
    first, *_rest = build(tmp_path)
    first.write_text(first.read_text(encoding="utf-8").replace("Kota", "Kotak"), encoding="utf-8")
    (tmp_path / "old.json").write_text("{}", encoding="utf-8")
    cure = "run `pantau dashboards build`"
    stray = f"{tmp_path / 'old.json'}: no dashboard is defined by this name; delete it"
    assert drift(tmp_path) == [f"{first}: is not what dashboards/ and config/ say; {cure}", stray]
    first.unlink()
    assert drift(tmp_path) == [f"{first}: is missing; {cure}", stray]


def test_the_default_language_is_indonesian(tmp_path: Path) -> None:
    """Without a word about it the dashboards speak Indonesian, on request English."""
    assert json.loads(build(tmp_path)[0].read_text(encoding="utf-8"))["title"] == "Kota"
    assert json.loads(build(tmp_path, "en")[0].read_text(encoding="utf-8"))["title"] == "City"


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    """A language without a catalogue is named together with those that there are."""
    with pytest.raises(ValueError, match=r"^no such language: 'fr'; choose one of id, en$"):
        build(tmp_path, "fr")


def test_the_committed_folder_is_the_provisioned_one() -> None:
    """The JSON lies where the provisioning looks for it."""
    assert Path("config/grafana/dashboards") == OUTPUT
