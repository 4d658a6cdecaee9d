"""Whether late minutes that say that clients got nothing are believed: the page that agents fetch may have failed.

While nobody could tell us anything we may not have looked at the page either, and what closes our door may close the
way to a page beside it. So the agents of other ISPs witness, by what they say late of the same minute, each ISP having
one vote. Where none of them says anything, it is not known, where the page is one of ours. What they said is kept as
long as an agent may tell of that time: some have a line again hours after the others.
"""

from collections.abc import Iterable, Mapping

from exporter.probing.agent.beats import Beat, Minute
from exporter.recording.late_minutes import state_of
from pantau.clock import NANOSECONDS
from pantau.states import UNSERVED, State

_GREATER_PART = 0.5
_GOOD: Mapping[str, bool] = {"ok": True, "fail": False, "isolir": False}
_Shares = Mapping[str, tuple[int, int]]
"""By ISP: how many minutes told that it was there, and how many told anything. Never changed, but replaced."""


class LateWitnesses:
    """What agents have told late of a page (None: of one that is not ours), by check, moment and ISP."""

    def __init__(self, interval_ns: int, page: str | None) -> None:
        self.interval_ns, self.page = interval_ns, page
        self._told: dict[tuple[str, int], _Shares] = {}

    def note(self, beats: Iterable[Beat], isp_of: Mapping[str, str]) -> None:
        """Take in what these heartbeats tell: each is to be given once."""
        for beat in beats:
            isp = isp_of.get(beat.hotspot)
            if isp is None:
                continue
            self._note(isp, beat.minute, beat.wall_ns)
            for late in beat.late:
                self._note(isp, late.minute, beat.wall_ns - round(late.age_seconds * NANOSECONDS))

    def forget(self, before_ns: int) -> None:
        """Drop what was told of time before this."""
        for key in [key for key in self._told if (key[1] + 1) * self.interval_ns <= before_ns]:
            del self._told[key]

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
        return self.page is None if others is None else others

    def _others(self, check: str, isp: str, at_ns: int) -> bool | None:
        """Whether the greater part of other ISPs' agents got it about that time; None where none of them says so."""
        told: dict[str, tuple[int, int]] = {}
        place = at_ns // self.interval_ns
        for near in (place - 1, place, place + 1):
            for other, (good, count) in self._told.get((check, near), {}).items():
                if other != isp:
                    told[other] = _sum(told.get(other, (0, 0)), (good, count))
        shares = [good / count for good, count in told.values()]
        return sum(shares) / len(shares) >= _GREATER_PART if shares else None

    def _note(self, isp: str, minute: Minute, at_ns: int) -> None:
        for check, said in (("portal", minute.portal), ("dns", minute.dns)):
            good = _GOOD.get(said or "")
            if good is not None:
                key = check, at_ns // self.interval_ns
                told = self._told.get(key, {})
                self._told[key] = {**told, isp: _sum(told.get(isp, (0, 0)), (int(good), 1))}


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]
