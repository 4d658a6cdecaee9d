"""The words: each panel says what it shows, also when it knows nothing, and says it in the reader's language."""

from collections.abc import Iterator

from dashboards.building import sentences
from dashboards.checking.named import Dashboard, named
from dashboards.place import Place
from dashboards.text import known


def problems(dashboard: Dashboard) -> Iterator[str]:
    """What has no words, and what would say that all is well where nothing is known."""
    for name in ("title", "description"):
        if not dashboard[name]:
            yield f"has no {name}"
    for panel in dashboard["panels"]:
        missing = [name for name in ("title", "description") if not panel.get(name)]
        if panel["type"] not in {"row", "text"}:
            defaults = panel["fieldConfig"]["defaults"]
            missing += [name for name in ("unit", "noValue") if not defaults.get(name)]
            if (defaults.get("noValue") or "").startswith("✔"):
                yield f"{named(panel)} says {defaults['noValue']!r} also when nobody could see"
        else:
            missing = [name for name in missing if panel["type"] == "text" or name == "title"]
        yield from (f"{named(panel)} has no {name}" for name in missing)


def untranslated(language: str, place: Place) -> Iterator[str]:
    """The sentences that the catalogue of the language does not have; of English there is none."""
    for sentence in sorted(sentences(place) - known(language)) if language != "en" else ():
        yield f"{sentence!r} is not translated; write it into dashboards/locale/{language}.po"
