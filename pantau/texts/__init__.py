"""What people read, in their language: catalogues of sentences, and how dates, durations and amounts are written.

The code is written in English; `locale/<language>.po` beside it holds the same sentences for the people who read them.
A sentence is marked as ``_("...")``: `mark` where it stands far from its reader, else the catalogue's own `gettext`.
The states, the page, alerts, dashboards and reports use this; it knows nothing of them.
"""

from typing import TYPE_CHECKING, Any

from pantau.texts.catalogues import LANGUAGES, SOURCE, Translate, catalogue, check, mark

if TYPE_CHECKING:
    from pantau.texts.formats import Formats

__all__ = ["LANGUAGES", "SOURCE", "Formats", "Translate", "catalogue", "check", "mark"]


def __getattr__(name: str) -> Any:
    """`Formats` when it is asked for: the tables of CLDR and num2words are 8 MB that the exporter never needs."""
    if name == "Formats":
        from pantau.texts.formats import Formats

        return Formats
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
