"""Whether what agents say of the known page, and of names, may be believed: the page itself may be what fails.

Agents of the whole city fetch one page. Where it is ill (its server, its certificate, its name, the way to it), each
of them says that clients get nothing, and it is nobody's fault but ours. So a word that is not `ok` waits for two
witnesses:

* the page as it looks from here: asked since, it came, and did not fail about that time either;
* the agents of other ISPs: the greater part of those that have spoken since gets it, each ISP having one vote. Where no
  other ISP has agents, or none of them says anything, nobody contradicts.

The ISP's own suspension page is shown by nobody but that ISP: for `isolir` the first is enough, and where it was
believed before, the page may fail meanwhile. What is neither shown nor contradicted in time tells nothing. No I/O.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import structlog

from exporter.probing.agent.page import KnownPage, PageSeen, PageSource
from exporter.probing.agent.plan import DNS, PORTAL, AgentPlan
from exporter.probing.agent.words import LastWords
from exporter.probing.outcome import Int32
from exporter.probing.service import Result
from pantau.clock import NANOSECONDS

_ASK_NS = 10 * NANOSECONDS
_ASK_AGAIN_NS = NANOSECONDS
"""While words wait for it, the page is asked so often."""
_PATIENCE_NS = 13 * NANOSECONDS
"""From a question to the page until its answer is here, at the latest."""
_SETTLE_NS = 15 * NANOSECONDS
"""What an agent says now it has found up to so long ago: others are asked for what they say after that."""
_ENOUGH_AGENTS = 3
"""Of other ISPs: so many that have spoken since are enough to go by."""
_FAILURES = 2
"""In a row, until the page counts as ill in what is shown: one packet is lost now and then."""
RESULTS: Mapping[str, Mapping[str, Result]] = {
    PORTAL: {
        "ok": Result.YES,
        "redirect": Result.YES,  # a captive portal of the city's own is service
        "isolir": Result.ISOLATED,
        "fail": Result.NO,
    },
    DNS: {"ok": Result.YES, "fail": Result.NO},
}
_GOOD: Mapping[str, bool] = {"ok": True, "fail": False}
"""What a word tells of the page itself; others tell nothing of it."""

log = structlog.get_logger(__name__)


class Word(NamedTuple):
    """What an agent has said of one check."""

    check: str
    hotspot: str
    said: str
    at_ns: int
    """When it came: monotonic."""


class Believed(NamedTuple):
    """What a word is worth."""

    word: Word
    result: Result


class PageDoubts:
    """Holds words until they may be believed, or may not. Times are monotonic nanoseconds."""

    def __init__(self, plan: AgentPlan, source: PageSource) -> None:
        self.unbelieved: Counter[str] = Counter({PORTAL: 0, DNS: 0})
        """Words that told nothing, by check."""
        self._source = source
        self._waiting: list[tuple[Word, int]] = []
        """With the moment at which each is looked at again."""
        self._seen: list[PageSeen] = []
        self._asked_ns: int | None = None
        self._isolated: set[str] = set()
        """Whose last word that was believed was the ISP's suspension page."""
        self._ill = False
        self._adopt(plan)

    @property
    def waiting(self) -> list[Word]:
        """What is neither believed nor not."""
        return [word for word, _ in self._waiting]

    def page_up(self, now_ns: int) -> bool:
        """Whether the page comes, from here and for agents of most ISPs, and so does its name."""
        last = self._seen[-_FAILURES:]
        ill = len(last) == _FAILURES and not any(one.page for one in last)
        return not ill and not any(words.failing(now_ns - self._fresh_ns) for words in self._words.values())

    def ask_due(self, now_ns: int) -> None:
        """Ask the page when it is time, and more often while somebody waits for it; hear what it has answered."""
        kept_ns = now_ns - self._most_ns - self._interval_ns - _PATIENCE_NS
        self._seen = [one for one in [*self._seen, *self._source.take()] if one.asked_ns >= kept_ns]
        page = self._page
        if page is None:
            return
        since_ns = None if self._asked_ns is None else now_ns - self._asked_ns
        urgent = any(word.said != "redirect" and self._seen_for(word) is None for word, _ in self._waiting)
        if since_ns is None or since_ns >= (_ASK_AGAIN_NS if urgent else _ASK_NS):
            self._asked_ns = now_ns
            self._source.ask(page, now_ns)

    def hear(self, word: Word) -> None:
        """An agent has spoken."""
        row = self._row_of[word.hotspot]
        self._words[word.check].note(row, word.at_ns, good=_GOOD.get(word.said))
        self._waiting.append((word, word.at_ns))

    def take(self, now_ns: int) -> list[Believed]:
        """What can be told now of what was said, in the order in which it came."""
        told, waiting = [], []
        for word, due_ns in self._waiting:
            result = self._worth(word, now_ns) if due_ns <= now_ns else None
            if result is None and now_ns < word.at_ns + self._most_ns:
                waiting.append((word, due_ns if due_ns > now_ns else self._again_ns(word, now_ns)))
                continue
            believed = Believed(word, Result.UNKNOWN if result is None else result)
            told.append(believed)
            self._note(believed)
        self._waiting = waiting
        return told

    def reload(self, plan: AgentPlan, source: Int32) -> None:
        """Another plan, in which row i was row ``source[i]``: another page has shown nothing yet."""
        before, page = self._words, self._page
        self._adopt(plan)
        for check, words in self._words.items():
            words.take_over(before[check], source)
        if self._page != page:
            self._seen.clear()
            self._asked_ns = None
        self._waiting = [(word, due_ns) for word, due_ns in self._waiting if word.hotspot in self._row_of]
        self._isolated &= set(self._row_of)

    def tell(self, now_ns: int) -> None:
        """Say in the log that the page has become ill, or well."""
        ill = not self.page_up(now_ns)
        if ill == self._ill:
            return
        self._ill = ill
        url = "" if self._page is None else self._page.asked.url
        if not ill:
            log.info("the page that agents fetch comes again", url=url)
        else:
            seen = self._seen[-1] if self._seen else None
            here = seen is None or seen.page
            reason = "hardly any agent gets it" if here else "it does not come here either"
            log.warning("the page that agents fetch fails: what they say of it is not believed", url=url, reason=reason)

    def _adopt(self, plan: AgentPlan) -> None:
        self._page: KnownPage | None = plan.page
        self._interval_ns = plan.interval_ns
        self._fresh_ns = plan.interval_ns * 3 // 2
        self._settle_ns = min(_SETTLE_NS, plan.interval_ns // 4)
        self._spoken_ns = self._settle_ns + plan.interval_ns
        """So long after a word everybody who speaks at all has spoken."""
        self._most_ns = max(self._spoken_ns, _PATIENCE_NS) + plan.interval_ns // 4
        self._row_of = plan.row_of
        self._alone = len(plan.references.names) < 2
        self._words = {check: LastWords(plan.isps) for check in RESULTS}

    def _worth(self, word: Word, now_ns: int) -> Result | None:
        """What a word is worth; None where it cannot be said yet."""
        result = RESULTS[word.check][word.said]
        if word.said == "ok":
            return result
        seen = self._seen_for(word)
        if seen is False:
            return result if word.said == "isolir" and word.hotspot in self._isolated else Result.UNKNOWN
        if seen is None or word.said != "fail":
            return None if seen is None else result
        others = self._others(word, now_ns)
        return None if others is None else result if others else Result.UNKNOWN

    def _seen_for(self, word: Word) -> bool | None:
        """Whether the page, or its name, was there when this was said, as seen from here; None where it is not known.

        The agent had asked up to an interval before.
        """
        if self._page is None or (word.check == DNS and not self._page.name):
            return True
        answers = [
            (one.asked_ns, one.page if word.check == PORTAL else one.name)
            for one in self._seen
            if one.asked_ns >= word.at_ns - self._interval_ns
        ]
        if not all(good for _, good in answers):
            return False
        return True if any(asked_ns >= word.at_ns for asked_ns, _ in answers) else None

    def _others(self, word: Word, now_ns: int) -> bool | None:
        """Whether agents of other ISPs get what this one lacks; None where too few have spoken since."""
        if self._alone:
            return True
        since = self._words[word.check].others(self._row_of[word.hotspot], word.at_ns + self._settle_ns)
        if since.agents < _ENOUGH_AGENTS and now_ns < word.at_ns + self._spoken_ns:
            return None
        return since.most

    def _again_ns(self, word: Word, now_ns: int) -> int:
        """When a word is looked at again: soon where the page is waited for, else after some others have spoken."""
        if self._seen_for(word) is None:
            return now_ns
        return max(now_ns + self._interval_ns // 12, min(word.at_ns + self._settle_ns, now_ns + self._interval_ns))

    def _note(self, believed: Believed) -> None:
        word, result = believed
        if result is Result.UNKNOWN:
            self.unbelieved[word.check] += 1
        elif word.check == PORTAL:
            (self._isolated.add if result is Result.ISOLATED else self._isolated.discard)(word.hotspot)
