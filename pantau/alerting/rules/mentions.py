"""Thresholds that people read outside of the rules, in runbooks and in the guide: kept at the values that hold.

`mentions.yml` has each such sentence as a template. What stands around its values finds the sentence in the file, over
line ends; the values are what is compared and written.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pantau.alerting.errors import AlertingError
from pantau.alerting.rules.conventions import unmarked
from pantau.alerting.rules.rendering import environment
from pantau.alerting.rules.thresholds import Thresholds
from pantau.alerting.rules.writing import CURE, write_whole
from pantau.alerting.yaml_file import parse_mapping

MENTIONS = Path(__file__).parent / "mentions.yml"
_SLOT = re.compile(r"\$\{.*?\}")
_BEGIN, _END = "\ue003", "\ue004"
"""Around each value of a sentence while it is read."""
_LONGEST = 20
"""Characters of a value as a text says it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One sentence of one file, as it should be, and how it is found."""

    pieces: tuple[str, ...]
    """Text, value, text, value, ..., text."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds it whatever its values are; a group for each piece, spaces for any white space."""
        texts = iter(self.pieces)
        found = f"({_anyhow(next(texts))})"
        for _, text in zip(texts, texts, strict=True):
            found += f"(.{{1,{_LONGEST}}}?)({_anyhow(text)})"
        return re.compile(found, re.DOTALL)

    def __str__(self) -> str:
        return "".join(self.pieces)


def mentions(thresholds: Thresholds, file: Path = MENTIONS) -> Mapping[str, list[Mention]]:
    """Every sentence by its file's path, from the folder above config/."""
    marked = _SLOT.sub(rf"{_BEGIN}\g<0>{_END}", file.read_text(encoding="utf-8"))
    content = parse_mapping(unmarked(environment(thresholds).from_string(marked).render()), str(file))
    edge = re.compile(f"[{_BEGIN}{_END}]")
    return {name: [Mention(tuple(edge.split(one))) for one in sentences] for name, sentences in content.items()}


def differing(thresholds: Thresholds, root: Path) -> Iterator[str]:
    """What the files below `root` say otherwise, each with its cure; a file that is missing says nothing."""
    for path, sentences, text in _present(thresholds, root):
        for sentence in sentences:
            matches = list(sentence.pattern.finditer(text))
            if not matches:
                yield (
                    f"{path}: does not say {_quoted(str(sentence))}; write it so, or change "
                    "pantau/alerting/rules/mentions.yml"
                )
            for match in matches:
                if _values(match) != sentence.pieces[1::2]:
                    line = text.count("\n", 0, match.start(2)) + 1
                    said, wanted = _quoted(match[0]), _quoted(str(sentence))
                    yield f"{path}:{line}: says {said} where config/thresholds.yml makes it {wanted}; {CURE}"


def write(thresholds: Thresholds, root: Path) -> list[Path]:
    """Put the values that hold into the files below `root`, and say which were changed. Raises `AlertingError`."""
    changed = []
    for path, sentences, text in _present(thresholds, root):
        new = text
        for sentence in sentences:
            new = sentence.pattern.sub(partial(_filled, sentence.pieces[1::2]), new)
        if new != text:
            try:
                write_whole(path, new)
            except OSError as error:
                raise AlertingError(f"{path}: cannot be written ({error.strerror}); make it writable") from error
            changed.append(path)
    return changed


def _present(thresholds: Thresholds, root: Path) -> Iterator[tuple[Path, list[Mention], str]]:
    for name, sentences in mentions(thresholds).items():
        path = root / name
        if path.is_file():
            yield path, sentences, path.read_text(encoding="utf-8")


def _values(match: re.Match[str]) -> tuple[str, ...]:
    return tuple(" ".join(value.split()) for value in match.groups()[1::2])


def _filled(values: tuple[str, ...], match: re.Match[str]) -> str:
    """The text as it stood, its values replaced where they differ, so that no line is broken anew without need."""
    pieces = list(match.groups())
    for place, wanted in zip(range(1, len(pieces), 2), values, strict=True):
        if " ".join(pieces[place].split()) != wanted:
            pieces[place] = wanted
    return "".join(pieces)


def _anyhow(text: str) -> str:
    """A regular expression for `text` with any white space where it has some."""
    return r"\s+".join(re.escape(word) for word in re.split(r"\s+", text))


def _quoted(text: str) -> str:
    return f"'{' '.join(text.split())}'"
