"""What people read, in their language: catalogues of sentences, and how dates, durations and amounts are written.

The code is written in English; `locale/<language>.po` beside it holds the same sentences for the people who read them.
Dashboards and reports use this; it knows nothing of either.
"""

from pantau.texts.catalogues import LANGUAGES, Translate, catalogue, check, mark
from pantau.texts.formats import Formats

__all__ = ["LANGUAGES", "Formats", "Translate", "catalogue", "check", "mark"]
