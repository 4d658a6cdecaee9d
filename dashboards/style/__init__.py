"""The style: how a panel, a table column, a link and a dashboard look, so that no module has to remember it.

Every panel gets its data source, its text for an empty answer and its looks here; a module says only what it shows.
"""

from dashboards.style.basics import at
from dashboards.style.columns import PanelColumn, in_color, with_steps
from dashboards.style.links import dashboard_link
from dashboards.style.queries import SOURCE, ask, ask_rows, follow
from dashboards.style.style import Style
from dashboards.style.thresholds import (
    AVAILABILITY_STEPS,
    COUNT_STEPS,
    FULL_STEPS,
    LOSS_STEPS,
    PLAIN,
    PROMISE_STEPS,
    SHARE_STEPS,
)

__all__ = [
    "AVAILABILITY_STEPS",
    "COUNT_STEPS",
    "FULL_STEPS",
    "LOSS_STEPS",
    "PLAIN",
    "PROMISE_STEPS",
    "SHARE_STEPS",
    "SOURCE",
    "PanelColumn",
    "Style",
    "ask",
    "ask_rows",
    "at",
    "dashboard_link",
    "follow",
    "in_color",
    "with_steps",
]
