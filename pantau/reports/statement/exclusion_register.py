"""Which exclusions of the inventory concern which point, by their scope."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from pantau.inventory import Contract, Inventory, MaintenanceWindow
from pantau.inventory.carrying import above, upstreams
from pantau.reports.accounting import ExclusionClaim, Span, Spans
from pantau.reports.accounting.spans import NO_TIME

UNLISTED = "unlisted-window"
"""The id of maintenance that the inventory does not, or no longer, explain."""
_NS = 1_000_000_000


class ExclusionRegister:
    """All that may exclude downtime in one span."""

    def __init__(self, inventory: Inventory, span: Span, zone: ZoneInfo) -> None:
        self._upstream_of = upstreams(inventory)
        self._windows: defaultdict[tuple[str, str], list[ExclusionClaim]] = defaultdict(list)
        for window in inventory.maintenance:
            self._windows[window.scope, window.target] += _occurrences(window, span, zone)
        self._by_target: defaultdict[tuple[str, str], list[ExclusionClaim]] = defaultdict(list)
        for record in inventory.exclusions:
            reach = local_second(record.start, zone), local_second(record.end, zone)
            if reach[0] < span[1] and span[0] < reach[1]:
                self._by_target[record.scope, record.target].append(
                    ExclusionClaim(record.id, reach, record.cause, record.document or "", record.accepted_by or "")
                )

    def of(self, point: str, contract: Contract, in_maintenance: Spans = NO_TIME) -> list[ExclusionClaim]:
        """The claims that concern a point while this contract pays for it: the contract names its ISP and kecamatan.

        Of `in_maintenance`, time that was noted as maintenance, what no window of the inventory explains is listed too,
        as not accepted: a window that the inventory no longer has excludes nothing, and must not disappear.
        """
        targets = [("hotspot", point), ("isp", contract.isp), ("kecamatan", contract.kecamatan)]
        targets += [("uplink", carrier) for carrier in self._carriers(point)]
        events = [one for target in targets for one in self._by_target.get(target, ())]
        windows = self.windows_of(point, contract.isp, contract.kecamatan)
        gone = in_maintenance - Spans.of(window.span for window in windows)
        unlisted = [ExclusionClaim(UNLISTED, span, "pemeliharaan") for span in gone]
        return [*events, *windows, *unlisted]

    def windows_of(self, point: str, isp: str, kecamatan: str) -> list[ExclusionClaim]:
        """The maintenance windows of a point; one of a hotspot or an uplink takes along all that it carries."""
        targets = [("isp", isp), ("kecamatan", kecamatan)]
        targets += [(scope, carrier) for scope in ("hotspot", "uplink") for carrier in self._carriers(point)]
        return [one for target in targets for one in self._windows.get(target, ())]

    def _carriers(self, point: str) -> list[str]:
        return [point, *above(point, self._upstream_of)]


def _occurrences(window: MaintenanceWindow, span: Span, zone: ZoneInfo) -> Iterator[ExclusionClaim]:
    """A window's openings within `span`."""
    calendar, at = window.calendar(zone), span[0]
    filed = local_second(window.filed_at, zone)
    while (opening := calendar.occurrence(at * _NS)) is not None and opening.start_ns < span[1] * _NS:
        reach = opening.start_ns // _NS, opening.end_ns // _NS
        yield ExclusionClaim(window.id, reach, "pemeliharaan", window.reason, window.approved_by, filed)
        at = reach[1]


def local_second(time: datetime, zone: ZoneInfo) -> int:
    """The Unix second of a time on the clocks of `zone`."""
    return int(time.replace(tzinfo=zone).timestamp())
