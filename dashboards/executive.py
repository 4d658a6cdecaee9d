"""Eksekutif: for the mayor and the heads of office. One number, one trend, one gap, one map."""

from dashboards import extra, parts, states
from dashboards import queries as q
from dashboards.style import COUNT_STEPS, SHARE_STEPS, Style, ask, at, follow, with_steps

UID = parts.EXECUTIVE


def dashboard(style: Style) -> extra.Dashboard:
    """How far the city is from 100 %, whether it gets better, and where it is worst."""
    _ = style.text
    return style.dashboard(
        UID,
        _("Executive"),
        _("The programme in one number: how far from 100 %, whether better, where worst."),
        parts.under_banner(
            style,
            [
                parts.share(style, 1, at(0, 0, 8, 9), q.CITY_SHARE),
                _gap(style),
                parts.counts(style, 7, at(0, 12, 8, 5), ""),
                _worst(style),
                _trend(style),
                style.map(5, at(8, 0, 16, 17)),
                _users(style),
                parts.users_by_day(style, 9, at(8, 28, 16, 9)),
            ],
        ),
        start="now-1y",
        own_time=True,
        refresh="5m",
    )


def _gap(style: Style) -> extra.Stat:
    _ = style.text
    return style.number(
        2,
        at(0, 9, 8, 3),
        _("Hotspots missing to 100 %"),
        _("Hotspots that do not serve now; unknown ones are not counted."),
        [ask(q.CITY_GAP)],
        unit="none",
        steps=(extra.ThresholdStep("text"), extra.ThresholdStep(states.GOOD, 0), *COUNT_STEPS[1:]),
    )


def _users(style: Style) -> extra.Stat:
    _ = style.text
    return style.number(
        8,
        at(0, 28, 8, 9),
        _("Users"),
        _("Connected now, as agents at the hotspots count; hotspots up that nobody used for 7 days; saturated ones."),
        [
            ask(q.CITY_USERS, "A", _("users now")),
            ask(q.UNUSED_NUMBER, "B", _("used by nobody for 7 days")),
            ask(q.FULL_NUMBER, "C", _("saturated")),
        ],
        unit="none",
        orientation="horizontal",
        text_mode="value_and_name",
        no_value=parts.uncounted(style),
        overrides=[with_steps(ref, COUNT_STEPS) for ref in ("B", "C")],
    )


def _worst(style: Style) -> extra.BarGauge:
    _ = style.text
    return style.bars(
        3,
        at(0, 17, 8, 11),
        _("Kecamatan, the worst first"),
        _("Share online now."),
        [ask(q.KECAMATAN_SHARE, "A", "{{kecamatan}}")],
        unit="percentunit",
        decimals=0,
        steps=SHARE_STEPS,
        highest=1,
        overrides=[extra.Override(id_, {"displayName": name}) for id_, name in style.place.kecamatan.items()],
    )


def _trend(style: Style) -> extra.TimeSeries:
    _ = style.text
    lines = (("A", q.YEAR, _("Availability of 30 days"), states.ACCENT, None), *parts.goals(style))
    return style.lines(
        4,
        at(8, 17, 16, 11),
        _("Twelve months"),
        _("Each point is the availability of the 30 days before it, beside target and published baselines."),
        [follow(e, ref, legend) for ref, e, legend, _color, _dash in lines],
        unit="percentunit",
        soft_lowest=0.5,
        highest=1.0,
        overrides=[parts.line(*line) for line in lines],
    )
