"""The words of notifications as Alertmanager reads them: `words.LANGUAGE.tmpl`, made from the tables of sentences.

A template is given an alert whose annotations are in the rules' language. In that language it says them as they are; in
another it says the alert's name, and takes what the alert is about out of the rule's sentence by the place where the
table has a gap. A sentence that the table does not know is shown as the rule wrote it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pantau.alerting import sentences
from pantau.alerting.errors import AlertingError
from pantau.alerting.sentences import ALERTS, COUNTS, EXCLUDED, RULES_LANGUAGE, UNITS, AlertWords
from pantau.texts import LANGUAGES, Translate, catalogue

LOCALE = Path(__file__).parent / "locale"

_GAP = re.compile(r"\{(\w+)\}")
_HEAD = "Made by `pantau alertmanager build` from pantau/alerting/sentences.py and locale/: edit those, build again."
_NAMED_SCOPES = "^(isp|kecamatan|isp_kecamatan|uplink|hotspot|contract)$"
"""What is wider than these, the whole city or ourselves, needs no subject behind its name."""


def render_words(language: str) -> str:
    """The template file of one of `LANGUAGES`, always the same bytes; raises `ValueError` for another."""
    rules, reader = (catalogue(LOCALE, one).gettext for one in (RULES_LANGUAGE, language))
    writer = _Writer(rules, reader) if language == RULES_LANGUAGE else _TranslatingWriter(rules, reader)
    return f"{{{{/* {_HEAD} */}}}}\n" + "".join(f"\n{block}" for block in writer.blocks())


def build_words(folder: Path, languages: Sequence[str] = LANGUAGES) -> list[Path]:
    """Write the file of each language into `folder`, where it differs; raises `AlertingError` if that cannot be."""
    written = []
    for language in languages:
        file, text = file_of(folder, language), render_words(language)
        try:
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise AlertingError(f"{file}: cannot be written ({error.strerror})") from error
        written.append(file)
    return written


def file_of(folder: Path, language: str) -> Path:
    """Where the words of a language lie."""
    return folder / f"words.{language}.tmpl"


@dataclass(frozen=True, slots=True)
class _Writer:
    """The templates of the rules' own language."""

    rules: Translate
    """Into the rules' language."""
    reader: Translate
    """Into the reader's."""

    def blocks(self) -> Iterator[str]:
        """Every `define`, in the file's order, with its comment."""
        yield _comment("What has happened, as short as can be. The dot is an alert.")
        yield self._names()
        yield _comment("The first line, and what an alert is about. The dot is an alert.")
        yield from self.first_lines()
        yield "".join(_define(name, self.reader(message)) for name, message in sentences.HEADINGS.items())
        yield _comment("The dot is a number of alerts, more than ten.")
        yield _define("first.ten", _filled(self.reader(sentences.FIRST_TEN), {"count": "{{ . }}"}))
        yield _comment("The dot is a group of two alerts or more.")
        yield self._number()
        yield _comment("The dot is the annotation `count`, and the annotation `excluded`.")
        yield from self.annotations()
        yield _comment("The dot is a duration as Go writes it: 26h3m0s. Beyond an hour its seconds say nothing.")
        yield self._duration()

    def first_lines(self) -> Iterator[str]:
        """The rule's own sentence, how many, and the place where it fits; without a sentence the name and its place."""
        short = self.rules(sentences.SOME_OF_ALL)
        pattern, _ = _pattern(short[: short.rindex("}") + 1], "[0-9]+")
        count = _replace(".Annotations.count", [(pattern, "${1}/${2}")])
        yield (
            '{{ define "words.title" }}\n'
            "{{- if .Annotations.what }}\n"
            '{{- $what := printf "%.60s" .Annotations.what }}\n'
            "{{- $short := $what }}\n"
            f"{{{{- if {self.several()} }}}}\n"
            f'{{{{- $short = printf "%s · %.24s" $what ({count}) }}}}{{{{ end }}}}\n'
            '{{- $full := printf "%s · %s" $short .Annotations.where }}\n'
            '{{- if and .Annotations.where (eq .Status "firing") (le (len $full) 62) }}{{ $full }}'
            "{{ else }}{{ $short }}{{ end }}\n"
            '{{- else }}{{ template "words.name" . }} · {{ template "pantau.place" .Labels }}{{ end }}\n'
            "{{- end }}\n"
        )
        yield _define("about", '{{ printf "%.60s" .Annotations.what }}')

    def annotations(self) -> Iterator[str]:
        """As the rule wrote them."""
        yield _define("points", "{{ . }}")
        yield _define("reason", "{{ . }}")

    def several(self) -> str:
        """The condition that a first line says how many."""
        one = json.dumps(self.rules(sentences.ONE_HOTSPOT), ensure_ascii=False)
        return f'and (eq .Status "firing") .Annotations.count (ne .Annotations.count {one})'

    def _names(self) -> str:
        cases = ((alert, self.reader(words.name)) for alert, words in ALERTS.items())
        return _switch("name", cases, "{{ $a }}")

    def _number(self) -> str:
        figures = {"firing": "{{ len .Alerts.Firing }}", "resolved": "{{ len .Alerts.Resolved }}"}
        every = {"count": "{{ len .Alerts }}"}
        alerts = _filled(self.reader(sentences.NUMBER_OF_ALERTS), every)
        return (
            '{{ define "words.number" }}\n'
            "{{- if and .Alerts.Firing .Alerts.Resolved }}"
            f"{_filled(self.reader(sentences.SOME_RESOLVED), figures)}\n"
            f"{{{{- else if and .Alerts.Firing .CommonLabels.hotspot }}}}{alerts}\n"
            '{{- else if eq .CommonLabels.scope "hotspot" }}'
            f"{_filled(self.reader(sentences.HOTSPOTS), every)}\n"
            f"{{{{- else }}}}{alerts}{{{{ end }}}}\n"
            "{{- end }}\n"
        )

    def _duration(self) -> str:
        steps = [("(h[0-9]+m)[0-9]+s", "${1}"), ("m0s", "m"), ("h0m", "h")]
        steps += [(f"([0-9]+){unit}", f"{_GAP.sub('${1}', self.reader(text))} ") for unit, text in UNITS.items()]
        return _define("duration", f"{{{{ {_replace('.', [*steps, (' $', '')])} }}}}")


