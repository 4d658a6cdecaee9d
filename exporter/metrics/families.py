"""The hotspot families as the contract names them, in the order in which a scrape shows them. No figures here."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal

from exporter.planning.labels import HotspotLabels
from pantau.states import NOT_SERVING, SERVING, UNSERVED, State

HOTSPOT_LABELS = ("hotspot", "kecamatan", "isp")
"""The labels of every hotspot series: what routing, grouping and inhibition need."""

UPLINK_LABELS = ("uplink", "kecamatan", "isp")
"""Of a probed uplink; kecamatan and isp are empty where the inventory gives none."""

INFO_LABELS = tuple(field.name for field in fields(HotspotLabels))
"""The labels of `hotspot_info`."""

GROUP_LABELS = ("kecamatan", "isp", "contract")
"""Of the hotspots of one ISP in one kecamatan under one contract; the contract is empty where there is none."""


@dataclass(frozen=True, slots=True)
class Family:
    """One metric of the catalogue. `name` is its name in queries: a counter's ends in ``_total``."""

    name: str
    type: Literal["gauge", "counter", "histogram"]
    help: str
    """One sentence without backslash, quote or newline, so that no format has to escape it."""
    labels: tuple[str, ...] = HOTSPOT_LABELS

    def header(self, openmetrics: bool) -> str:
        """The HELP, TYPE and (OpenMetrics only) UNIT lines.

        OpenMetrics 1.0.0 names a counter family without ``_total``, and a unit only where the family's name ends in it.
        """
        name = self.name.removesuffix("_total") if openmetrics else self.name
        unit = f"# UNIT {name} seconds\n" if openmetrics and name.endswith("_seconds") else ""
        return f"# HELP {name} {self.help}\n# TYPE {name} {self.type}\n{unit}"


def _listed(states: Sequence[State]) -> str:
    """Labels in a sentence: ``up, degraded or down``."""
    *first, last = (state.label for state in states)
    return f"{', '.join(first)} or {last}"


UP = Family(
    "hotspot_up",
    "gauge",
    f"Whether the hotspot serves: 1 {_listed(SERVING)}, 0 {_listed(NOT_SERVING)}; absent until the first verdict, kept "
    "while unknown.",
)
REACHABLE = Family(
    "hotspot_reachable",
    "gauge",
    "Whether the hotspot can be reached, whatever it serves: 1 or 0; absent until the first verdict, kept while "
    "unknown.",
)
UNSERVED_SINCE = Family(
    "hotspot_unserved_since_timestamp_seconds",
    "gauge",
    f"Present while the hotspot is reachable and without service ({_listed(UNSERVED)}), also while it is unknown "
    "since, and is neither in maintenance nor inactive: Unix time of the first check that failed.",
)
STATE = Family(
    "hotspot_state",
    "gauge",
    f"State of the hotspot: {', '.join(f'{state.value} {state.label}' for state in State)}.",
)
STATE_SECONDS = Family(
    "hotspot_state_seconds_total",
    "counter",
    "Time spent in each state; every second is in exactly one.",
    (*HOTSPOT_LABELS, "state"),
)
DOWN_SINCE = Family(
    "hotspot_down_since_timestamp_seconds",
    "gauge",
    "Present while hotspot_reachable is 0 and the hotspot is neither in maintenance nor inactive: Unix time of its "
    "first lost probe, also while it is unknown.",
)
AWAITING = Family(
    "hotspot_awaiting_verdict",
    "gauge",
    "Present, and 1, while the hotspot has had no verdict since the exporter began, and is neither in maintenance nor "
    "inactive.",
)
SILENT_SINCE = Family(
    "hotspot_silent_since_timestamp_seconds",
    "gauge",
    "Present with hotspot_down_since_timestamp_seconds: Unix time of the last reply; 0 when there never was one.",
)
MAINTENANCE = Family(
    "hotspot_maintenance",
    "gauge",
    "Present, and 1, while the hotspot is in maintenance or inactive.",
)
AVAILABILITY_DAY = Family(
    "hotspot_availability_day_ratio",
    "gauge",
    f"Time {_listed(SERVING)} in the last 24 to 25 hours, of what is {_listed((*SERVING, *NOT_SERVING))}; "
    "absent without any.",
)
LOSS = Family(
    "hotspot_probe_loss_ratio",
    "gauge",
    "Lost probes of the last degraded.window ones; absent while unknown and, after a recovery, until ten are known.",
)
SMOOTHED_RTT = Family(
    "hotspot_probe_smoothed_rtt_seconds",
    "gauge",
    "Round-trip time, each reply weighing an eighth (RFC 6298); absent while the hotspot does not answer.",
)
STATE_CHANGES = Family("hotspot_state_changes_total", "counter", "Changes of state.")
RELAPSES = Family(
    "hotspot_relapses_total",
    "counter",
    "Times that probes were answered within an outage, and lost again before the hotspot had recovered; "
    "absent before the first.",
)
STATE_SINCE = Family(
    "hotspot_state_since_timestamp_seconds",
    "gauge",
    "Unix time at which the present state began, back-dated to the first probe that showed it.",
)
REQUESTS = Family(
    "hotspot_probe_requests_total",
    "counter",
    "Probes that came to a conclusive end: a reply, silence or an ICMP error. Loss is 1 - replies/requests.",
)
REPLIES = Family("hotspot_probe_replies_total", "counter", "Probes that were answered in time.")
FAILURES = Family(
    "hotspot_probe_failures_total",
    "counter",
    "Probes without a reply, by reason; resolve, send and inconclusive are no fault of the hotspot and no request.",
    (*HOTSPOT_LABELS, "reason"),
)
RTT = Family("hotspot_probe_rtt_seconds", "histogram", "Round-trip time of answered probes.")
LAST_REPLY = Family(
    "hotspot_probe_last_reply_timestamp_seconds",
    "gauge",
    "Unix time of the last reply; 0 when there never was one.",
)
INFO = Family("hotspot_info", "gauge", "What the inventory says of the hotspot; always 1.", INFO_LABELS)

