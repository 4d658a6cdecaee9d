"""What can be wrong in `config/thresholds.yml`: each mistake one sentence with file, line, key and cure."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pantau.alerting.rules.figures import FigureKind, parse
from pantau.alerting.rules.thresholds import BELOW, KINDS, read
from pantau.errors import ConfigurationError
from tests.rules.checking import ROOT

SHIPPED = ROOT / "config" / "thresholds.yml"


def test_the_shipped_file_is_good_and_has_every_threshold_in_the_order_of_the_code() -> None:
    """The table of kinds and the file name the same, value by value."""
    found = read(SHIPPED)
    table = yaml.safe_load(SHIPPED.read_text("utf-8"))
    assert list(found) == list(KINDS) == list(table)
    assert {name: figure.bare for name, figure in found.items()} == {n: str(row["value"]) for n, row in table.items()}


SHARE = "write a share above 0 and at most 1, as in 0.6"
COUNT = "write a whole number above 0, as in 3"
SECONDS = "write a number of seconds above 0 without a unit, as in 38"
DURATION = "write a duration as Prometheus writes it, the greatest unit first, as in 12s, 5m or 1h30m"
UNFIT = {
    "word for a share": ("outage_opens", "0.6", "most", SHARE),
    "share above one": ("outage_opens", "0.6", "60", SHARE),
    "share of nothing": ("outage_opens", "0.6", "0", SHARE),
    "percentage": ("outage_opens", "0.6", "60%", SHARE),
    "comma": ("outage_opens", "0.6", "0,6", SHARE),
    "negative": ("outage_opens", "0.6", "-0.6", SHARE),
    "no number": ("outage_opens", "0.6", ".nan", SHARE),
    "exponent": ("outage_opens", "0.6", "6e-1", SHARE),
    "half a point": ("least_points", "3", "2.5", COUNT),
    "duration without unit": ("hold_wide", "12s", "12", DURATION),
    "duration in words": ("hold_wide", "12s", "12 seconds", DURATION),
    "duration of nothing": ("hold_wide", "12s", "0s", DURATION),
    "fraction of a unit": ("hold_wide", "12s", "1.5m", DURATION),
    "units in disorder": ("hold_wide", "12s", "30s1m", DURATION),
    "seconds with a unit": ("silent_page", "38", "38s", SECONDS),
    "PromQL": ("outage_opens", "0.6", "0.6 or vector(1)", SHARE),
    "quotes": ("hold_wide", "12s", '12s"} or up{a="', DURATION),
    "a template": ("hold_wide", "12s", "{{ 7 }}s", DURATION),
}


@pytest.mark.parametrize("mistake", UNFIT)
def test_a_value_of_another_kind_is_one_sentence(mistake: str, tmp_path: Path) -> None:
    """File, line, key, what is wrong, what to write."""
    name, old, new, cure = UNFIT[mistake]
    text = SHIPPED.read_text("utf-8")
    place = text.index(f"  value: {old}\n", text.index(f"{name}:"))
    file = tmp_path / "thresholds.yml"
    file.write_text(text[:place] + f"  value: '{new}'\n" + text[text.index("\n", place) + 1 :], "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read(file)
    line = text.count("\n", 0, place) + 1
    assert str(caught.value) == f"{file}:{line}: {name}.value: '{new}' does not fit; {cure}"


MISTAKES = {
    "unknown key": (
        ("outage_opens:", "outage_open:"),
        "0: outage_open: is no threshold; did you mean 'outage_opens'?",
    ),
    "list": (("value: 0.6\n", "value: [0.6]\n"), f"1: outage_opens.value: is missing or no plain text; {SHARE}"),
    "no value": (("  value: 0.6\n", ""), f"0: outage_opens.value: is missing or no plain text; {SHARE}"),
    "unknown inner key": (
        ("  value: 0.6\n", "  value: 0.6\n  reasons: why\n"),
        "2: outage_opens.reasons: is not known here; did you mean 'reason'?",
    ),
    "bare value": (
        ("outage_opens:\n  value: 0.6\n", "outage_opens: 0.6\nleast_point:\n  value: 0.6\n"),
        "0: outage_opens: has no keys; write value (a share above 0 and at most 1, as in 0.6) and reason",
    ),
    "twice": (
        ("outage_opens:\n", "outage_opens: {value: 1, reason: x}\noutage_opens:\n"),
        "1: outage_opens: is given twice, first on line {line}; delete one",
    ),
}
"""What is changed, and the problem, its line counted from that of the first threshold."""


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_of_form_is_one_sentence(mistake: str, tmp_path: Path) -> None:
    """Unknown and missing keys, values of another form, a threshold given twice."""
    (old, new), problem = MISTAKES[mistake]
    text = SHIPPED.read_text("utf-8")
    first = text.count("\n", 0, text.index("outage_opens:")) + 1
    file = tmp_path / "thresholds.yml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read(file)
    below, sentence = problem.split(": ", 1)
    assert f"{file}:{first + int(below)}: {sentence.format(line=first)}" in str(caught.value).splitlines()


def test_a_missing_threshold_is_named_with_what_to_write(tmp_path: Path) -> None:
    """It is asked for, not guessed."""
    file = tmp_path / "thresholds.yml"
    text = SHIPPED.read_text("utf-8")
    file.write_text(text[: text.index("burn_slow:")], "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read(file)
    wanted = "write it with its value (a number above 0, as in 14.4) and its reason"
    assert str(caught.value) == f"{file}: burn_slow: is missing; {wanted}"


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Three mistakes are three sentences, in the order of the file."""
    file = tmp_path / "thresholds.yml"
    text = SHIPPED.read_text("utf-8").replace("value: 0.6\n", "value: x\n", 1).replace("value: 12s\n", "value: x\n", 1)
    file.write_text(text.replace("value: 38\n", "value: x\n"), "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read(file)
    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["outage_opens.value", "hold_wide.value", "silent_page.value"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, ": cannot be read (No such file or directory); restore it, or name other settings with --config"),
        (b"", ": the file is empty; write its keys, or restore it from a copy"),
        (b"- a\n", ":1: is not a mapping; write keys, each with a colon and its value"),
        (b"a: &x 1\n", ":1: uses the anchor or alias '&x'; write the value out instead"),
    ],
)
def test_what_is_no_such_file_is_one_sentence(content: bytes | None, sentence: str, tmp_path: Path) -> None:
    """Missing, empty, of another form, or with what YAML can do and nobody needs."""
    file = tmp_path / "thresholds.yml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        read(file)
    assert str(caught.value) == f"{file}{sentence}"


