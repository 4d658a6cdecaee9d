"""The city as a whole, and whether we can see it."""

CITY_SHARE = "city:hotspot_up:ratio and on () city:hotspot_up:count >= 0.5 * sum(city:hotspot_state:count)"
"""Nothing while we see less than half of the city: the share of a few would be taken for that of all."""
CITY_ONLINE = "city:hotspot_up:sum"
CITY_JUDGED = "city:hotspot_up:count"
TARGET = "vector(1)"
MARCH_2024 = "vector(0.79)"
END_2023 = "vector(0.72)"


def state_count(label: str) -> str:
    """How many hotspots of the city are in this state; 0 where nobody has been."""
    return f'sum(city:hotspot_state:count{{state="{label}"}}) or vector(0)'


def state_count_if_any(label: str) -> str:
    """How many hotspots are in this rare state; nothing where there is none."""
    return f'city:hotspot_state:count{{state="{label}"}} > 0'


def hotspots_in_state(value: int, selector: str = "") -> str:
    """The hotspots that are in this state, each with its name and its place on the map; the value is the state."""
    # The join keeps what is in the state, and only that is aggregated: each layer of a map is one of these.
    chosen = f"max by (hotspot) (hotspot_state{{{selector}}} == {value})"
    described = f"hotspot_info{{{selector}}} * on (hotspot) group_left () {chosen}"
    return f"max by (hotspot, kecamatan, isp, name, kelurahan, latitude, longitude) ({described})"


MEASUREMENT_HEALTH = (
    "max(absent(pantau_vantage_up) * 4)"
    " or (max(1 - pantau_vantage_up) > 0) * 3"
    " or (max(increase(pantau_socket_receive_drops_total[5m]) + increase(pantau_clock_steps_total[5m])) > 0) * 0 + 2"
    " or (max(1 - pantau_config_last_reload_successful) > 0)"
    " or vector(0)"
)
"""0 good, 1 old configuration, 2 measurement impaired, 3 our own path cut, 4 not running; the worst of them."""


KECAMATAN_SHARE = "sort(max by (kecamatan) (kecamatan:hotspot_up:ratio))"
YEAR = "city:hotspot_availability:ratio30d"
CITY_GAP = f"{CITY_JUDGED} - {CITY_ONLINE}"
