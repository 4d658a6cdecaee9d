"""Every row of a CSV file is a record or a problem: none is swallowed, whatever somebody's quotes mean."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pantau.errors import Problem
from pantau.inventory import csv_source, yaml_source
from pantau.inventory.csv_source import parse_csv
from pantau.inventory.source import decode
from pantau.inventory.yaml_source import parse_yaml

FILE = Path("hotspots.csv")
COLUMNS = ("id", "name", "address")


def parsed(rows: str) -> tuple[list[str | None], list[str]]:
    """The ids that are read, and the problems."""
    listing, problems = parse_csv("id,name,address\n" + rows, FILE, COLUMNS, COLUMNS)
    ids = [row["id"] if isinstance(row, dict) and "id" in row else None for row in listing or ()]
    return ids, [str(problem).removeprefix("hotspots.csv:") for problem in problems]


@pytest.mark.parametrize(
    ("rows", "ids", "said"),
    [
        ('a,Balai,1\nb,",2\nc,",3\nd,Pos,4\n', ["a", "d"], "3: name: one cell holds lines 3 to 4 with a comma"),
        ('a,Balai,1\nb,",2\nc,Pos,3\nd,",4\ne,x,5\n', ["a", "e"], "3: name: one cell holds lines 3 to 5 with a comma"),
        ('a,Balai,1\nb,x,"\nc,x,"\nd,Pos,4\n', ["a", "d"], "3: address: one cell holds lines 3 to 4 with a comma"),
        ('a,Balai,1\n",x,2\n",x,3\n', ["a"], "3: id: one cell holds lines 3 to 4 with a comma"),
        ('a,Balai,1\nb,x,\n"2\nc",Pos,3\nd,x,4\n', ["a", "b", "d"], "4: id: holds a line end, and may be the end"),
        ('a,Balai,1\nb\nx,"2\nc",Pos\n3\nd,x,4\n', ["a", "d"], "3: has 1 cells, the header has 3"),
        ('a,Balai,1\nb,"""",2\n', ["a"], '3: name: " is a ditto mark'),
        ("a,Balai,1\nb,\u3003,2\n", ["a"], "3: name: \u3003 is a ditto mark"),
        ('a,Balai,1\nb,Pos "Kamling",2\n', ["a"], '3: name: holds a quote (") but is not quoted'),
        ('a,Balai,1\nb, "Pos", 2\n', ["a"], '3: name: holds a quote (") but is not quoted'),
        ('a,Balai,1\nb,12",2\n', ["a"], '3: name: holds a quote (") but is not quoted'),
        ('a,Balai,1\nb,"Pos,2\nc,x,3\n', [], '3: has a quote (") that does not pair (unexpected end of data)'),
        ('a,Balai,1\nb,"Pos"x,2\n', [], "3: has a quote (\") that does not pair (',' expected after"),
        ("a,Balai,1\nb,Pos\n", ["a"], "3: has 2 cells, the header has 3"),
        ("a,Balai,1\nb,Pos,2,3\n", ["a"], "3: has 4 cells, the header has 3"),
        ("a,Balai\rDesa,1\nb,Pos,2\n", ["b"], "2: has 2 cells, the header has 3"),
        (f"a,{'x' * 5000},1\nb,Pos,2\n", ["b"], "2: name: is longer than 4096 characters"),
        (f"a,{'x' * 200_000},1\nb,Pos,2\n", ["b"], "2: id: the row is longer than 100000 characters"),
    ],
)
def test_a_row_that_may_be_several_is_a_problem(rows: str, ids: list[str], said: str) -> None:
    """At its line and column; the rows around it are read."""
    found, problems = parsed(rows)
    assert (found, problems[0][: len(said)]) == (ids, said)


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ('a,"Balai\nDesa",1\n', "Balai\nDesa"),
        ('a,"Balai, Desa",1\n', "Balai, Desa"),
        ('a,"Pos ""Kamling""",1\n', 'Pos "Kamling"'),
        ("a,Balai;Desa,1\r", "Balai;Desa"),
    ],
)
def test_what_a_spreadsheet_quotes_is_read(rows: str, cells: str) -> None:
    """A line end or a delimiter alone is no sign of a ditto mark."""
    listing, problems = parse_csv("id,name,address\n" + rows, FILE, COLUMNS, COLUMNS)
    assert (listing, problems) == ([{"id": "a", "name": cells, "address": "1"}], [])


@pytest.mark.parametrize("head", ["sep=;\r\n", '"sep=;"\n', "SEP=;\n", "sep=;;;\n"])
def test_excels_own_first_line_says_what_the_delimiter_is(head: str) -> None:
    """And the lines are counted with it."""
    listing, problems = parse_csv(head + "id;name;address\na;Balai, Desa;1\n", FILE, COLUMNS, COLUMNS)
    assert (listing, problems) == ([{"id": "a", "name": "Balai, Desa", "address": "1"}], [])
    assert listing is not None
    assert listing.lines == [3]


