"""What stands above every dashboard: whether we see at all, and where to look if we do not."""

from collections.abc import Sequence

from dashboards import extra, states
from dashboards import queries as q
from dashboards.extra import core
from dashboards.parts.uids import SELF
from dashboards.style import Style, ask, at, dashboard_link

BANNER_ID = 100
"""Of the panel where a dashboard does not give it a place of its own; ids of other panels stay what they were."""
BANNER_ROWS = 2


def measurement_health(style: Style, id_: int, where: core.GridPos) -> extra.Stat:
    """Whether we see at all: a click leads to who keeps us."""
    _ = style.text
    words = {
        "0": extra.Look(_("✔ Our measurements are good"), states.CALM, 0),
        "1": extra.Look(_("▲ New configuration refused"), states.WARNING, 1),
        "2": extra.Look(_("▲ Our measurements are impaired"), states.WARNING, 2),
        "3": extra.Look(_("▲ We see again, and do not yet know all points"), states.WARNING, 3),
        "4": extra.Look(_("✖ OUR OWN PATH IS CUT: figures stand still"), states.BAD, 4),
        "5": extra.Look(_("✖ PANTAU DOES NOT RUN: nothing is monitored"), states.BAD, 5),
    }
    return style.number(
        id_,
        where,
        _("Our own eyes"),
        _("Whether Pantau itself sees well: its path to the network, its buffer, its clock, its configuration."),
        [ask(q.MEASUREMENT_HEALTH)],
        mappings=[extra.ValueMapping(words)],
        color_mode="background",
        links=[dashboard_link(_("Open the dashboard"), SELF, {})],
        no_value=_("✖ PROMETHEUS DOES NOT ANSWER"),
    )


def under_banner(style: Style, panels: Sequence[core.Panel]) -> list[core.Panel]:
    """The panels, two rows lower, with the banner over all of them."""
    for panel in panels:
        place = panel.gridPos
        panel.gridPos = core.GridPos(x=place.x, y=place.y + BANNER_ROWS, w=place.w, h=place.h)
    return [measurement_health(style, BANNER_ID, at(0, 0, 24, BANNER_ROWS)), *panels]


def sight_looks(style: Style) -> extra.Override:
    """The band of our own sight, asked as `SIGHT`, above others: where it is not green, nothing was seen beside it."""
    _ = style.text
    looks = {
        "0": extra.Look(_("✔ we see"), states.CALM, 0),
        "1": extra.Look(_("▲ not yet all known again"), states.WARNING, 1),
        "2": extra.Look(_("■ our own path cut"), states.MUTED, 2),
        "3": extra.Look(_("■ Pantau did not run"), states.MUTED, 3),
    }
    return extra.Override("SIGHT", {"mappings": [extra.ValueMapping(looks)]}, "byFrameRefID")
