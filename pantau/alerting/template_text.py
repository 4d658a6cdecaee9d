"""Pieces of Alertmanager's templates, which are Go's: as text, from sentences with gaps, `ISP {isp} is down`."""

import json
import re
from collections.abc import Iterable, Mapping

GAP = re.compile(r"\{(\w+)\}")


def pattern(sentence: str, gap: str = ".*") -> tuple[str, dict[str, int]]:
    """A regular expression of Go's for the sentence, and the number of each gap's group."""
    parts = GAP.split(sentence)
    literals = [re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", part) for part in parts[::2]]
    return f"({gap})".join(literals), {name: index for index, name in enumerate(parts[1::2], start=1)}


def replace(value: str, steps: Iterable[tuple[str, str]]) -> str:
    """A pipeline that replaces one pattern after the other."""
    # A string of JSON is a string of Go's, too.
    quoted = (
        f"reReplaceAll {json.dumps(old, ensure_ascii=False)} {json.dumps(new, ensure_ascii=False)}"
        for old, new in steps
    )
    pipeline = [value, *quoted]
    return (" | " if len(pipeline) == 2 else "\n  | ").join(pipeline)


def filled(message: str, values: Mapping[str, str]) -> str:
    """The message with these values in its gaps."""
    return GAP.sub(lambda found: values[found[1]], message)


def made_of(sentence: str, to: str, *, whole: bool = False) -> tuple[str, str]:
    """A step from the sentence, however its gaps are filled, to another text with the same in its gaps."""
    found, gaps = pattern(sentence)
    said = GAP.sub(lambda gap: f"${{{gaps[gap[1]]}}}", to.replace("$", "$$"))
    return f"^{found}$" if whole else found, said


def switch(name: str, cases: Iterable[tuple[str, str]], otherwise: str) -> str:
    """A template that says something else for each alert."""
    whole = "{{- else if ".join(f'eq $a "{alert}" }}}}{text}\n' for alert, text in cases)
    return (
        f'{{{{ define "words.{name}" }}}}{{{{ $a := .Labels.alertname }}}}\n'
        f"{{{{- if {whole}{{{{- else }}}}{otherwise}{{{{ end }}}}\n{{{{- end }}}}\n"
    )


def chosen(cases: Iterable[tuple[str, str]], otherwise: str, value: str = ".") -> str:
    """One text for each of the values that `value` may have."""
    whole = "{{ else if ".join(f'eq {value} "{case}" }}}}{text}' for case, text in cases)
    return f"{{{{ if {whole}{{{{ else }}}}{otherwise}{{{{ end }}}}"


def define(name: str, body: str) -> str:
    """The template `words.NAME`."""
    return f'{{{{ define "words.{name}" }}}}{body}{{{{ end }}}}\n'


def comment(text: str) -> str:
    """A line that no reader sees."""
    return f"{{{{/* {text} */}}}}\n"