@pytest.mark.parametrize("head", ["sep=|\n", "sep=\n"])
def test_a_delimiter_that_is_none_of_ours_is_a_problem(head: str) -> None:
    """Rather than one column of everything."""
    listing, problems = parse_csv(head + "id|name|address\na|b|c\n", FILE, COLUMNS, COLUMNS)
    assert listing is None
    assert "is no delimiter that is read here" in problems[0].message


def test_rows_without_end_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a number that no city has."""
    monkeypatch.setattr(csv_source, "MOST_ROWS", 3)
    ids, problems = parsed("a,x,1\nb,x,2\nc,x,3\nd,x,4\ne,x,5\n")
    assert (ids, problems) == (["a", "b", "c"], ["5: is row 4, and 3 are read; split the file"])


def test_yaml_without_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values, and the length of one."""
    monkeypatch.setattr(yaml_source, "_MOST_VALUES", 50)
    root, (problem,) = parse_yaml("a: [" + "{}," * 60 + "]", FILE)
    assert (root, problem.message) == (None, "holds more than 50 values; split the file")
    _, (problem,) = parse_yaml(f"a: {'x' * 5000}\nb: 1\n", FILE)
    assert (problem.field, problem.message) == ("a", "is longer than 4096 characters; shorten it")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"a\\e[31mb": 1', "has a key that holds the unprintable character U+001B; delete it"),
        ('"a\\u202Eb": 1', "has a key that holds the unprintable character U+202E; delete it"),
        ('"a\\x9bb": 1', "has a key that holds the unprintable character U+009B; delete it"),
        ('"a\\npantau.yml: good": 1', "has a key that holds the unprintable character U+000A; delete it"),
        (f'"{"k" * 200}": 1', "has a key that is longer than 100 characters; shorten it"),
    ],
)
def test_a_key_that_a_terminal_would_obey_is_refused(text: str, said: str) -> None:
    """Written as an escape, no reader of bytes sees it."""
    root, (problem,) = parse_yaml(text, FILE)
    assert (root, problem.field, problem.message) == (None, "", said)


@pytest.mark.parametrize(
    "code", [0x00, 0x07, 0x1B, 0x7F, 0x85, 0x9B, 0xAD, 0x61C, 0x200B, 0x200F, 0x202E, 0x2028, 0x2066, 0xFEFF, 0xE0041]
)
def test_a_character_that_nobody_sees_is_refused_with_its_line(code: int) -> None:
    """Controls, marks of direction, a byte order mark in the middle: a name that looks like another is none."""
    message = f"holds the unprintable character U+{code:04X}; delete it"
    assert decode(f"id\nba{chr(code)}lai\n".encode(), FILE) == [Problem(FILE, 2, "", message)]


def test_a_lost_character_is_told_as_such() -> None:
    """U+FFFD is what some program could not read."""
    message = "holds U+FFFD, the mark of a character that was lost; write what it was"
    assert decode("id\nba\ufffdlai\n".encode(), FILE) == [Problem(FILE, 2, "", message)]


def test_characters_that_nobody_sees_are_told_all_at_once() -> None:
    """Each line once for each of them, however often it stands there: who mends one finds no other behind it."""
    text = "id\r\n\u200ba\u200b\ufeff\r\nb\r\n\u200b\x00\n"
    found = decode(text.encode(), FILE)
    assert isinstance(found, list)
    assert [(one.line, one.message.split(";")[0]) for one in found] == [
        (2, "holds the unprintable character U+200B"),
        (2, "holds the unprintable character U+FEFF"),
        (4, "holds the unprintable character U+200B"),
        (4, "holds the unprintable character U+0000"),
    ]


JUNK = st.sampled_from(['"', '""', '"""', '" ', '","', "\n", '"\n', '\n"', "\r", ",", " "])


@given(st.lists(st.tuples(st.integers(0, 200), JUNK), max_size=6))
@example([(0, '"'), (176, '"'), (1, '"\n'), (51, '\n"')])
def test_whatever_quotes_are_put_where_no_row_is_lost_or_mixed_with_another(junk: list[tuple[int, str]]) -> None:
    """Six hotspots, and quotes, delimiters and line ends thrown in.

    What is read as one row is of one hotspot alone; and where anything of a hotspot is missing, there is a problem.
    A hotspot that delimiters and a line end tear into two whole rows stays two: only its empty cells tell.
    """
    text = "".join(f"id{n},name{n},address{n}\n" for n in range(6))
    for place, piece in junk:
        text = text[: place % len(text)] + piece + text[place % len(text) :]
    listing, problems = parse_csv("id,name,address\n" + text, FILE, COLUMNS, COLUMNS)
    rows = ["|".join(row.values()) for row in listing or () if isinstance(row, dict)]
    for row in rows:
        assert len(set(re.findall("(?:id|name|address)([0-5])", row))) <= 1
    if not problems:
        assert len(rows) >= 6
        words = re.sub(r'[\s|,"]', "", "".join(rows))
        assert words == "".join(f"id{n}name{n}address{n}" for n in range(6))
