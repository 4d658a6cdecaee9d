"""Whether the dashboards are fit to be shown: everything that can be wrong in them without anybody noticing.

A panel that overlaps another, a link that leads nowhere, a query that never answers, a second shown as a share: Grafana
shows all of them without a word. `check` says them, each as a sentence with the dashboard and the panel. Prometheus is
not asked. One file for each kind: `layout`, `words`, `questions`, `units`, `looks`, `links`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dashboards.building import differing, output_of, rendered
from dashboards.checking import layout, links, looks, questions, units, words
from dashboards.checking.named import Dashboard
from dashboards.contract import ending, offered
from dashboards.place import SETTINGS, Place
from pantau.texts import LANGUAGES

__all__ = ["check", "examine"]


def check(settings: Path = SETTINGS) -> list[str]:
    """All that is wrong in the dashboards of every language and in the JSON beside `settings`; empty if they are fit.

    Recorded series are those of the rules beside `settings`. The JSON may be in any of the languages, and is in one.
    """
    rules, place = settings.parent / "rules", Place.read(settings)
    series, ended, folder = offered(rules=rules), ending(rules), output_of(settings)
    drawn = {language: dict(rendered(language, settings, place)) for language in LANGUAGES}
    found = min((differing(folder, texts) for texts in drawn.values()), key=len)
    for language, texts in drawn.items():
        problems = [*examine([json.loads(text) for text in texts.values()], series, ended)]
        found += [f"{language}: {problem}" for problem in (*problems, *words.untranslated(language, place))]
    return found


def examine(
    drawn: Sequence[Dashboard], series: Mapping[str, frozenset[str]], ended: frozenset[str] = frozenset()
) -> Iterator[str]:
    """What is wrong in these dashboards, given what Prometheus offers, and which series tell their end."""
    variables = {one["uid"]: {variable["name"] for variable in one["templating"]["list"]} for one in drawn}
    for uid, times in Counter(one["uid"] for one in drawn).items():
        if times > 1:
            yield f"{uid}: {times} dashboards have this uid"
    for one in drawn:
        problems = (
            *layout.problems(one),
            *words.problems(one),
            *questions.problems(one, series, ended),
            *units.problems(one),
            *looks.problems(one),
            *links.problems(one, variables),
        )
        yield from (f"{one['uid']}: {problem}" for problem in problems)
