"""The words of notifications as Alertmanager reads them: `words.LANGUAGE.tmpl`, made from the tables of sentences.

A template is given an alert whose annotations are in the rules' language. In that language it says them as they are; in
another it says the alert's name, and takes what the alert is about out of the rule's sentence by the place where the
table has a gap. A sentence that the table does not know is shown as the rule wrote it.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pantau.alerting import sentences
from pantau.alerting.errors import AlertingError
from pantau.alerting.sentences import ALERTS, COUNTS, EXCLUDED, PLACES, RULES_LANGUAGE, UNITS, AlertWords
from pantau.alerting.template_text import GAP, chosen, comment, define, filled, made_of, pattern, replace, switch
from pantau.levels import LevelWords
from pantau.texts import LANGUAGES, Translate, catalogue

LOCALE = Path(__file__).parent / "locale"

_HEAD = "Made by `pantau alertmanager build` from pantau/alerting/sentences.py and locale/: edit those, build again."
_NAMED_SCOPES = "^(isp|kecamatan|isp_kecamatan|uplink|hotspot|contract)$"
"""What is wider than these, the whole city or ourselves, needs no subject behind its name."""

_SILENT = '(printf "%.40s" .Annotations.silent)'


def render_words(language: str, levels: LevelWords = LevelWords()) -> str:  # noqa: B008 - it is frozen
    """The template file of one of `LANGUAGES`, always the same bytes; raises `ValueError` for another.

    `levels` is what the city calls its districts and wards.
    """
    rules, said = (catalogue(LOCALE, one).gettext for one in (RULES_LANGUAGE, language))

    def reader(message: str) -> str:
        return levels.within(said(message))

    writer = _Writer(rules, reader) if language == RULES_LANGUAGE else _TranslatingWriter(rules, reader)
    return f"{{{{/* {_HEAD} */}}}}\n" + "".join(f"\n{block}" for block in writer.blocks())


def build_words(
    folder: Path,
    languages: Sequence[str] = LANGUAGES,
    levels: LevelWords = LevelWords(),  # noqa: B008 - it is frozen
) -> list[Path]:
    """Write the file of each language into `folder`, where it differs; raises `AlertingError` if that cannot be."""
    written = []
    for language in languages:
        file, text = file_of(folder, language), render_words(language, levels)
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
        yield comment("What has happened, as short as can be. The dot is an alert.")
        yield self._names()
        yield comment("The first line, and what an alert is about. The dot is an alert.")
        yield from self.first_lines()
        yield "".join(define(name, self.reader(message)) for name, message in sentences.HEADINGS.items())
        yield comment("How an alert has ended, by its annotation `ended`, which is the dot.")
        yield self._ending()
        yield comment(
            "Of an alert that has ended: what it is about, what is to be known of its end, how many are silent."
        )
        yield switch("thing", ((alert, self._thing(words)) for alert, words in ALERTS.items()), "{{ $a }}")
        yield self._consequence()
        yield self._left()
        yield comment("The dot is a number of alerts, more than ten.")
        yield define("first.ten", filled(self.reader(sentences.FIRST_TEN), {"count": "{{ . }}"}))
        yield comment("The dot is a group of two alerts or more.")
        yield self._number()
        yield comment("The dot is the annotation `count`, `excluded`, or `where`.")
        yield from self.annotations()
        yield comment(
            "The dot is a duration, as Go (26h3m0s) or Prometheus (1d 2h 3m 0s) writes it. Beyond an hour no seconds."
        )
        yield self._duration()

    def first_lines(self) -> Iterator[str]:
        """The rule's own sentence, how many, and the place where it fits; without a sentence the name and its place."""
        count = self.short_count(".Annotations.count")
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
        yield define("about", '{{ printf "%.60s" .Annotations.what }}')

    def annotations(self) -> Iterator[str]:
        """As the rule wrote them."""
        yield define("points", "{{ . }}")
        yield define("reason", "{{ . }}")
        yield define("place", "{{ . }}")

    def several(self) -> str:
        """The condition that a first line says how many."""
        one = json.dumps(self.rules(sentences.ONE_HOTSPOT), ensure_ascii=False)
        return f'and (eq .Status "firing") .Annotations.count (ne .Annotations.count {one})'

    def short_count(self, value: str) -> str:
        """A pipeline that makes `48/143 titik` of a count."""
        short = self.rules(sentences.SOME_OF_ALL)
        found, _ = pattern(short[: short.rindex("}") + 1], "[0-9]+")
        return replace(value, [(found, "${1}/${2}")])

    def _ending(self) -> str:
        cases = ((code, self.reader(message)) for code, message in sentences.ENDINGS.items())
        return define("ending", chosen(cases, self.reader(sentences.ENDED)))

    def _consequence(self) -> str:
        silent = {"silent": f'{{{{ template "words.points" {_SILENT} }}}}'}
        cases = [(code, filled(self.reader(message), silent)) for code, message in sentences.CONSEQUENCES.items()]
        otherwise = self.reader(sentences.NOT_KNOWN)
        return define("consequence", chosen([("recovered", ""), *cases], otherwise, ".Annotations.ended"))

    def _left(self) -> str:
        count = self.short_count(_SILENT)
        short = f"{{{{ {count} }}}}"
        several = filled(self.reader(sentences.STILL_SILENT), {"silent": short})
        one = self.reader(sentences.ONE_STILL_SILENT)
        silent = chosen([("hotspot", one)], several, ".Labels.scope")
        return define("left", chosen([("removed", short)], silent, ".Annotations.ended"))

    def _thing(self, words: AlertWords) -> str:
        """Topic and subject, and in their gaps what the rule filled in."""
        thing = " · ".join(self.reader(part) for part in (words.topic, words.subject) if part is not None)
        if not GAP.search(thing):
            return thing
        steps = [made_of(self.rules(sentence), thing, whole=True) for sentence in words.sentences]
        return f'{{{{ printf "%.48s" ({replace(".Annotations.what", steps)}) }}}}'

    def _names(self) -> str:
        cases = ((alert, self.reader(words.name)) for alert, words in ALERTS.items())
        return switch("name", cases, "{{ $a }}")

    def _number(self) -> str:
        figures = {"firing": "{{ len .Alerts.Firing }}", "ended": "{{ len .Alerts.Resolved }}"}
        every = {"count": "{{ len .Alerts }}"}
        alerts = filled(self.reader(sentences.NUMBER_OF_ALERTS), every)
        return (
            '{{ define "words.number" }}\n'
            "{{- if and .Alerts.Firing .Alerts.Resolved }}"
            f"{filled(self.reader(sentences.SOME_ENDED), figures)}\n"
            f"{{{{- else if and .Alerts.Firing .CommonLabels.hotspot }}}}{alerts}\n"
            '{{- else if eq .CommonLabels.scope "hotspot" }}'
            f"{filled(self.reader(sentences.HOTSPOTS), every)}\n"
            f"{{{{- else }}}}{alerts}{{{{ end }}}}\n"
            "{{- end }}\n"
        )

    def _duration(self) -> str:
        steps = [(" ", ""), ("(h[0-9]+m)[0-9]+s", "${1}"), ("m0s", "m"), ("h0m", "h"), ("d0h", "d")]
        steps += [(f"([0-9]+){unit}", f"{GAP.sub('${1}', self.reader(text))} ") for unit, text in UNITS.items()]
        return define("duration", f"{{{{ {replace('.', [*steps, (' $', '')])} }}}}")