class _TranslatingWriter(_Writer):
    """The templates of another language."""

    __slots__ = ()

    def first_lines(self) -> Iterator[str]:
        """The alert's name, what it is about, and how many."""
        steps = []
        for message in COUNTS[1:]:
            pattern, gaps = _pattern(self.rules(message))
            steps.append((f"^{pattern}$", "/".join(f"${{{group}}}" for group in gaps.values())))
        count = _replace(".Annotations.count", steps)
        yield (
            '{{ define "words.title" }}\n'
            '{{- template "words.name" . }}\n'
            f'{{{{- if match "{_NAMED_SCOPES}" (or .Labels.scope "isp") }}}} · {{{{ if .Annotations.what -}}}}\n'
            '{{ template "words.about" . }}{{ else }}{{ template "pantau.place" .Labels }}{{ end }}{{ end }}\n'
            f"{{{{- if {self.several()} }}}}\n"
            f'{{{{- printf " · %.24s" ({count}) }}}}{{{{ end }}}}\n'
            "{{- end }}\n"
        )
        cases = ((alert, self._about(words)) for alert, words in ALERTS.items() if words.sentences)
        yield _switch("about", cases, '{{ printf "%.60s" .Annotations.what }}')

    def annotations(self) -> Iterator[str]:
        """The phrases of the rules, each in the reader's words; the longest first, for one may lie within another."""
        counts = [self._translation(message, whole=True) for message in COUNTS]
        yield _define("points", f"{{{{ {_replace('.', counts)} }}}}")
        phrases = sorted(EXCLUDED, key=lambda message: (-len(self.rules(message)), message))
        yield _define("reason", f"{{{{ {_replace('.', [self._translation(phrase) for phrase in phrases])} }}}}")

    def _about(self, words: AlertWords) -> str:
        steps = [self._translation(sentence, whole=True, to=words.subject) for sentence in words.sentences]
        return f'{{{{ printf "%.60s" ({_replace(".Annotations.what", steps)}) }}}}'

    def _translation(self, message: str, *, whole: bool = False, to: str | None = None) -> tuple[str, str]:
        """From the rules' sentence to the reader's, or to the reader's `to`, with the same in the gaps."""
        pattern, gaps = _pattern(self.rules(message))
        said = self.reader(message if to is None else to).replace("$", "$$")
        return f"^{pattern}$" if whole else pattern, _GAP.sub(lambda found: f"${{{gaps[found[1]]}}}", said)


def _pattern(sentence: str, gap: str = ".*") -> tuple[str, dict[str, int]]:
    """A regular expression of Go's for the sentence, and the number of each gap's group."""
    parts = _GAP.split(sentence)
    literals = [re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", part) for part in parts[::2]]
    return f"({gap})".join(literals), {name: index for index, name in enumerate(parts[1::2], start=1)}


def _replace(value: str, steps: Iterable[tuple[str, str]]) -> str:
    """A pipeline that replaces one pattern after the other."""
    # A string of JSON is a string of Go's, too.
    quoted = (
        f"reReplaceAll {json.dumps(old, ensure_ascii=False)} {json.dumps(new, ensure_ascii=False)}"
        for old, new in steps
    )
    pipeline = [value, *quoted]
    return (" | " if len(pipeline) == 2 else "\n  | ").join(pipeline)


def _filled(message: str, values: dict[str, str]) -> str:
    return _GAP.sub(lambda found: values[found[1]], message)


def _switch(name: str, cases: Iterable[tuple[str, str]], otherwise: str) -> str:
    """A template that says something else for each alert."""
    chosen = "{{- else if ".join(f'eq $a "{alert}" }}}}{text}\n' for alert, text in cases)
    return (
        f'{{{{ define "words.{name}" }}}}{{{{ $a := .Labels.alertname }}}}\n'
        f"{{{{- if {chosen}{{{{- else }}}}{otherwise}{{{{ end }}}}\n{{{{- end }}}}\n"
    )


def _define(name: str, body: str) -> str:
    return f'{{{{ define "words.{name}" }}}}{body}{{{{ end }}}}\n'


def _comment(text: str) -> str:
    return f"{{{{/* {text} */}}}}\n"
