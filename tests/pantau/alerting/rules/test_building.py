"""The rule files: always the same bytes, built whole, and found where they differ."""

from pathlib import Path

import pytest

from pantau.alerting.errors import AlertingError
from pantau.alerting.rules import build, drift
from pantau.alerting.rules.rendering import HEAD, TEMPLATES
from tests.rules.checking import ROOT, RULES

SHIPPED = ROOT / "examples" / "bitung" / "pantau.yml"
NAMES = [path.name for path in sorted(RULES.glob("*.yml"))]


def test_the_committed_files_are_up_to_date() -> None:
    """What Prometheus reads, and what the runbooks say, is what thresholds and templates say."""
    assert drift(SHIPPED) == []


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    """The same input gives the same files, byte for byte, whatever was there before."""
    first = build(SHIPPED, tmp_path / "a")
    second = build(SHIPPED, tmp_path / "b")
    again = build(SHIPPED, tmp_path / "b")
    assert [path.name for path in first] == NAMES
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert again == second
    assert [path.read_bytes() for path in again] == [(RULES / name).read_bytes() for name in NAMES]


def test_each_file_says_what_made_it_and_where_to_edit(tmp_path: Path) -> None:
    """Its first lines name the command, the thresholds and the templates."""
    for path in build(SHIPPED, tmp_path):
        assert path.read_text("utf-8").startswith(
            "# Made by `pantau rules build` from config/thresholds.yml and the template of this name in\n"
            "# pantau/alerting/rules/templates/: edit those, build again.\n#\n# "
        )


def test_the_reasons_beside_the_rules_are_in_templates_and_output() -> None:
    """Every line of comment of a template stands in what it makes, and none of the remarks to its editor."""
    for name in NAMES:
        folder = TEMPLATES / name.removesuffix(".yml")
        parts = [TEMPLATES / f"{name}.j2", *sorted(folder.glob("*.j2"))]
        lines = [line.strip() for part in parts for line in part.read_text("utf-8").splitlines()]
        remarks = [line for line in lines if line.startswith("# ")]
        built = [line.strip() for line in (RULES / name).read_text("utf-8").splitlines()]
        assert remarks
        assert [line for line in remarks if line not in built] == []
        assert [line for line in built if "<#" in line or "${" in line or "<%" in line] == []


def test_drift_names_what_is_missing_changed_and_stray(settings: Path) -> None:
    """Each difference is one sentence with its place and its cure; an operator's own file is none."""
    folder = settings.parent / "rules"
    (folder / "habits.yml").unlink()
    text = (folder / "causes.yml").read_text("utf-8")
    (folder / "causes.yml").write_text(text.replace("    interval: 4s\n", "    interval: 5s\n"), "utf-8")
    (folder / "old.yml").write_text(HEAD + "groups: []\n", "utf-8")
    (folder / "own.yml").write_text("groups: []\n", "utf-8")
    cure = "run `pantau rules build`"
    assert drift(settings) == [
        f"{folder / 'causes.yml'}:24: has 'interval: 5s' where thresholds and templates say 'interval: 4s'; {cure}",
        f"{folder / 'habits.yml'}: is missing; {cure}",
        f"{folder / 'old.yml'}: no template makes it any more; delete it",
    ]
    build(settings)
    (folder / "old.yml").unlink()
    assert drift(settings) == []
    assert (folder / "own.yml").read_text("utf-8") == "groups: []\n"


@pytest.mark.parametrize(
    ("there", "sentence"),
    [
        ("", ":1: has nothing where thresholds and templates say '# Made by"),
        ("MADE\r\n", ":1: has '# Made by"),
        ("MADE# more\n", ":LAST: has '# more' where thresholds and templates say nothing; run"),
    ],
)
def test_a_file_cut_short_longer_or_with_other_line_ends_differs(there: str, sentence: str, settings: Path) -> None:
    """Not only a changed line is a difference."""
    path = settings.parent / "rules" / "habits.yml"
    made = path.read_text("utf-8")
    text = made.replace("\n", "\r\n") if "\r" in there else there.replace("MADE", made)
    path.write_bytes(text.encode())
    (found,) = drift(settings)
    assert found.startswith(f"{path}{sentence.replace('LAST', str(made.count(chr(10)) + 1))}")


def test_nothing_is_written_where_a_template_is_bad(settings: Path, tmp_path: Path) -> None:
    """A typo in the last template leaves all files as they are, and is named with its file."""
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "a.yml.j2").write_text("groups: []\n", "utf-8")
    (templates / "b.yml.j2").write_text("# ${outage_open}\ngroups: []\n", "utf-8")
    with pytest.raises(AlertingError, match=r"b\.yml\.j2: 'outage_open' is undefined; mend the template"):
        build(settings, tmp_path / "out", templates)
    assert not (tmp_path / "out").exists()
    (templates / "b.yml.j2").write_text("groups: []\n<% for x in %>\n", "utf-8")
    with pytest.raises(AlertingError, match=r"b\.yml\.j2:2: "):
        build(settings, tmp_path / "out", templates)
    (templates / "b.yml.j2").write_text("groups: [\n", "utf-8")
    with pytest.raises(AlertingError, match=r"b\.yml\.j2 makes:\d+: is not YAML"):
        build(settings, tmp_path / "out", templates)


def test_a_file_appears_whole_or_stays(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full while a file is written leaves what was there, and no half file beside it."""
    folder = settings.parent / "rules"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pantau.alerting.rules.writing.os.fsync", full)
    with pytest.raises(AlertingError, match=r"cannot be written \(No space left on device\); choose another"):
        build(settings)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_permissions_and_links_stay(settings: Path, tmp_path: Path) -> None:
    """A file that a group may write stays so; a linked one is written where it lies; a new one is for all to read."""
    folder = settings.parent / "rules"
    (folder / "habits.yml").chmod(0o664)
    (folder / "quality.yml").unlink()
    (folder / "pantau.yml").rename(tmp_path / "elsewhere.yml")
    (folder / "pantau.yml").symlink_to(tmp_path / "elsewhere.yml")
    (tmp_path / "elsewhere.yml").write_text("", "utf-8")
    build(settings)
    assert (folder / "habits.yml").stat().st_mode & 0o777 == 0o664
    assert (folder / "quality.yml").stat().st_mode & 0o777 == 0o644
    assert (folder / "pantau.yml").is_symlink()
    assert (tmp_path / "elsewhere.yml").read_bytes() == (RULES / "pantau.yml").read_bytes()


def test_an_output_folder_gets_the_rules_and_leaves_the_runbooks(settings: Path, tmp_path: Path) -> None:
    """To look at what a change would make touches nothing else."""
    text = (settings.parent / "thresholds.yml").read_text("utf-8")
    (settings.parent / "thresholds.yml").write_text(text.replace("value: 0.6\n", "value: 0.7\n"), "utf-8")
    written = build(settings, tmp_path / "look")
    assert [path.parent for path in written] == [tmp_path / "look"] * len(NAMES)
    assert drift(settings, tmp_path / "look") == []
    page = settings.parent.parent / "docs" / "runbooks" / "IspOutage.md"
    assert page.read_bytes() == (ROOT / "docs" / "runbooks" / "IspOutage.md").read_bytes()
