"""A small city that is told what it is to look like: its exposition, with every state of the table of states at once.

Not the simulator's: here a test says what each point is at each moment, also what no exporter could be brought to in a
few minutes. The metrics are those of the catalogue, with all their labels.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pantau.states import State

BLOCKS = (
    # kecamatan, isp, points, uplink
    ("lembeh-utara", "infotek", 5, "lembeh-radio"),
    ("lembeh-selatan", "infotek", 3, "lembeh-radio"),
    ("aertembaga", "infotek", 6, ""),
    ("aertembaga", "jinom", 3, ""),
    ("maesa", "telkom", 6, ""),
    ("girian", "telkom", 6, "girian-pop"),
    ("madidir", "icon", 6, ""),
    ("matuari", "indosat", 6, ""),
    ("ranowulu", "pc24", 2, ""),
)
CATEGORIES = {
    "BTG-girian-telkom-0": "pustu_posyandu",
    "BTG-girian-telkom-1": "puskesmas",
    "BTG-madidir-icon-5": "sekolah_dasar",
    "BTG-maesa-telkom-2": "sekolah_menengah",
}
"""Clinics and schools; all else is a park."""
SLOW_LOSS, SLOW_RTT = 0.07, 0.4
"""Of what is degraded."""
MAST = ("lembeh-radio", "Jalur radio Lembeh", "aertembaga", "infotek")
"""The uplink's id and name, and where it stands and whose it is: not where its points are."""


@dataclass(frozen=True)
class Point:
    """A hotspot, by its labels."""

    id: str
    kecamatan: str
    isp: str
    uplink: str
    located: bool
    kelurahan: str

    @property
    def labels(self) -> str:
        """As every metric of a hotspot has them."""
        return f'hotspot="{self.id}",kecamatan="{self.kecamatan}",isp="{self.isp}"'

    @property
    def contract(self) -> str:
        """Its contract: one for each ISP in each kecamatan."""
        return f"{self.kecamatan}-{self.isp}"


POINTS = tuple(
    Point(
        id=f"BTG-{kecamatan}-{isp}-{number}",
        kecamatan=kecamatan,
        isp=isp,
        uplink=uplink,
        located=(kecamatan, number) != ("maesa", 0),
        kelurahan=f"{kecamatan} {number % 3}",
    )
    for kecamatan, isp, count, uplink in BLOCKS
    for number in range(count)
)


WINDOW = 'window="serat-baru",scope="kecamatan",target="ranowulu"'
CLIENTS = {"BTG-aertembaga-jinom-0": 5, "BTG-aertembaga-jinom-1": 7, "BTG-aertembaga-jinom-2": 0}
"""Points with an agent, and how many it counts there."""
FULL, FULL_BYTES, SENT_BYTES = "BTG-aertembaga-jinom-1", 250_000, 2_000
"""What goes through one of them each second, which is all that was ordered; the others receive and send as little."""


@dataclass(frozen=True)
class Silenced:
    """An alert that somebody has silenced, by its labels; with a comment it is acknowledged."""

    labels: Mapping[str, str]
    author: str
    comment: str
    ticket: str


@dataclass
class Moment:
    """What the exporter says at a time: the state of each point and since when, and what is wrong with ourselves."""

    at: float
    states: Mapping[str, tuple[State, float]]
    """By hotspot; one that is not named is up."""
    started: float
    vantage_up: bool = True
    down_since: Mapping[str, float] = field(default_factory=dict)
    """Of the points that are offline, or were when they became unknown."""
    unseen_since: Mapping[str, float] = field(default_factory=dict)
    unserved_since: Mapping[str, float] = field(default_factory=dict)
    """Of the points that answer, and whose clients get nothing, or the ISP's suspension page."""
    alertmanager_up: bool = True
    silenced: tuple[Silenced, ...] = ()
    window_open: bool = False
    """Whether a maintenance window is."""
    reloaded: float = 0.0
    """When the configuration was last loaded."""
    version: str = "1"
    old_page: float | None = None
    """Since when a page fires that is about ourselves."""


