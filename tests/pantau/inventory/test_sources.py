"""The two formats, against anything that a disk may hold."""

import csv
import io
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pantau.errors import ConfigurationError
from pantau.inventory import load, yaml_source
from pantau.inventory.csv_source import DELIMITERS, parse_csv
from pantau.inventory.source import Branch, Listing, decode, line_of
from pantau.inventory.yaml_source import parse_yaml

HERE = Path(__file__).parent
FILE = Path("some.csv")
COLUMNS = ("id", "name", "note")
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from('\n",;\t'), max_size=8)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6),
    delimiter=st.sampled_from(DELIMITERS),
    line_end=st.sampled_from(["\n", "\r\n"]),
    blanks=st.integers(0, 2),
)
def test_what_a_spreadsheet_writes_is_read(
    rows: list[tuple[str, str, str]], delimiter: str, line_end: str, blanks: int
) -> None:
    """Any cells, written by the standard writer, come back stripped, each row with the line it begins on.

    But a row in which a cell holds line ends and delimiters, or is a ditto mark, is a problem: all are accounted for.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(COLUMNS)
    begins = []
    for row in rows:
        out.write(line_end * blanks)
        begins.append(1 + out.getvalue().count("\n"))
        writer.writerow(row)
    listing, problems = parse_csv(out.getvalue(), FILE, COLUMNS, COLUMNS[:1])
    assert listing is not None
    numbered = [
        (line, row, [cell.strip() for cell in row])
        for line, row in zip(begins, rows, strict=True)
        if any(cell.strip() for cell in row)
    ]
    refused = {line for line, row, cells in numbered if _swallows(row, delimiter) or not DITTO.isdisjoint(cells)}
    kept = [(line, cells) for line, _, cells in numbered if line not in refused]
    assert listing == [{key: cell for key, cell in zip(COLUMNS, row, strict=True) if cell} for _, row in kept]
    assert listing.lines == [line for line, _ in kept]
    assert len({_row_of(problem.line, begins) for problem in problems}) == len(refused)


DITTO = {'"', "''", "``", "\u201c", "\u201d", "\u201e", "\u2033", "\u3003"}


def _swallows(row: tuple[str, ...], delimiter: str) -> bool:
    return any("\n" in cell and delimiter in cell for cell in row)


def _row_of(line: int, begins: list[int]) -> int:
    return sum(begin <= line for begin in begins)


@given(st.text(st.sampled_from("idname,;\t\"'\n\r #é\0"), max_size=60))
def test_any_text_is_csv_or_problems(text: str) -> None:
    """The reader never raises."""
    listing, problems = parse_csv(text, FILE, COLUMNS, COLUMNS[:1])
    assert listing is not None or problems != []


@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"%@#?,~ \t\n\r0é"), max_size=60))
@example("[" * 5000)
@example("- " * 5000)
@example("{a: " * 5000)
@example("&a [*a]")
@example("? [a]\n: b")
@example("a: !!binary x")
@example("%YAML 9.9\n---\na: b")
def test_any_text_is_yaml_or_problems(text: str) -> None:
    """The parser never raises, however deep the text is nested."""
    root, problems = parse_yaml(text, Path("some.yml"))
    assert root is not None or problems != []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(name=st.sampled_from(["pantau.yml", "isps.yml", "hotspots.csv"]), data=st.data())
def test_any_bytes_load_or_are_a_configuration_error(name: str, data: st.DataObject, tmp_path: Path) -> None:
    """Whatever is in a file, in whole or in a piece of a good one, nothing but ConfigurationError is raised."""
    shutil.copytree(HERE / "good", tmp_path, dirs_exist_ok=True)
    good = (HERE / "good" / name).read_bytes()
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, len(good)))
    pieces = st.sampled_from(
        [b"inventory: [", b"\0", b"*a", b"&a", b"{}", b"- ", b": ", b",", b'"', b"\n", b"\xff\xfe"]
    )
    junk = data.draw(st.binary(max_size=30) | pieces)
    (tmp_path / name).write_bytes(good[:start] + junk + good[end:])
    try:
        configuration = load(tmp_path / "pantau.yml")
    except ConfigurationError as error:
        assert error.problems  # noqa: PT017 - either outcome is right
    else:
        assert configuration.inventory.active_hotspots


def test_lines_of_nested_values() -> None:
    """A path leads to the line of its value, or of the last thing on the way."""
    root, problems = parse_yaml("a:\n  b:\n    - x\n    - {c: 1,\n       d: 2}\n", Path("some.yml"))
    assert problems == []
    assert root == {"a": {"b": ["x", {"c": "1", "d": "2"}]}}
    assert root is not None
    lines = {(): 1, ("a",): 1, ("a", "b"): 2, ("a", "b", 0): 3, ("a", "b", 1): 4, ("a", "b", 1, "d"): 5}
    assert {path: line_of(root, path) for path in lines} == lines
    assert line_of(root, ("a", "zzz")) == 1
    assert line_of(root, ("a", "b", 7)) == 2


@pytest.mark.parametrize("word", ["", "~", "null", '""', "''"])
def test_empty_values_are_as_if_not_written(word: str) -> None:
    """A key without a value keeps its line and has no value."""
    root, problems = parse_yaml(f"a: {word}\n", Path("some.yml"))
    assert (root, problems) == ({}, [])
    assert root is not None
    assert root.lines == {"a": 1}


def test_a_quoted_null_is_a_word() -> None:
    """Someone may be called null."""
    root, _ = parse_yaml("a: 'null'\n", Path("some.yml"))
    assert root == {"a": "null"}


def test_the_fast_parser_is_used() -> None:
    """PyYAML on this machine has libyaml; without it loading would be ten times slower."""
    assert yaml_source.LOADER is yaml.CSafeLoader


def test_without_libyaml_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pure parser is a full replacement."""
    settings_file = HERE / "good" / "pantau.yml"
    fast = load(settings_file)
    monkeypatch.setattr(yaml_source, "LOADER", yaml.SafeLoader)
    assert load(settings_file) == fast


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("x" * 300, f"'{'x' * 60}...' cannot be read (File name too long); correct its name or its permissions"),
        ('"a\\0.yml"', "'a\\x00.yml' holds a control character; delete it"),
        (
            "pantau.yml/isps.yml",
            "'pantau.yml/isps.yml' cannot be read (Not a directory); correct its name or its permissions",
        ),
    ],
)
def test_impossible_file_names_are_problems(
    name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the operating system refuses is told in its words, at the line that lists the file."""
    monkeypatch.chdir(tmp_path)
    Path("pantau.yml").write_text(f"inventory:\n  - {name}\n")
    with pytest.raises(ConfigurationError) as caught:
        load(Path("pantau.yml"))
    assert str(caught.value) == f"pantau.yml:2: inventory.0: {message}"


def test_decoding_accepts_a_byte_order_mark() -> None:
    """UTF-8 with its mark is UTF-8."""
    assert decode(b"\xef\xbb\xbfid\n", FILE) == "id\n"


def test_branches_and_listings_are_ordinary_containers() -> None:
    """They compare and iterate as mappings and lists do."""
    branch, listing = Branch(3), Listing(4)
    branch["a"] = "b"
    listing.append("c")
    assert (branch, branch.line, listing, listing.line) == ({"a": "b"}, 3, ["c"], 4)
