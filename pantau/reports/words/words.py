"""The closed lists in one language."""

from collections.abc import Callable
from dataclasses import dataclass

from pantau.levels import LevelWords
from pantau.reports.statement.late import is_taken_back, record_in
from pantau.reports.statement.rows import EventRow
from pantau.reports.words.codes import LISTS
from pantau.reports.words.facts import ENDS, FACTS, PATTERNS
from pantau.reports.words.translation import translation
from pantau.texts import Translate, mark


@dataclass(frozen=True, slots=True)
class Words:
    """The lists in one language."""

    say: Translate

    def __getitem__(self, name: str) -> Callable[[str], str]:
        """A list by its name, as in ``words['standing'](code)``.

        A code that the list lacks is returned as it is: exclusions have ids of their own beside the one that is listed,
        and an inventory may name a cause that this version does not know.
        """
        known = LISTS[name]
        return lambda code: self.say(known[code]) if code in known else code

    def decided(self, kind: str, code: str) -> str:
        """What a decision of this kind of item decides."""
        if kind in ("window", "inventory"):
            if is_taken_back(code):
                return self.say(mark("counts no more (%(record)s)")) % {"record": record_in(code)}
            return self.say(mark("counts as it stands (%(record)s)")) % {"record": code}
        if not code:
            return self.say(mark("not excluded")) if kind == "exclusion" else self.say(mark("taken back"))
        return self["witness" if kind == "witness" else "cause"](code)

    def told_by(self, ways: str) -> str:
        """Who said whether a device restarted."""
        custody = self["custody"]
        return ", ".join("SNMP" if way == "snmp" else custody(way) for way in ways.split(", ") if way)

    def answer(self, value: bool) -> str:
        """Yes or no."""
        return self.say(mark("yes")) if value else self.say(mark("no"))

    def facts(self, event: EventRow) -> str:
        """What a proposed cause rests on."""
        if event.pattern not in PATTERNS:
            return self.say(event.facts) if event.facts in FACTS else event.facts
        pattern = self.say(PATTERNS[event.pattern])
        ends = [self.say(end) for end in ENDS if event.facts.endswith(end)]
        return ", ".join([pattern, *ends])


def words_in(language: str, levels: LevelWords = LevelWords()) -> Words:  # noqa: B008 - it is frozen
    """The lists in one of `pantau.texts.LANGUAGES`, in a city's words; raises `ValueError` for another language."""
    said = translation(language).gettext
    return Words(lambda message: levels.within(said(message)))