class BadCity:
    """Counts the seconds in each state from moment to moment, as the exporter does."""

    def __init__(self, begin: float) -> None:
        self._last = begin
        self._begin = begin
        self._seconds: dict[tuple[Point, State], float] = {(point, state): 0.0 for point in POINTS for state in State}

    def exposition(self, moment: Moment) -> bytes:
        """The text of one scrape."""
        now = {point: moment.states.get(point.id, (State.UP, self._begin)) for point in POINTS}
        for point, (state, _since) in now.items():
            self._seconds[point, state] += moment.at - self._last
        self._last = moment.at
        lines = [*self._own(moment), *self._inventory(), *self._counts(now)]
        for point, (state, since) in now.items():
            lines += self._of_point(point, state, since, moment)
        return "\n".join(lines).encode()

    @staticmethod
    def _own(moment: Moment) -> Iterator[str]:
        yield f"up 1\nscrape_duration_seconds 0.01\npantau_vantage_up {int(moment.vantage_up)}"
        yield f"process_start_time_seconds {moment.started}"
        yield f"pantau_alertmanager_up {int(moment.alertmanager_up)}"
        for one in moment.silenced:
            said = {**one.labels, "author": one.author, "comment": one.comment, "ticket": one.ticket}
            labels = ",".join(f'{name}="{value}"' for name, value in said.items())
            yield f"pantau_alert_silenced_since_timestamp_seconds{{{labels}}} {moment.at}"
        if moment.old_page is not None:
            page = 'alertname="InventoryEmptyOrShrunk",severity="page",scope="pantau"'
            yield f'ALERTS{{{page},alertstate="firing"}} 1\nALERTS_FOR_STATE{{{page}}} {moment.old_page}'
        yield "pantau_config_last_reload_successful 1"
        yield f"pantau_config_last_reload_success_timestamp_seconds {moment.reloaded}"
        yield f'pantau_build_info{{version="{moment.version}"}} 1'
        yield f"pantau_maintenance_active{{{WINDOW}}} {int(moment.window_open)}"
        yield "pantau_socket_receive_drops_total 0\npantau_clock_steps_total 0"

    @staticmethod
    def _inventory() -> Iterator[str]:
        uplink, name, kecamatan, isp = MAST
        stands = f'kecamatan="{kecamatan}",isp="{isp}"'
        yield f'uplink_info{{uplink="{uplink}",{stands},name="{name}",upstream="",address=""}} 1'
        for isp in {point.isp for point in POINTS}:
            yield f'isp_info{{isp="{isp}",name="{isp.title()}"}} 1'
        for kecamatan in {point.kecamatan for point in POINTS}:
            yield f'kecamatan_info{{kecamatan="{kecamatan}",name="{kecamatan.title()}"}} 1'

    def _counts(self, now: Mapping[Point, tuple[State, float]]) -> Iterator[str]:
        counted = Counter((point.kecamatan, point.isp, point.contract, state) for point, (state, _since) in now.items())
        seconds: Counter[tuple[str, str, str, State]] = Counter()
        for (point, state), spent in self._seconds.items():
            seconds[point.kecamatan, point.isp, point.contract, state] += spent  # type: ignore[assignment]
        for (kecamatan, isp, contract, state), spent in seconds.items():
            labels = f'kecamatan="{kecamatan}",isp="{isp}",contract="{contract}"'
            yield f'pantau_hotspots{{{labels},state="{state.label}"}} {counted[kecamatan, isp, contract, state]}'
            yield f'pantau_hotspot_state_seconds_total{{{labels},state="{state.label}"}} {spent}'
            if state is State.UP:
                yield f"pantau_contract_objective_ratio{{{labels}}} {0.9 if isp == 'pc24' else 0.995}"
                yield f"pantau_contract_hotspots{{{labels}}} {sum(point.contract == contract for point in POINTS)}"

    def _of_point(self, point: Point, state: State, since: float, moment: Moment) -> Iterator[str]:
        labels = point.labels
        place = '1.4",longitude="125.2"' if point.located else '",longitude=""'
        yield (
            f'hotspot_info{{{labels},name="Titik {point.id}",kelurahan="{point.kelurahan}",'
            f'category="{CATEGORIES.get(point.id, "taman")}",access="serat",'
            f'contract="{point.contract}",address="10.0.0.1",latitude="{place}}} 1'
        )
        yield f"hotspot_state{{{labels}}} {int(state)}"
        yield f"hotspot_state_since_timestamp_seconds{{{labels}}} {since}"
        yield f"hotspot_ever_answered{{{labels}}} 1"
        yield f"hotspot_unseen_since_timestamp_seconds{{{labels}}} {moment.unseen_since.get(point.id, 0)}"
        if point.id in moment.unseen_since:
            yield f'hotspot_unseen_info{{{labels},reason="resolve"}} 1'
        if point.uplink:
            yield f'hotspot_uplink_info{{{labels},uplink="{point.uplink}",hops="1"}} 1'
        if state is State.DEGRADED:
            yield f"hotspot_probe_loss_ratio{{{labels}}} {SLOW_LOSS}"
            yield f"hotspot_probe_smoothed_rtt_seconds{{{labels}}} {SLOW_RTT}"
        if state in {State.MAINTENANCE, State.INACTIVE}:
            yield f"hotspot_maintenance{{{labels}}} 1"
        down = moment.down_since.get(point.id)
        yield f"hotspot_up{{{labels}}} {int(state.serves if state.judged else down is None)}"
        if down is not None:
            yield f"hotspot_down_since_timestamp_seconds{{{labels}}} {down}"
            yield f"hotspot_silent_since_timestamp_seconds{{{labels}}} {down - 5}"
        good = sum(self._seconds[point, one] for one in State if one.serves)
        bad = sum(self._seconds[point, one] for one in State if one.judged and not one.serves)
        if good + bad:
            yield f"hotspot_availability_day_ratio{{{labels}}} {good / (good + bad)}"
        if point.id in moment.unserved_since:
            yield f"hotspot_unserved_since_timestamp_seconds{{{labels}}} {moment.unserved_since[point.id]}"
        if point.id in CLIENTS:
            yield from self._inside(point, moment)
        for one in State:
            yield f'hotspot_state_seconds_total{{{labels},state="{one.label}"}} {self._seconds[point, one]}'

    def _inside(self, point: Point, moment: Moment) -> Iterator[str]:
        """What the agent at a point tells."""
        labels, spent = point.labels, moment.at - self._begin
        received = FULL_BYTES if point.id == FULL else SENT_BYTES
        yield f"hotspot_clients{{{labels}}} {CLIENTS[point.id]}"
        yield f'hotspot_traffic_bytes_total{{{labels},direction="receive"}} {received * spent}'
        yield f'hotspot_traffic_bytes_total{{{labels},direction="transmit"}} {SENT_BYTES * spent}'
        yield f"hotspot_contracted_bytes_per_second{{{labels}}} {FULL_BYTES}"
        yield f"hotspot_heartbeat_timestamp_seconds{{{labels}}} {moment.at - 20}"
        yield f"hotspot_boot_timestamp_seconds{{{labels}}} {moment.started}"
        for check in ("portal", "agent_dns"):
            yield f'hotspot_service_up{{{labels},check="{check}"}} 1'
