"""The city as a whole."""

from collections.abc import Mapping

from dashboards.queries.sight import while_seen

CITY_SHARE = while_seen("city:hotspot_up:ratio and on () city:hotspot_up:count >= 0.5 * sum(city:hotspot_state:count)")
"""Nothing while we see less than half of the city: the share of a few would be taken for that of all."""
CITY_ONLINE = "city:hotspot_up:sum"
CITY_JUDGED = "city:hotspot_up:count"


def state_count(label: str, selector: str = "") -> str:
    """How many hotspots are in this state; 0 where nobody is, nothing where nobody counts.

    As the exporter counts them: what the rules record of it is of a moment ago, and beside the map it would be another.
    """
    chosen = f"{selector}, " if selector else ""
    return f'sum(pantau_hotspots{{{chosen}state="{label}"}})'


def state_count_if_any(label: str, selector: str = "") -> str:
    """How many hotspots are in this rare state; nothing where there is none."""
    return f"{state_count(label, selector)} > 0"


def hotspots_in_state(value: int, selector: str = "") -> str:
    """The hotspots that are in this state, each with its name and its place on the map; the value is the state.

    One without coordinates would be drawn where both are 0, far out on the sea, and the city beside it as a speck.
    """
    # The join keeps what is in the state, and only that is aggregated: each layer of a map is one of these.
    chosen = f"max by (hotspot) (hotspot_state{{{selector}}} == {value})"
    placed = 'latitude!="", longitude!=""'
    located = f"hotspot_info{{{f'{selector}, ' if selector else ''}{placed}}}"
    described = f"{located} * on (hotspot) group_left () {chosen}"
    return f"max by (hotspot, kecamatan, isp, name, kelurahan, latitude, longitude) ({described})"


def share_at(places: Mapping[str, tuple[float, float]], selector: str = "") -> str:
    """The share online of each kecamatan, with its centre (latitude, longitude) for the map."""
    chosen = f", {selector.partition(', isp')[0]}" if selector else ""
    shares = (
        f'label_replace(label_replace(kecamatan:hotspot_up:ratio{{kecamatan="{id_}"{chosen}}},'
        f' "latitude", "{north}", "", ""), "longitude", "{east}", "", "")'
        for id_, (north, east) in places.items()
    )
    by = "kecamatan, latitude, longitude"
    nowhere = (
        'label_replace(label_replace(kecamatan:hotspot_up:ratio < 0, "latitude", "", "", ""), "longitude", "", "", "")'
    )
    asked = while_seen(" or ".join(shares)) if places else nowhere
    return f"max by ({by}) ({asked})"


def without_place(selector: str = "") -> str:
    """How many hotspots no map can show; nothing where there is none."""
    both = f"{selector}, " if selector else ""
    return f'count(max by (hotspot) (hotspot_info{{{both}latitude=""}} or hotspot_info{{{both}longitude=""}})) > 0'


KECAMATAN_SHARE = f"sort({while_seen('max by (kecamatan) (kecamatan:hotspot_up:ratio)')})"
YEAR = "city:hotspot_availability:ratio30d"
CITY_GAP = while_seen(f"{CITY_JUDGED} - {CITY_ONLINE}")
