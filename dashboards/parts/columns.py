"""Columns that more than one table has: where, whose, which hotspot, its state and since when."""

from typing import Any

from dashboards import extra, states
from dashboards import queries as q
from dashboards.parts.uids import HOTSPOT, ISP, KECAMATAN
from dashboards.style import LOSS_STEPS, PLAIN, PanelColumn, Style


def kecamatan_column(style: Style, field: str = "kecamatan", width: int | None = 130) -> PanelColumn:
    """Where, by name; a click leads to the kecamatan's dashboard."""
    _ = style.text
    names = [style.names(style.place.kecamatan | {q.EVERY: _("all")})]
    return PanelColumn(field, _("Where"), mappings=names, width=width, link=(KECAMATAN, {"kecamatan": field}))


def isp_column(style: Style, width: int | None = 90) -> PanelColumn:
    """Whose, by name; a click leads to the ISP's dashboard."""
    _ = style.text
    names = [style.names(style.place.isps | {q.EVERY: _("all")})]
    return PanelColumn("isp", _("ISP"), mappings=names, width=width, link=(ISP, {"isp": "isp"}))


def hotspot_columns(style: Style, *, ids: bool = False) -> list[PanelColumn]:
    """The hotspot's id, hidden unless `ids`, and its name; a click leads to the hotspot's dashboard."""
    _ = style.text
    return [
        PanelColumn("hotspot", _("Id"), hidden=not ids, width=165 if ids else None),
        PanelColumn("name", _("Hotspot"), link=(HOTSPOT, {"hotspot": "hotspot"})),
    ]


def kelurahan_column(style: Style, width: int = 140) -> PanelColumn:
    """In which kelurahan; of a list that is empty, which is good news, its line says so here."""
    _ = style.text
    none = extra.ValueMapping({q.NONE: extra.Look(_("✔ none"), states.GOOD)})
    return PanelColumn("kelurahan", _("Kelurahan"), mappings=[none], width=width)


def loss_column(style: Style, ref: str) -> PanelColumn:
    """Lost requests, of the target `ref`."""
    looks: dict[str, Any] = {"unit": "percentunit", "decimals": 1, "steps": LOSS_STEPS, "colored": "text"}
    return PanelColumn(f"Value #{ref}", style.text("Loss"), width=75, **looks)


def rtt_column(style: Style, ref: str, width: int = 90) -> PanelColumn:
    """RTT, of the target `ref`."""
    return PanelColumn(f"Value #{ref}", style.text("RTT"), unit="s", decimals=1, steps=PLAIN, width=width)


def since_column(style: Style, field: str = "Value", width: int = 120, title: str | None = None) -> PanelColumn:
    """Since when, of a moment in ms; the line that says that there is nothing has no time, and not 1970."""
    never = extra.ValueMapping({"0": extra.Look("–")})
    return PanelColumn(field, title or style.text("Since"), unit="time:D MMM HH:mm", mappings=[never], width=width)


def state_columns(style: Style) -> list[PanelColumn]:
    """The state of a row, asked as `A`, and since when, asked as `B`."""
    _ = style.text
    return [
        PanelColumn("Value #A", _("State"), mappings=[style.state_mapping()], colored="text", width=130, align="left"),
        since_column(style, "Value #B"),
    ]
