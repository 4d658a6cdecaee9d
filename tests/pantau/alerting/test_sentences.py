"""The tables of sentences: what the rules say, word for word, and what a message in another language makes of it."""

import re
from pathlib import Path

import pytest

from pantau.alerting.sentences import ALERTS, COUNTS, EXCLUDED, RULES_LANGUAGE
from pantau.alerting.word_templates import LOCALE, build_words, render_words
from pantau.texts import LANGUAGES, catalogue
from tests.pantau.alerting.amtool import WORDS, rendered
from tests.pantau.alerting.test_words import PAGE, hotspot
from tests.rules.checking import shipped_alerts, shipped_rules

NAMES = ["Titik 01", "Pasar padam lama", "Kontrak Plaza", "Kafe lambat laun", "Putus Asa, $1 (contoh)"]


OF_GAPS = {"duration": "4h 0m 0s", "share": "12%", "rtt": "310ms"}


def gaps_filled(sentence: str, name: str) -> str:
    """A sentence of the catalogue: the name in each gap for one, a value in the others."""
    return re.sub(r"\{(\w+)\}", lambda gap: OF_GAPS.get(gap[1], name), sentence)


def plain(sentence: str) -> str:
    """A sentence of the catalogue, its gaps without names."""
    return re.sub(r"\{\w+\}", "{}", sentence)


def shape_of(annotation: str) -> str:
    """An annotation of a rule, what Prometheus fills in as ``{}``; of two ways the first."""
    trimmed = re.sub(r"-\}\}\s*", "}}", re.sub(r"\s*\{\{-", "{{", annotation))
    shown: list[str] = []
    in_else: list[bool] = []
    for piece in re.split(r"(\{\{.*?\}\})", trimmed, flags=re.DOTALL):
        action = piece.strip("{} ").partition(" ")[0] if piece.startswith("{{") else ""
        match action:
            case "with" | "range" | "if":
                in_else.append(False)
            case "else":
                in_else[-1] = True
            case "end":
                in_else.pop()
            case _ if not any(in_else):
                shown.append("{}" if action else piece)
    return "".join(shown).strip()


DISTRICT = "Kecamatan"
"""What the shipped settings call one."""


def test_the_rules_say_the_sentences_of_the_table() -> None:
    """Word for word: what a rule says otherwise would stand in Indonesian in every other language."""
    indonesian = catalogue(LOCALE, RULES_LANGUAGE).gettext
    said: dict[str, set[str]] = {}
    for rule in shipped_rules():
        if "alert" in rule and "what" in rule["annotations"]:
            said.setdefault(rule["alert"], set()).add(shape_of(rule["annotations"]["what"]))
            count = shape_of(rule["annotations"].get("count", ""))
            assert count in {"", *(plain(indonesian(one)) for one in COUNTS)}, rule["alert"]
    table = {
        alert: {plain(indonesian(sentence).replace("{district}", DISTRICT)) for sentence in words.sentences}
        for alert, words in ALERTS.items()
        if words.sentences
    }
    assert said == table
    assert set(ALERTS) == set(shipped_alerts())


def test_every_alert_has_a_subject_or_a_topic() -> None:
    """By which the message of its end names it, without saying what was wrong."""
    assert [alert for alert, words in ALERTS.items() if words.subject is None and words.topic is None] == []


def test_the_rules_exclude_what_the_table_excludes() -> None:
    """Nothing is left of a rule's `excluded` when the phrases of the table are taken out; of two ways, of both."""
    phrases = sorted((catalogue(LOCALE, RULES_LANGUAGE).gettext(one) for one in EXCLUDED), key=len, reverse=True)
    for rule in shipped_rules():
        excluded = rule.get("annotations", {}).get("excluded", "")
        other_way = re.sub(r"(\{\{ *if [^}]*\}\}).*?(\{\{ *else *\}\})(.*?)(\{\{ *end)", r"\1\3\4", excluded)
        for left in (shape_of(excluded), shape_of(other_way)):
            for phrase in phrases:
                left = left.replace(phrase, "")
            assert left.strip("; ") == "", rule["alert"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("alert", [alert for alert, words in ALERTS.items() if words.subject])
def test_english_finds_whatever_name_the_rule_has_filled_in(alert: str, name: str, tmp_path: Path) -> None:
    """A name that holds a word of a sentence, or looks like a pattern, is left whole."""
    words = ALERTS[alert]
    for sentence in words.sentences:
        what = gaps_filled(catalogue(LOCALE, RULES_LANGUAGE).gettext(sentence), name)
        one = {**PAGE, "labels": {"alertname": alert, "scope": "hotspot"}, "annotations": {"what": what}}
        assert words.subject is not None
        expected = f"{words.name} · {gaps_filled(words.subject, name)[:60]}"
        assert rendered("pantau.title", [one], "en", tmp_path) == expected


WHOLE = [(alert, sentence) for alert, words in ALERTS.items() if not words.subject for sentence in words.sentences]


@pytest.mark.parametrize(("alert", "sentence"), WHOLE, ids=[f"{alert}: {sentence}" for alert, sentence in WHOLE])
def test_english_says_the_sentence_where_there_is_no_subject(alert: str, sentence: str, tmp_path: Path) -> None:
    """In a list, what speaks of the city or of ourselves is told in the reader's language."""
    what = gaps_filled(catalogue(LOCALE, RULES_LANGUAGE).gettext(sentence), "Telkom")
    one = {**PAGE, "labels": {"alertname": alert, "scope": "vantage"}, "annotations": {"what": what}}
    text = rendered("pantau.text", [one, one], "en", tmp_path)
    assert f"- {gaps_filled(sentence, 'Telkom')}; since" in text


def test_one_hotspot_is_one_hotspot(tmp_path: Path) -> None:
    """The number agrees."""
    assert "How many: 1 hotspot\n" in rendered("pantau.text", [hotspot(1)], "en", tmp_path)


def test_the_committed_words_are_what_the_table_says(tmp_path: Path) -> None:
    """The same bytes each time, in the order of the languages; a file that is right already is not touched."""
    files = build_words(tmp_path)
    assert [file.name for file in files] == [f"words.{language}.tmpl" for language in LANGUAGES]
    for file, language in zip(files, LANGUAGES, strict=True):
        assert file.read_bytes() == (WORDS / file.name).read_bytes() == render_words(language).encode()
    before = [file.stat().st_mtime_ns for file in files]
    build_words(tmp_path)
    assert [file.stat().st_mtime_ns for file in files] == before
