"""The faults in words, and the table of those that go on."""

import re

from dashboards import extra, states
from dashboards import queries as q
from dashboards.extra import core
from dashboards.parts.columns import isp_column, kecamatan_column
from dashboards.style import PanelColumn, Style, ask
from pantau.states import State


def fault_kinds(style: Style) -> list[extra.ValueMapping | extra.RegexMapping]:
    """The label `fault` in words; an uplink is called by its name. What was known before is grey, with a `?`."""
    _ = style.text
    words = (
        (q.FAULT_OF_BLINDNESS, _("? We cannot see; so it was before:"), states.MUTED),
        (q.FAULT_OF_CITY, _("✖ THE WHOLE CITY"), states.BAD),
        (q.FAULT_OF_ISP, _("✖ ISP outage"), states.BAD),
        (q.FAULT_OF_KECAMATAN, _("✖ Kecamatan outage"), states.BAD),
        (q.FAULT_OF_BOTH, _("✖ ISP in one kecamatan"), states.BAD),
        (q.FAULT_OF_ISOLATION, _("★ Suspended by the ISP"), states.OTHER),
        (q.FAULT_OF_NO_INTERNET, _("☆ Answers, no internet"), State.NO_INTERNET.colour),
        (q.FAULT_OF_PATH, _("■ Our path to the ISP is cut"), states.MUTED),
        (q.FAULT_OF_MAINTENANCE, _("▲ Maintenance has overrun"), states.WARNING),
        (q.FAULT_OF_POINTS, _("▲ Single points"), states.WARNING),
        (q.FAULT_OF_DEAD, _("▲ Points offline for more than a day"), states.WARNING),
        (q.FAULT_OF_SIGHT, _("■ Points that we cannot see"), states.MUTED),
        (q.NO_FAULT, _("✔ No faults"), states.GOOD),
    )
    looks = {kind: extra.Look(word, color, index) for index, (kind, word, color) in enumerate(words)}
    before = {
        f"{q.BEFORE}{kind}": extra.Look(f"? {word.partition(' ')[2]}", states.MUTED, index)
        for index, (kind, word, _color) in enumerate(words, start=len(looks))
    }
    every = looks | before
    ward, kelurahan = re.escape(q.FAULT_OF_WARD), _("✖ Power? Kelurahan {name}").format(name="$1")
    wards = [
        extra.RegexMapping(f"^{ward}(.*)$", extra.Look(kelurahan, states.BAD, len(every) + 2)),
        extra.RegexMapping(
            f"^[{q.BEFORE}]{ward}(.*)$", extra.Look(f"? {kelurahan.partition(' ')[2]}", states.MUTED, len(every) + 3)
        ),
    ]
    uplink = extra.RegexMapping(f"^{q.FAULT_OF_UPLINK}(.*)$", extra.Look("✖ $1", states.BAD, len(every)))
    was = extra.RegexMapping(f"^[{q.BEFORE}]{q.FAULT_OF_UPLINK}(.*)$", extra.Look("? $1", states.MUTED, len(every) + 1))
    return [extra.ValueMapping(every), *wards, was, uplink]


def present_faults(style: Style, id_: int, where: core.GridPos, *, begins: bool = True) -> extra.Table:
    """What is broken now: one line a fault, the widest first; `begins`: with its beginning beside its age."""
    _ = style.text
    return style.table(
        id_,
        where,
        _("Present faults"),
        _("One line a fault, by the widest cause; single points by kecamatan and ISP. Taken up: ticket, or by whom."),
        [
            ask(q.FAULT_POINTS, "A", table=True),
            *([ask(q.FAULT_SINCE, "B", table=True)] if begins else []),
            ask(q.FAULT_AGE, "C", table=True),
            ask(q.FAULT_TAKEN, "D", table=True),
        ],
        [
            PanelColumn("fault", _("What"), mappings=fault_kinds(style), colored="text"),
            kecamatan_column(style, width=116),
            isp_column(style, width=68),
            PanelColumn("Value #A", _("Pts"), unit="none", width=72),
            *([PanelColumn("Value #B", _("Since"), unit="time:D MMM HH:mm", width=106)] if begins else []),
            PanelColumn("Value #C", _("Age"), unit="dthms", decimals=0, width=80),
            PanelColumn("ack", _("Taken up"), width=80),
        ],
        sort=[(_("What"), False), (_("Pts"), True)],
    )
