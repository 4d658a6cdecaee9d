"""The words of the reports: one table for each closed list of codes, and one catalogue for all that reports say.

    say = translation("id").gettext           # sentences, by their English
    words = words_in("id")                    # codes: words["standing"]("met")

PDF, workbook, desk pack and terminal take their words from here, so that a code reads the same wherever it stands; CSV
and JSON hold the codes themselves. Indonesian stands in ``pantau/reports/locale/id.po``.
"""

from pantau.reports.words.codes import LISTS
from pantau.reports.words.translation import LOCALE, translation
from pantau.reports.words.words import Words, words_in

__all__ = ["LISTS", "LOCALE", "Words", "translation", "words_in"]
