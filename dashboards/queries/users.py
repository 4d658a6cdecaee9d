"""Users and traffic, as agents at the points count them; nothing where a city has no agents.

A count is of those connected at a moment. Who they are nobody knows, so a day has no number of people: what is shown of
it is the most at the same time.
"""

from dashboards.queries.common import SCOPE, info
from dashboards.queries.hotspot import ONE
from dashboards.queries.sight import none_of

CITY_USERS = "city:hotspot_clients:sum"
SCOPE_USERS = f"sum(kecamatan_isp:hotspot_clients:sum{{{SCOPE}}})"


def or_unknown(users: str) -> str:
    """The number of now; where nobody counts no number, which a panel can give words, and not the last of hours ago."""
    return f"{users} or on () vector(NaN)"


def most_each_day(users: str) -> str:
    """The most at the same time on each day, drawn where the day begins; of today, so far."""
    return f"max_over_time({users}[1d] offset -1d)"


def scope_traffic(direction: str) -> str:
    """Bits a second of the chosen hotspots."""
    return f'sum(kecamatan_isp:hotspot_traffic_bytes:rate5m{{{SCOPE}, direction="{direction}"}}) * 8'


RECEIVED, SENT = "receive", "transmit"
"""As the WAN's counters have it: what a point receives, its users download."""

_UNUSED = "hotspot:hotspot_unused:seconds"
_FULL = "hotspot:hotspot_saturated:ratio5m"
_COUNTED = f"and on () kecamatan_isp:hotspot_clients:sum{{{SCOPE}}}"
"""Good news only where anybody counts."""
UNUSED_NUMBER = f"count({_UNUSED}) or 0 * max({CITY_USERS})"
FULL_NUMBER = f"count({_FULL}) or 0 * max({CITY_USERS})"


def _list(points: str, label: str) -> str:
    return f"({points}) or {none_of(points, label)} {_COUNTED}"


_CHOSEN_UNUSED = f"{_UNUSED}{{{SCOPE}}}"
_LAST_USED = (
    f"max by (hotspot, kecamatan, isp) (hotspot:hotspot_used:timestamp_seconds and on (hotspot) {_CHOSEN_UNUSED})"
)
UNUSED_SINCE = _list(f"{info(_LAST_USED, 'name, kelurahan', SCOPE)} * 1000", "kelurahan")
"""Points that are up and that nobody has used for seven days: the last time that somebody did, in ms."""

_CHOSEN_FULL = f"{_FULL}{{{SCOPE}}}"
FULL_SHARE = _list(info(f"max by (hotspot, kecamatan, isp) ({_CHOSEN_FULL})", "name, kelurahan", SCOPE), "kelurahan")
"""Points whose traffic is all that was ordered for them, or nearly: the share of it."""
FULL_ORDERED = f"max by (hotspot) (hotspot_contracted_bytes_per_second and on (hotspot) {_CHOSEN_FULL}) * 8"
FULL_USERS = f"max by (hotspot) (hotspot_clients and on (hotspot) {_CHOSEN_FULL})"

ONE_CLIENTS = f"max(hotspot_clients{{{ONE}}})"
ONE_CHECKS = f"max by (check) (hotspot_service_up{{{ONE}}})"
ONE_BEAT = f"max(hotspot_heartbeat_timestamp_seconds{{{ONE}}}) * 1000 > 0"
ONE_BOOT = f"max(hotspot_boot_timestamp_seconds{{{ONE}}}) * 1000 > 0"
ONE_ORDERED = f"max(hotspot_contracted_bytes_per_second{{{ONE}}}) * 8"


def one_traffic(direction: str) -> str:
    """Bits a second of the one hotspot."""
    return f'max(hotspot:hotspot_traffic_bytes:rate5m{{{ONE}, direction="{direction}"}}) * 8'
