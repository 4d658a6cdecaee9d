"""The links between the dashboards, and what is kept when one is followed."""

from collections.abc import Mapping, Sequence

from dashboards.extra import core

TAG = "pantau"

CHOSEN_BY = {
    "pantau-kecamatan": ("kecamatan", "isp"),
    "pantau-isp": ("isp", "kecamatan"),
    "pantau-titik": ("kecamatan", "isp", "hotspot"),
    "pantau-sla": ("kecamatan", "isp"),
}
"""The variables of the dashboards that have some: a click keeps those that both sides know."""


def dashboard_link(title: str, uid: str, variables: Mapping[str, str]) -> core.DataLink:
    """A click that leads to another dashboard and keeps the data source and the time range."""
    given = "".join(f"&var-{name}={value}" for name, value in variables.items())
    return core.DataLink(title, f"/d/{uid}?${{datasource:queryparam}}{given}&${{__url_time_range}}")


def keep_choices(names: Sequence[str], panels: Sequence[core.Panel]) -> None:
    """Let each link pass on what is chosen here and asked for there, beside what it says itself."""
    for panel in panels:
        links = [*panel.field.links, *(link for one in panel.overrides for link in one.properties.get("links", ()))]
        for link in links:
            if not link.linkUrl.startswith("/d/"):
                continue
            uid = link.linkUrl.removeprefix("/d/").partition("?")[0]
            kept = [name for name in CHOSEN_BY.get(uid, ()) if name in names and f"var-{name}=" not in link.linkUrl]
            more = "".join(f"&${{{name}:queryparam}}" for name in kept)
            link.linkUrl = link.linkUrl.replace("&${__url_time_range}", f"{more}&${{__url_time_range}}")