class _TranslatingWriter(_Writer):
    """The templates of another language."""

    __slots__ = ()

    def first_lines(self) -> Iterator[str]:
        """The alert's name, what it is about, and how many."""
        count = self.short_count(".Annotations.count")
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
        yield switch("about", cases, '{{ printf "%.60s" .Annotations.what }}')

    def short_count(self, value: str) -> str:
        """Figures alone: `48/143`."""
        steps = []
        for message in COUNTS[1:]:
            found, gaps = pattern(self.rules(message))
            steps.append((f"^{found}$", "/".join(f"${{{group}}}" for group in gaps.values())))
        return replace(value, steps)

    def annotations(self) -> Iterator[str]:
        """The phrases of the rules, each in the reader's words; the longest first, for one may lie within another."""
        yield define("points", f"{{{{ {replace('.', self._translated(COUNTS, whole=True))} }}}}")
        phrases = sorted(EXCLUDED, key=lambda message: (-len(self.rules(message)), message))
        yield define("reason", f"{{{{ {replace('.', self._translated(phrases))} }}}}")
        yield define("place", f"{{{{ {replace('.', self._translated(PLACES, whole=True))} }}}}")

    def _about(self, words: AlertWords) -> str:
        steps = [
            made_of(self.rules(sentence), self.reader(words.subject or sentence), whole=True)
            for sentence in words.sentences
        ]
        return f'{{{{ printf "%.60s" ({replace(".Annotations.what", steps)}) }}}}'

    def _translated(self, messages: Iterable[str], *, whole: bool = False) -> Iterator[tuple[str, str]]:
        """Steps from the rules' words to the reader's."""
        return (made_of(self.rules(message), self.reader(message), whole=whole) for message in messages)
