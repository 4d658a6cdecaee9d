"""Kota: the wall of the NOC, read from four metres away: 1920 by 1080 pixels at a zoom of 120 %, without scrolling."""

from dashboards import extra, parts, states
from dashboards import queries as q
from dashboards.naming import shortened
from dashboards.style import SHARE_STEPS, PanelColumn, Style, ask_rows, at, follow

UID = parts.CITY


def dashboard(style: Style) -> extra.Dashboard:
    """How much of the city is online, what is broken, where and whose, and whether we can see."""
    _ = style.text
    return style.dashboard(
        UID,
        _("City"),
        _("The city at a glance, for the wall of the NOC."),
        [
            parts.share(style, 1, at(0, 0, 5, 5), q.CITY_SHARE),
            parts.counts(style, 2, at(0, 5, 5, 7), ""),
            _trend(style),
            _map(style),
            parts.measurement_health(style, 5, at(13, 0, 11, 2)),
            parts.present_faults(style, 6, at(13, 2, 11, 10), begins=False),
            _matrix(style),
            parts.worst(style, 8, at(15, 12, 9, 11), count=8),
            parts.users_now(style, 9, at(0, 19, 5, 4), days=7),
        ],
        refresh="30s",
    )


def _trend(style: Style) -> extra.TimeSeries:
    _ = style.text
    lines = (("A", q.CITY_SHARE, _("online"), states.ACCENT, None), *parts.goals(style))
    return style.lines(
        3,
        at(0, 12, 5, 7),
        _("Share online against target and baselines"),
        _("The baselines are the city's own earlier counts."),
        [follow(e, ref, legend) for ref, e, legend, _color, _dash in lines],
        unit="percentunit",
        soft_lowest=0.5,
        highest=1.0,
        overrides=[parts.line(*line) for line in lines],
    )


def _map(style: Style) -> extra.Geomap:
    _ = style.text
    return style.map(4, at(5, 0, 8, 12))


def _matrix(style: Style) -> extra.Table:
    _ = style.text
    isps = {**shortened(style.place.isps), q.EVERY: _("All")}
    kecamatan = {**style.place.kecamatan, q.EVERY: _("City")}
    first = "kecamatan\\isp"
    columns = [
        PanelColumn(
            first,
            _("Kecamatan"),
            mappings=[style.names(kecamatan)],
            width=118,
            link=(parts.KECAMATAN, {"kecamatan": first}),
        )
    ]
    nobody = extra.SpecialMapping("null+nan", extra.Look("·", "transparent"))
    unknown = extra.ValueMapping({str(q.NOBODY_KNOWS): extra.Look("?", states.MUTED)})
    columns += [
        PanelColumn(
            id_,
            name,
            unit="percentunit",
            decimals=0,
            steps=SHARE_STEPS,
            mappings=[nobody, unknown],
            colored="background",
            align="center",
        )
        for id_, name in isps.items()
    ]
    fields = {"columnField": "isp", "rowField": "kecamatan", "valueField": "Value"}
    return style.table(
        7,
        at(5, 12, 10, 11),
        _("Share online by kecamatan and ISP"),
        _("Hotspots that serve, of those that we can judge. ?: nobody can judge any; empty: no point of the ISP."),
        ask_rows(q.MATRIX),
        columns,
        unit="percentunit",
        before=[
            extra.Transformation("sortBy", {"fields": {}, "sort": [{"field": "order", "desc": False}]}),
            extra.Transformation("groupingToMatrix", fields | {"emptyValue": "null"}),
        ],
    )
