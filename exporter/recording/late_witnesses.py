"""Whether late minutes that say that clients got nothing are believed: the page that agents fetch may have failed.

While nobody could tell us anything we may not have looked at the page either, and what closes our door may close the
way to a page beside it. So the agents of other ISPs witness, by what they say late of the same minute, each ISP having
one vote. Where none of them says anything, it is not known, where the page is one of ours. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from exporter.probing.agent.beats import Beat, Minute
from exporter.recording.late_minutes import state_of
from pantau.clock import NANOSECONDS
from pantau.states import UNSERVED, State

_GREATER_PART = 0.5
_GOOD: Mapping[str, bool] = {"ok": True, "fail": False, "isolir": False}
_Shares = dict[str, list[int]]
"""By ISP: how many minutes told that it was there, and how many told anything."""


class LateWitnesses:
    """All that agents have told late, by check, moment and ISP. `page_is_ours`: agents fetch a page that we name."""

    def __init__(
        self, beats: Iterable[Beat], isp_of: Mapping[str, str], interval_ns: int, *, page_is_ours: bool
    ) -> None:
        self._interval_ns, self._page_is_ours = interval_ns, page_is_ours
        self._told: dict[tuple[str, int], _Shares] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        for beat in beats:
            isp = isp_of.get(beat.hotspot)
            if isp is None:
                continue
            self._note(isp, beat.minute, beat.wall_ns)
            for late in beat.late:
                self._note(isp, late.minute, beat.wall_ns - round(late.age_seconds * NANOSECONDS))

    def judged(self, isp: str, minute: Minute, at_ns: int) -> State | None:
        """What clients of a hotspot of that ISP had, as far as it is believed."""
        state = state_of(minute)
        if state is None or state not in UNSERVED:
            return state
        if minute.portal == "isolir":  # the ISP's own page: believed until others contradict
            return state if self._others("portal", isp, at_ns) is not False else None
        lacking = [check for check, said in (("portal", minute.portal), ("dns", minute.dns)) if said == "fail"]
        return state if any(self._believed(check, isp, at_ns) for check in lacking) else None

    def _believed(self, check: str, isp: str, at_ns: int) -> bool:
        others = self._others(check, isp, at_ns)
        return not self._page_is_ours if others is None else others

    def _others(self, check: str, isp: str, at_ns: int) -> bool | None:
        """Whether the greater part of other ISPs' agents got it about that time; None where none of them says so."""
        told: _Shares = defaultdict(lambda: [0, 0])
        place = at_ns // self._interval_ns
        for near in (place - 1, place, place + 1):
            for other, (good, count) in self._told.get((check, near), {}).items():
                if other != isp:
                    told[other][0] += good
                    told[other][1] += count
        shares = [good / count for good, count in told.values()]
        return sum(shares) / len(shares) >= _GREATER_PART if shares else None

    def _note(self, isp: str, minute: Minute, at_ns: int) -> None:
        for check, said in (("portal", minute.portal), ("dns", minute.dns)):
            good = _GOOD.get(said or "")
            if good is not None:
                told = self._told[check, at_ns // self._interval_ns][isp]
                told[0] += good
                told[1] += 1