UNSEEN_SINCE = Family(
    "hotspot_unseen_since_timestamp_seconds",
    "gauge",
    "Unix time since when the hotspot cannot be seen though our own path works and no window is open; 0 while it can.",
)
UNSEEN = Family(
    "hotspot_unseen_info",
    "gauge",
    "Present, and 1, while hotspot_unseen_since_timestamp_seconds is not 0: why. No address (resolve), no way to send "
    "(send), nothing comes of it (inconclusive), no round yet (waiting), nobody looks (unwatched).",
    (*HOTSPOT_LABELS, "reason"),
)
EVER_ANSWERED = Family(
    "hotspot_ever_answered",
    "gauge",
    "Whether the hotspot has ever answered: 1, or 0 as long as neither this exporter nor the journal knows of a time.",
)
OVERRUN = Family(
    "hotspot_maintenance_overrun",
    "gauge",
    "Present, and 1, while a hotspot that was down when its window ended has not come up since.",
    (*HOTSPOT_LABELS, "window"),
)
UPLINK_UP = Family(
    "uplink_up",
    "gauge",
    "Whether the probed uplink answers: 1 yes, 0 down; absent until the first verdict, kept while unknown.",
    UPLINK_LABELS,
)
UPLINK_STATE = Family(
    "uplink_state", "gauge", "State of the probed uplink, numbered as in hotspot_state.", UPLINK_LABELS
)
UPLINK_STATE_SINCE = Family(
    "uplink_state_since_timestamp_seconds",
    "gauge",
    "Unix time at which the probed uplink's present state began, back-dated to the first probe that showed it.",
    UPLINK_LABELS,
)

SERVICE_UP = Family(
    "hotspot_service_up",
    "gauge",
    "Whether a check of the service says yes: 1, or 0 no; absent while unknown, and where the hotspot is not checked.",
    (*HOTSPOT_LABELS, "check"),
)
TLS_EXPIRY = Family(
    "hotspot_tls_expiry_timestamp_seconds",
    "gauge",
    "Unix time at which the first certificate of the chain expires that a check was shown.",
    (*HOTSPOT_LABELS, "check"),
)
CHECK_DURATION = Family(
    "hotspot_check_duration_seconds",
    "gauge",
    "How long a check takes, each answer weighing an eighth; absent while the hotspot does not answer it.",
    (*HOTSPOT_LABELS, "check"),
)

HEARTBEAT = Family(
    "hotspot_heartbeat_timestamp_seconds",
    "gauge",
    "Unix time of the last heartbeat of the hotspot's agent; 0 when there never was one, absent without an agent.",
)
BOOT = Family(
    "hotspot_boot_timestamp_seconds",
    "gauge",
    "Unix time at which the agent's device began to run, by its own uptime; absent where it does not say.",
)
CLIENTS = Family(
    "hotspot_clients", "gauge", "Clients that the agent counts; absent while it is not heard, or does not say."
)
TRAFFIC = Family(
    "hotspot_traffic_bytes_total",
    "counter",
    "The agent's counters of the WAN: what was received and transmitted since they began.",
    (*HOTSPOT_LABELS, "direction"),
)
INTERNET_RTT = Family(
    "hotspot_internet_rtt_seconds",
    "gauge",
    "Round-trip time from the hotspot to the internet, by its agent; absent while it is not heard, or does not say.",
)

GROUP_HOTSPOTS = Family("pantau_hotspots", "gauge", "Active hotspots by state.", (*GROUP_LABELS, "state"))
GROUP_STATE_SECONDS = Family(
    "pantau_hotspot_state_seconds_total",
    "counter",
    "The hotspots' time in each state, added up; what a hotspot that has left had counted stays counted.",
    (*GROUP_LABELS, "state"),
)
GROUP_REQUESTS = Family(
    "pantau_probe_requests_total", "counter", "The hotspots' hotspot_probe_requests_total, added up.", GROUP_LABELS
)
GROUP_REPLIES = Family(
    "pantau_probe_replies_total", "counter", "The hotspots' hotspot_probe_replies_total, added up.", GROUP_LABELS
)
GROUP_RTT = Family(
    "pantau_probe_rtt_seconds", "histogram", "Round-trip time of the hotspots' answered probes.", GROUP_LABELS
)

FAMILIES = (
    UP,
    STATE,
    REACHABLE,
    DOWN_SINCE,
    UNSERVED_SINCE,
    SILENT_SINCE,
    AWAITING,
    MAINTENANCE,
    AVAILABILITY_DAY,
    STATE_SECONDS,
    STATE_CHANGES,
    RELAPSES,
    STATE_SINCE,
    REQUESTS,
    REPLIES,
    FAILURES,
    RTT,
    LAST_REPLY,
    LOSS,
    SMOOTHED_RTT,
    INFO,
    UNSEEN_SINCE,
    UNSEEN,
    EVER_ANSWERED,
    OVERRUN,
    SERVICE_UP,
    CHECK_DURATION,
    TLS_EXPIRY,
    UPLINK_UP,
    UPLINK_STATE,
    UPLINK_STATE_SINCE,
    GROUP_HOTSPOTS,
    GROUP_STATE_SECONDS,
    GROUP_REQUESTS,
    GROUP_REPLIES,
    GROUP_RTT,
    HEARTBEAT,
    BOOT,
    CLIENTS,
    TRAFFIC,
    INTERNET_RTT,
)
