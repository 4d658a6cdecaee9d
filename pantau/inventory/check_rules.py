"""What must hold of `checks`, `vantage.references`, `isolation` and `sd`, each alone and with the inventory. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from pantau.inventory.checks import RESERVED_CHECKS, CheckScope, ServiceQuestion
from pantau.inventory.durations import format_duration
from pantau.inventory.settings import Settings
from pantau.inventory.validation import Checked, FieldProblem
from pantau.inventory.wording import did_you_mean, quote

Place = tuple[str | int, ...]
_NEEDS: Mapping[str, tuple[str, ...]] = {"http": ("url",), "tcp": ("port",), "dns": ("query",)}
_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "http": ("url", "status", "text", "redirect"),
    "tcp": ("host", "port"),
    "dns": ("host", "port", "query", "answer"),
}
_LEAST_SECONDS = 5.0
"""Between two checks of one hotspot: what is asked is somebody's machine."""


def check_checks(settings: Checked[Settings]) -> list[FieldProblem]:
    """Everything about them that makes the settings unusable, without the inventory."""
    value = settings.value
    checks, references = value.checks or (), value.vantage.references or ()
    problems = [
        *_unique(("checks",), "name", [it.name for it in checks]),
        *_unique(("vantage", "references"), "name", [it.name for it in references]),
        *_unique(("sd",), "job", [it.job for it in value.sd or ()]),
    ]
    for index, check in enumerate(checks):
        place: Place = ("checks", index)
        problems += [*_question(settings, place, check), *_times(settings, index)]
        if check.name in RESERVED_CHECKS:
            message = f"{quote(check.name)} is what another kind of probe says; choose another name"
            problems.append(FieldProblem((*place, "name"), message))
    for index, reference in enumerate(references):
        problems += _question(settings, ("vantage", "references", index), reference, lonely=True)
    for index, isolation in enumerate(value.isolation or ()):
        if not (isolation.url or isolation.text or isolation.answer):
            message = "says nothing of the page; give url, text or answer"
            problems.append(FieldProblem(("isolation", index), message))
    return problems


def check_scopes(settings: Checked[Settings], isps: Collection[str], hotspots: Collection[str]) -> list[FieldProblem]:
    """Each ISP and hotspot that they name is one of the inventory."""
    value = settings.value
    named: list[tuple[Place, str | None]] = [
        *((("isolation", index, "isp"), it.isp) for index, it in enumerate(value.isolation or ())),
        *((("vantage", "references", index, "isp"), it.isp) for index, it in enumerate(value.vantage.references or ())),
    ]
    scopes = [(("checks", index, "for"), it.scope) for index, it in enumerate(value.checks or ())]
    scopes += [(("sd", index, "for"), it.scope) for index, it in enumerate(value.sd or ())]
    named += [one for place, scope in scopes for one in _named(place, "isps", scope)]
    problems = list(_unknown(named, isps, "ISP"))
    return problems + list(
        _unknown([one for place, scope in scopes for one in _named(place, "hotspots", scope)], hotspots, "hotspot")
    )


def _question(
    settings: Checked[Settings], place: Place, question: ServiceQuestion, *, lonely: bool = False
) -> Iterator[FieldProblem]:
    """What its kind needs, and nothing of another kind; a `lonely` one is of no hotspot."""
    kind = question.kind
    if kind not in _NEEDS:
        return
    for key in _NEEDS[kind]:
        if getattr(question, key) is None and settings.usable(".".join(map(str, (*place, key)))):
            yield FieldProblem((*place, key), f"is missing; a check of kind {kind} needs it")
    others = {key for keys in _OF_KIND.values() for key in keys} - set(_OF_KIND[kind])
    for key in sorted(others & question.model_fields_set):
        if getattr(question, key):
            yield FieldProblem((*place, key), f"means nothing to a check of kind {kind}; delete it")
    if not lonely:
        return
    if kind != "http" and question.host is None:
        yield FieldProblem((*place, "host"), "is missing; a reference is no hotspot, and needs it")
    for key in ("url", "host"):
        if "{" in (getattr(question, key) or ""):
            yield FieldProblem(
                (*place, key), "names a hotspot's address or id; a reference is no hotspot, write its own"
            )


def _times(settings: Checked[Settings], index: int) -> Iterator[FieldProblem]:
    check, place = settings.value.checks[index], ("checks", index)
    if not settings.usable(*(f"checks.{index}.{key}" for key in ("interval", "timeout", "grace"))):
        return
    interval, timeout = check.interval_seconds, check.timeout_seconds
    if interval < _LEAST_SECONDS:
        yield FieldProblem((*place, "interval"), f"is less than {format_duration(_LEAST_SECONDS)}; lengthen it")
    if timeout >= interval:
        message = f"{format_duration(timeout)} is not less than the interval, {format_duration(interval)}; shorten it"
        yield FieldProblem((*place, "timeout"), message)
    if check.grace_seconds is not None and check.grace_seconds <= interval + timeout:
        message = f"must be more than interval and timeout, {format_duration(interval + timeout)}; lengthen it"
        yield FieldProblem((*place, "grace"), message)


def _unique(place: Place, key: str, names: Sequence[str | None]) -> Iterator[FieldProblem]:
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if name and first.setdefault(name, index) != index:
            where = ".".join(map(str, (*place, first[name])))
            yield FieldProblem((*place, index, key), f"{quote(name)} is the {key} of {where} too; choose another")


def _named(place: Place, key: str, scope: CheckScope | None) -> Iterator[tuple[Place, str]]:
    if scope is not None:
        yield from (((*place, key), name) for name in getattr(scope, key) or ())


def _unknown(named: Sequence[tuple[Place, str | None]], known: Collection[str], word: str) -> Iterator[FieldProblem]:
    cure: Callable[[str], str] = lambda name: did_you_mean(name, sorted(known))  # noqa: E731 - one line, used once
    for place, name in named:
        if name and name not in known:
            yield FieldProblem(place, f"{quote(name)} is not a known {word}; {cure(name)}")
