"""What the probers of checks work from: who is asked what, and the references; from the settings ``checks``."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from exporter.planning.checks import CheckPolicy, PlannedCheck
from exporter.planning.plan import KindPlan, References, Role, Watched
from exporter.probing.checking.questions import Asked, SuspensionPage
from exporter.scheduling.slots import Slots
from pantau.clock import NANOSECONDS
from pantau.inventory import Configuration, Hotspot, Uplink
from pantau.inventory.checks import Check, CheckKind, ServiceQuestion
from pantau.inventory.scopes import in_scope, placed

_TOLD_NS = 2 * NANOSECONDS
"""From the end of a check until the judge has been told of it, at the latest."""
_REFERENCE_NS = 10 * NANOSECONDS
"""Between two questions to one reference: two unanswered ones are told before a third of a check's results in a row."""
_IDLE_NS = 60 * NANOSECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlan(KindPlan):
    """All checks of one kind. Times in nanoseconds."""

    ids: tuple[str, ...]
    """Of each row: by what it is known, and what its slot hangs on."""
    addresses: tuple[str | None, ...]
    """Of each row."""
    intervals_ns: tuple[int, ...]
    """Of each check."""
    asked: tuple[tuple[Asked | None, ...], ...]
    """Of each check and row; None where it is not made."""
    reference_asked: tuple[Asked, ...]
    """Of each of the `references`."""
    reference_interval_ns: int = _REFERENCE_NS
    slots: tuple[Slots, ...] = field(init=False, compare=False, repr=False)
    """Of each check: those of the targets for which it is made."""

    def __post_init__(self) -> None:
        """What follows from the rest, and takes long for a large city: plans are made in a thread."""
        checks = zip(self.checks, self.intervals_ns, strict=True)
        object.__setattr__(self, "slots", tuple(self._slots(check, interval_ns) for check, interval_ns in checks))

    def proves_like(self, other: KindPlan) -> bool:
        """References that ask something else have seen nothing yet, whatever their names."""
        same = isinstance(other, CheckPlan) and self.reference_asked == other.reference_asked
        return same and self.references == other.references

    def _slots(self, check: PlannedCheck, interval_ns: int) -> Slots:
        rows = np.flatnonzero(np.array(check.watched, np.bool_)).astype(np.int32)
        return Slots.of([f"{check.name}/{self.ids[row]}" for row in rows.tolist()], interval_ns, rows)


def plan_checks(kind: CheckKind, configuration: Configuration, watched: Watched) -> CheckPlan:
    """The checks of one kind of a configuration that is valid as a whole; there may be none."""
    settings = configuration.settings
    checks = [check for check in settings.checks if check.kind == kind]
    references = [it for it in settings.vantage.references if it.kind == kind] if checks else []
    pages = _pages(configuration)
    asked = tuple(tuple(_of_row(check, it, pages) for it in watched) for check in checks)
    return CheckPlan(
        kind=kind,
        role=Role.SERVICE,
        interval_ns=min((_ns(check.interval_seconds) for check in checks), default=_IDLE_NS),
        watched=(False,) * len(watched),
        references=References(tuple(it.name for it in references), tuple(it.isp or "" for it in references)),
        checks=tuple(_planned(check, row) for check, row in zip(checks, asked, strict=True)),
        ids=tuple(it.id for it in watched),
        addresses=tuple(it.address for it in watched),
        intervals_ns=tuple(_ns(check.interval_seconds) for check in checks),
        asked=asked,
        reference_asked=tuple(_asked(it, it.url or "", it.host or "") for it in references),
    )


def _of_row(check: Check, it: Hotspot | Uplink, pages: dict[str, tuple[SuspensionPage, ...]]) -> Asked | None:
    """None where it is out of the check's scope, or has not the address that is asked for."""
    if not isinstance(it, Hotspot) or not in_scope(check.scope, it):
        return None
    url = placed(check.url or "", it)
    host = placed("" if check.kind == "http" else check.host or "{address}", it)
    if url is None or host is None:
        return None
    return _asked(check, url, host.strip("[]"), pages.get(it.isp, ()))


def _asked(question: ServiceQuestion, url: str, host: str, pages: Sequence[SuspensionPage] = ()) -> Asked:
    slow = question.slow_seconds if isinstance(question, Check) else None
    return Asked(
        url=url,
        host=host,
        port=question.port or 0,
        query=question.query or "",
        record=question.record,
        status=question.status,
        text=question.text,
        redirect=question.redirect,
        answer=question.answer,
        verify=question.verify,
        timeout_ns=_ns(question.timeout_seconds),
        slow_ns=None if slow is None else _ns(slow),
        pages=tuple(pages),
    )


def _planned(check: Check, asked: Sequence[Asked | None]) -> PlannedCheck:
    policy = CheckPolicy(
        confirm=check.confirm,
        recover_after=check.recover_after,
        grace_ns=_ns(check.lasts_seconds),
        told_within_ns=_ns(check.timeout_seconds) + _TOLD_NS,
    )
    return PlannedCheck(
        check.name,
        tuple(one is not None for one in asked),
        client_path=check.proves == "client_path",
        policy=policy,
    )


def _pages(configuration: Configuration) -> dict[str, tuple[SuspensionPage, ...]]:
    pages: dict[str, tuple[SuspensionPage, ...]] = {}
    for it in configuration.settings.isolation:
        pages[it.isp] = (*pages.get(it.isp, ()), SuspensionPage(it.url, it.text, it.answer))
    return pages


def _ns(seconds: float) -> int:
    return round(seconds * NANOSECONDS)