@pytest.mark.parametrize(("low", "high"), BELOW)
def test_what_must_be_below_is_refused_where_it_is_not(low: str, high: str, tmp_path: Path) -> None:
    """An outage that closes above where it opens, a page after its ticket: the rules would not say what they mean."""
    table = yaml.safe_load(SHIPPED.read_text("utf-8"))
    table[low]["value"] = table[high]["value"]
    file = tmp_path / "thresholds.yml"
    file.write_text(yaml.safe_dump(table, sort_keys=False), "utf-8")
    with pytest.raises(ConfigurationError, match=f"{low}.value: is .* and must be below {high}, which is"):
        read(file)


@given(st.text(alphabet='0123456789.smhdw"{}[]()#$\\\n: eE+-_\u0661', max_size=12), st.sampled_from(FigureKind))
def test_no_text_of_an_operator_reaches_a_rule(text: str, kind: FigureKind) -> None:
    """Whatever is written is refused, or is a number or a duration and nothing else."""
    try:
        figure = parse("name", kind, text)
    except ValueError:
        return
    assert figure.bare.isascii()
    assert figure.number > 0
    allowed = "0123456789smhdw" if kind is FigureKind.DURATION else "0123456789."
    assert set(figure.bare) <= set(allowed)


@pytest.mark.parametrize(
    ("kind", "text", "bare", "number"),
    [
        (FigureKind.SHARE, "0.60", "0.6", 0.6),
        (FigureKind.SHARE, "1", "1", 1),
        (FigureKind.COUNT, "3.0", "3", 3),
        (FigureKind.NUMBER, "14.4", "14.4", 14.4),
        (FigureKind.SECONDS, "604800", "604800", 604800),
        (FigureKind.DURATION, "1h30m", "1h30m", 5400),
        (FigureKind.DURATION, "2w", "2w", 1209600),
    ],
)
def test_a_value_is_written_as_promql_has_it(kind: FigureKind, text: str, bare: str, number: float) -> None:
    """Without zeros that say nothing; durations as they are."""
    figure = parse("name", kind, text)
    assert (figure.bare, float(figure.number)) == (bare, number)
