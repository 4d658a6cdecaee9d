"""The page's sentences in every language at once: the first for most readers, the others small behind it or below it.

What is the same in two languages is said once. Sentences are escaped; what is put into them must be escaped already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from pantau.states import State, word_of
from pantau.texts import LANGUAGES, Translate, catalogue

LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class PageWords:
    """`languages` are some of `LANGUAGES`, at least one; the first is the page's own."""

    languages: Sequence[str] = LANGUAGES

    def first(self, message: str, **values: object) -> str:
        """In the page's own language, `values` filled in."""
        return self._said(message, values)[0][1]

    def inline(self, message: str, **values: object) -> str:
        """In the page's own language, and the others small behind it."""
        return _inline(self._said(message, values))

    def lines(self, message: str, before: str = "") -> str:
        """A paragraph in each language; `before` is markup at the front of the first."""
        (_, first), *others = self._said(message, {})
        return f"<p>{before}{first}</p>" + "".join(f'<p lang="{language}">{text}</p>' for language, text in others)

    def beside(self, message: str, **values: object) -> str:
        """In all languages, a stroke between them: for what is small itself."""
        return " / ".join(text for _, text in self._said(message, values))

    def state(self, state: State) -> str:
        """A state's word, as `inline`."""
        return _inline(self._in_all(lambda language: word_of(state, language)))

    def state_first(self, state: State) -> str:
        """A state's word in the page's own language."""
        return escape(word_of(state, self.languages[0]))

    def _said(self, message: str, values: dict[str, object]) -> list[tuple[str, str]]:
        said = self._in_all(lambda language: catalogue(LOCALE, language).gettext(message))
        return [(language, text.format(**values)) for language, text in said]

    def _in_all(self, say: Translate) -> list[tuple[str, str]]:
        """Language and escaped text; a text that another language has said already is left out."""
        texts: dict[str, str] = {}
        for language in self.languages:
            texts.setdefault(escape(say(language)), language)
        return [(language, text) for text, language in texts.items()]


def small(text: str, language: str = "") -> str:
    """Markup that is small and soft."""
    spoken = f' lang="{language}"' if language else ""
    return f'<span class="small"{spoken}>{text}</span>'


def _inline(said: Sequence[tuple[str, str]]) -> str:
    (_, first), *others = said
    return " ".join([first, *(small(text, language) for language, text in others)])
