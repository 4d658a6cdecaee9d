"""Which exclusions speak of which point: the inventory's papers by their scope, and what people put in the journal."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from exporter.inventory import Contract, Inventory
from exporter.inventory.carrying import above, upstreams
from reports.accounting import Exclusion, Span


class Papers:
    """All that may exclude downtime in one span."""

    def __init__(
        self, inventory: Inventory, entered: Iterable[tuple[str, Exclusion]], span: Span, zone: ZoneInfo
    ) -> None:
        self._upstream_of = upstreams(inventory)
        self._by_point: defaultdict[str, list[Exclusion]] = defaultdict(list)
        for point, exclusion in entered:
            self._by_point[point].append(exclusion)
        self._by_target: defaultdict[tuple[str, str], list[Exclusion]] = defaultdict(list)
        for paper in inventory.exclusions:
            reach = local_second(paper.start, zone), local_second(paper.end, zone)
            if reach[0] < span[1] and span[0] < reach[1]:
                self._by_target[paper.scope, paper.target].append(
                    Exclusion(paper.id, reach, paper.cause, paper.document or "", paper.accepted_by or "")
                )

    def of(self, point: str, contract: Contract) -> list[Exclusion]:
        """What speaks of a point while this contract pays for it: the contract says whose ISP and kecamatan it was."""
        carriers = [point, *above(point, self._upstream_of)]
        targets = [("hotspot", point), ("isp", contract.isp), ("kecamatan", contract.kecamatan)]
        targets += [("uplink", carrier) for carrier in carriers]
        return [*self._by_point[point], *(one for target in targets for one in self._by_target.get(target, ()))]


def local_second(time: datetime, zone: ZoneInfo) -> int:
    """The Unix second of a time on the clocks of `zone`."""
    return int(time.replace(tzinfo=zone).timestamp())
