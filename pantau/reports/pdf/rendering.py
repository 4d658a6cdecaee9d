"""From the pages' values to HTML, and from HTML to PDF. The only file that knows Jinja and WeasyPrint."""

import gc
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pantau.errors import ReportError
from pantau.levels import LevelWords
from pantau.reports.edition import Edition
from pantau.reports.words import translation

TEMPLATES = Path(__file__).parent / "templates"
EXTENSIONS = ("jinja2.ext.i18n",)
MISSING = (
    "the report's PDF needs libraries of the system that are missing ({}); install them: "
    "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-dejavu-core"
)


@cache
def environment(language: str, levels: LevelWords = LevelWords()) -> Environment:  # noqa: B008 - it is frozen
    """Templates in one language and a city's words: what is put in is escaped, an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=EXTENSIONS,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    said = translation(language)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: levels.within(said.gettext(message)),
        lambda one, many, number: levels.within(said.ngettext(one, many, number)),
        newstyle=True,
    )
    return made


def rendered(
    values: Mapping[str, Any],
    language: str,
    template: str = "report.html",
    levels: LevelWords = LevelWords(),  # noqa: B008 - it is frozen
) -> str:
    """The report, or another of the templates, as HTML."""
    style = Markup((TEMPLATES.parent / "style.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return environment(language, levels).get_template(template).render(values, style=style)


def typeset(document: str, edition: Edition) -> bytes:
    """The PDF of a report's HTML; its dates and its id are the edition's."""
    return set_pages(document, f"{edition.number} {edition.data_sha256} {edition.made_at}")


def set_pages(document: str, identity: str) -> bytes:
    """The PDF of an HTML document. Nothing is fetched from anywhere; its id is made of `identity`."""
    try:
        from weasyprint.urls import URLFetcher

        html = _typesetter()
    except OSError as error:
        raise ReportError(MISSING.format(str(error).splitlines()[0])) from error
    identifier = hashlib.sha256(identity.encode()).digest()[:16]
    page = html(string=document, url_fetcher=URLFetcher(allowed_protocols=("data",), fail_on_errors=True))
    with _rare_collections():
        made: bytes = page.write_pdf(pdf_identifier=identifier)
    return made


@cache
def _typesetter() -> Any:
    """WeasyPrint's `HTML`, with its own style sheet but for what we have not: footnotes and notes.

    They are rules for every element: six styles would be computed and kept for each of 12,000, a quarter of all memory.
    A version of WeasyPrint that no longer asks this method needs that again, and sets the same pages.
    """
    from weasyprint import CSS, HTML
    from weasyprint.html import UA

    rules = re.sub(r"^::(?:footnote|note)[^}]*\}", "", UA, flags=re.MULTILINE)
    ours = CSS(string=rules.replace("\n::marker", "\nli::marker"))

    class Page(HTML):  # type: ignore[misc]
        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return super()._ua_stylesheets(forms) if forms else [ours]

    return Page


@contextmanager
def _rare_collections() -> Iterator[None]:
    """A document is a million objects that live to its end: looking for dead ones every 700 is a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
