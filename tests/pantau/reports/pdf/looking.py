"""Looking into a PDF: its text page by page, where its words stand, what it says about itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pypdfium2

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Page:
    """One page: its size in points, its text with single spaces, and how far ink reaches."""

    width: float
    height: float
    text: str
    left: float
    right: float
    bottom: float
    top: float


class Pdf:
    """A PDF as somebody sees it who opens it."""

    def __init__(self, content: bytes) -> None:
        document = pypdfium2.PdfDocument(content)
        self.metadata = document.get_metadata_dict()
        self.pages = [_page(page) for page in document]
        document.close()

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(page.text for page in self.pages)

    def pages_with(self, words: str) -> list[int]:
        """The numbers, from 0, of the pages on which these words stand."""
        return [number for number, page in enumerate(self.pages) if words in page.text]


def _page(page: pypdfium2.PdfPage) -> Page:
    text = page.get_textpage()
    width, height = page.get_size()
    boxes = list(_boxes(text))
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    # A hyphen at which a line was broken reads as U+FFFE.
    read = text.get_text_range().replace("\ufffe", "-")
    return Page(width, height, re.sub(r"\s+", " ", read).strip(), min(lefts), max(rights), min(bottoms), max(tops))


def _boxes(text: pypdfium2.PdfTextPage) -> Iterator[tuple[float, float, float, float]]:
    """Left, bottom, right, top of each piece of text, save the watermark that lies across the page."""
    for number in range(text.count_rects()):
        box = text.get_rect(number)
        if box[3] - box[1] < 60:
            yield box


def words_of(document: str) -> str:
    """The text of an HTML document, with single spaces."""
    body = document[document.index("<body>") :]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", body))).strip()
