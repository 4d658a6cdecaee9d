"""What is measured of a subject: its state and since when, how much of what is around it is down, and our own sight."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pantau.alerting.explaining.prometheus import Prometheus
from pantau.alerting.explaining.subject import Kind, Subject
from pantau.states import State

_MEMBERS = {
    "isp": 'hotspot_state{{isp="{id}"}}',
    "kecamatan": 'hotspot_state{{kecamatan="{id}"}}',
    "uplink": '(hotspot_state and on (hotspot) hotspot_uplink_info{{uplink="{id}"}})',
}


@dataclass(frozen=True, slots=True)
class DownCount:
    """How many hotspots of an ISP, a kecamatan or behind an uplink are down; those in maintenance are not."""

    kind: str
    id: str
    down: int
    all: int


@dataclass(frozen=True, slots=True)
class SubjectWindow:
    """A maintenance window that concerns the subject, open or past."""

    id: str
    scope: str
    target: str
    open: bool
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it, at one moment."""

    scraped: bool
    """Whether the exporter answers Prometheus."""
    sees: bool | None
    """Whether our own path works; nothing if nobody says."""
    canaries: tuple[int, int]
    """How many answer, of how many."""
    peerings_cut: tuple[str, ...]
    """ISPs of the subject to which our path is cut."""
    state: State | None
    """Of a hotspot or a probed uplink."""
    since: datetime | None
    shares: tuple[DownCount, ...]
    windows: tuple[SubjectWindow, ...]

    @property
    def window(self) -> SubjectWindow | None:
        """The one that is open."""
        return next((window for window in self.windows if window.open), None)


async def gather(prometheus: Prometheus, subject: Subject) -> Facts:
    """Ask for all of it."""
    scraped = await prometheus.query('max(up{job="pantau"})')
    sees = await prometheus.query("max(pantau_vantage_up)")
    canaries = await prometheus.query('pantau_canary_up{isp=""}')
    peerings = await prometheus.query("pantau_peering_up == 0")
    state, since = await _state(prometheus, subject)
    return Facts(
        scraped=bool(scraped) and scraped[0].value == 1,
        sees=sees[0].value == 1 if sees else None,
        canaries=(sum(one.value == 1 for one in canaries), len(canaries)),
        peerings_cut=tuple(sorted({one.labels["isp"] for one in peerings if subject.compatible_with(one.labels)})),
        state=state,
        since=since,
        shares=tuple([share async for share in _shares(prometheus, subject)]),
        windows=tuple([window async for window in _windows(prometheus, subject)]),
    )


async def _state(prometheus: Prometheus, subject: Subject) -> tuple[State | None, datetime | None]:
    if subject.kind not in {"hotspot", "uplink"}:
        return None, None
    selector = f'{{{subject.kind}="{subject.id}"}}'
    state = await prometheus.query(f"{subject.kind}_state{selector}")
    since = await prometheus.query(f"{subject.kind}_state_since_timestamp_seconds{selector}")
    known = State(int(state[0].value)) if state else None
    return known, datetime.fromtimestamp(since[0].value, UTC) if since else None


async def _shares(prometheus: Prometheus, subject: Subject) -> AsyncIterator[DownCount]:
    kinds: tuple[Kind, ...] = ("uplink", "isp", "kecamatan")
    for kind in kinds:
        for id_ in sorted(subject.labels.get(kind, ())):
            members = _MEMBERS[kind].format(id=id_)
            down = await prometheus.query(f"count({members} == {State.DOWN})")
            every = await prometheus.query(f"count({members})")
            if every:
                yield DownCount(kind, id_, int(down[0].value) if down else 0, int(every[0].value))


async def _windows(prometheus: Prometheus, subject: Subject) -> AsyncIterator[SubjectWindow]:
    """Those whose target the subject is, or lies in."""
    ends = {
        one.labels["window"]: one.value for one in await prometheus.query("pantau_maintenance_end_timestamp_seconds")
    }
    for one in await prometheus.query("pantau_maintenance_active"):
        labels = one.labels
        if labels["target"] in subject.labels.get(labels["scope"], ()):
            end = ends.get(labels["window"])
            moment = None if end is None else datetime.fromtimestamp(end, UTC)
            yield SubjectWindow(labels["window"], labels["scope"], labels["target"], one.value == 1, moment)
