"""What the HTTP side needs of the running exporter. The app provides it; nothing here knows how."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from exporter.metrics.own import OwnMetrics
from exporter.verdicts.picture import Snapshot
from exporter.verdicts.sight import UnseenReason
from pantau.states import State


@dataclass(frozen=True, slots=True)
class CanaryShown:
    """A host that tells whether our own path works."""

    name: str
    up: bool
    isp: str = ""
    """Whose path it proves; empty where it proves our own."""


@dataclass(frozen=True, slots=True)
class UplinkShown:
    """A probed tower, POP or backhaul."""

    name: str
    state: State


@dataclass(frozen=True, slots=True)
class UnseenShown:
    """A hotspot or uplink that we cannot see, though our own path works."""

    name: str
    place: str
    """Its kecamatan and ISP."""
    reason: UnseenReason
    since_seconds: float
    """Unix time."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go to from the page: a dashboard, Prometheus, the documentation."""

    text: str
    url: str
    """Absolute with http or https, or a path on this server; another is not shown."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page at ``/`` shows. Times are Unix seconds."""

    version: str
    vantage: str
    vantage_up: bool
    canaries: tuple[CanaryShown, ...]
    engine: str
    socket: str
    counts: Mapping[State, int]
    """Monitored hotspots by state; a state that is not named has none."""
    now_seconds: float
    started_seconds: float
    timezone: tzinfo
    """In which the page tells times."""
    reload_successful: bool
    """Whether the last load of settings and inventory succeeded."""
    reload_seconds: float
    """When the last load was tried."""
    reload_problems: tuple[str, ...] = ()
    """Its problems, a line each."""
    uplinks: tuple[UplinkShown, ...] = ()
    """The probed ones."""
    unseen: tuple[UnseenShown, ...] = ()
    """The longest unseen first."""
    links: tuple[Link, ...] = ()


class WebState(Protocol):
    """The running exporter, as the server sees it. All is called on the event loop."""

    @property
    def own(self) -> OwnMetrics:
        """The exporter's metrics of itself."""

    def snapshot(self) -> Snapshot:
        """The figures of now; cheap."""

    def ready(self) -> bool:
        """Whether the first full round of probes is complete."""

    async def reload(self) -> list[str]:
        """Load settings and inventory anew; the problems, a line each, that made it keep the old, or none."""

    def overview(self) -> Overview:
        """What the page shows; cheap."""

    def hotspot(self, identifier: str) -> dict[str, object] | None:
        """What is known of one hotspot or probed uplink, ready for JSON; None when there is none of that id."""

    async def discovery(self, job: str) -> bytes | None:
        """The targets of a job in the JSON of Prometheus' HTTP service discovery; None when there is no such job."""
