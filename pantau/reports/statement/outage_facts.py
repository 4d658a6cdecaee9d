"""What proposals and decisions go by of what was observed: where points stand, when they were watched, what failed."""

from collections.abc import Iterable, Iterator, Sequence

from pantau.inventory import Hotspot, Inventory
from pantau.inventory.carrying import above, upstreams
from pantau.journal.entries import REMOVED
from pantau.reports.accounting import ONLINE, Condition, Span, Spans, Stretch, WholeOutage
from pantau.reports.accounting.spans import NO_TIME
from pantau.reports.causes import OutageFact, Site
from pantau.reports.causes.facts import MARGIN_SECONDS
from pantau.reports.statement.admitting import AGENT
from pantau.reports.statement.evidence import DeviceUptime, MonitorFault
from pantau.states import State

_LISTED_SECONDS = 300
"""Shorter outages get no cause: they are never charged by default, and there are many."""
_ASKED_SECONDS = 3600
"""What a device tells later is of another outage."""
_NOT_WATCHED = (REMOVED, State.INACTIVE.label)
_CANARIES = "vantage"
"""What the journal calls a fault that the canaries have shown."""


def sites_of(inventory: Inventory) -> dict[str, Site]:
    """Where the points stand, and what carries them."""
    upstream_of, uplinks = upstreams(inventory), inventory.uplink_by_id
    return {
        hotspot.id: _site(hotspot, tuple(name for name in above(hotspot.id, upstream_of) if name in uplinks))
        for hotspot in inventory.hotspots
        if hotspot.status != "planned"
    }


def facts_of(
    stretches: Sequence[Stretch],
    outages: Sequence[WholeOutage],
    uptimes: Sequence[DeviceUptime] = (),
    custody: str = "",
) -> Iterator[OutageFact]:
    """The outages of a point that get a cause; `outages` are of these stretches, `uptimes` of its device.

    `custody` is whose the device is that an agent runs on.
    """
    isolated = {stretch.start for stretch in stretches if stretch.condition is Condition.ISOLATED}
    for outage in outages:
        if outage.seconds > _LISTED_SECONDS:
            end = outage.end if outage.ended else None
            uptime, ways = (None, "") if end is None else _uptime_at((outage.start, end), uptimes, custody)
            at_once = outage.start in isolated
            mains = _mains_at((outage.start, outage.end), uptimes)
            yield OutageFact(outage.key, outage.point, outage.start, end, at_once, uptime, ways, mains)


def _uptime_at(span: Span, uptimes: Sequence[DeviceUptime], custody: str) -> tuple[int | None, str]:
    """How long the device had been running at the outage's end, as it said within the hour after it, and who said so.

    None where nobody asked, where it was not clear, where it has started anew since, and where two disagree whether it
    restarted: an ISP's own device and a measurement, say.
    """
    start, end = span
    told = [one for one in uptimes if end <= one.at < end + _ASKED_SECONDS]
    clear = [(one.uptime - (one.at - end), one.evidence) for one in told if one.uptime is not None]
    if not clear or min(clear)[0] < 0:
        return None, ""
    restarted = {running < end - start + MARGIN_SECONDS for running, _ in clear}
    if len(restarted) > 1:
        return None, ""
    return clear[0][0], ", ".join(dict.fromkeys(custody if way == AGENT else way for _, way in clear))


def _mains_at(span: Span, uptimes: Sequence[DeviceUptime]) -> int | None:
    """When the mains failed, as a sensor said once the outage was over."""
    told = [one.mains_failed for one in uptimes if span[1] <= one.at < span[1] + _ASKED_SECONDS]
    return next((at for at in told if at is not None), None)


def watched(stretches: Sequence[Stretch]) -> Spans:
    """When a point was watched, whether it was seen or not: neither before it was added, nor after it was retired."""
    if not stretches:
        return NO_TIME
    whole = min(one.start for one in stretches), max(one.end for one in stretches)
    apart = [(one.start, one.end) for one in stretches if not one.entries or one.reason in _NOT_WATCHED]
    return Spans.of([whole]) - Spans.of(apart)


def blind(faults: Sequence[MonitorFault], span: Span) -> Spans:
    """When our canaries were silent."""
    ours = [fault for fault in faults if fault.what == _CANARIES]
    return Spans.of((fault.start, span[1] if fault.end is None else fault.end) for fault in ours)


def extent(stretches: Iterable[Stretch], outage: WholeOutage, number: int) -> Span:
    """The part of an outage that is one outage of the journal: down, answered in between, and unseen, around one entry.

    Terms may join several of them into one, where what lies between counts as an outage too.
    """
    within: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda one: one.start):
        if stretch.condition not in ONLINE or stretch.within or stretch.amended:
            within.append(stretch)
        elif any(number in one.entries for one in within):
            break
        else:
            within = []
    down = [one for one in within if one.condition not in (*ONLINE, Condition.UNSEEN) and one.start < outage.end]
    if not any(number in one.entries for one in down):
        return outage.start, outage.end
    return max(down[0].start, outage.start), min(down[-1].end, outage.end)


def _site(hotspot: Hotspot, uplinks: tuple[str, ...]) -> Site:
    ward = f"{hotspot.kecamatan}/{hotspot.kelurahan}" if hotspot.kelurahan else ""
    radio = (hotspot.access or "").startswith(("radio", "starlink", "vsat", "seluler"))
    return Site(hotspot.id, hotspot.isp, ward, radio, uplinks)
