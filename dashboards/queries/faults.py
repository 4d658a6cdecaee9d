"""What is broken, by its widest cause: now, and over a shift."""

from dashboards.queries.common import EVERY, SILENT_SINCE

FAULT_OF_ISP, FAULT_OF_KECAMATAN, FAULT_OF_BOTH, FAULT_OF_POINTS, NO_FAULT = "1", "2", "3", "4", "5"
"""The label `fault`; the widest sorts first."""

_SINCE = f"{SILENT_SINCE} and on (hotspot) hotspot:hotspot_up:held == 0"
_OF_KECAMATAN = "and on (kecamatan) kecamatan:outage:ratio"
_OF_ISP = "and on (isp) isp:outage:ratio"
_OF_NEITHER = "unless on (kecamatan) kecamatan:outage:ratio unless on (isp) isp:outage:ratio"
# The bar of the outage alerts (config/rules/alerts.yml): 0.6 of the points, and three of them.
_DARK = (
    "(kecamatan_isp:hotspots_down:count / kecamatan_isp:hotspots:count >= 0.6"
    " and kecamatan_isp:hotspots_down:count >= 3)"
)
_IN_DARK = f"and on (kecamatan, isp) {_DARK}"
_NOT_IN_DARK = f"unless on (kecamatan, isp) {_DARK}"


def _fault(expression: str, kind: str) -> str:
    """The expression with its kind, and with a value for the label that its kind does not have."""
    everywhere = {FAULT_OF_ISP: "kecamatan", FAULT_OF_KECAMATAN: "isp"}.get(kind)
    if everywhere is not None:
        expression = f'label_replace({expression}, "{everywhere}", "{EVERY}", "", "")'
    return f'label_replace({expression}, "fault", "{kind}", "", "")'


FAULT_POINTS = " or ".join(
    (
        _fault(f"isp:hotspots_down_unexplained:count {_OF_ISP}", FAULT_OF_ISP),
        _fault(f"kecamatan:hotspots_down:count {_OF_KECAMATAN}", FAULT_OF_KECAMATAN),
        _fault(f"kecamatan_isp:hotspots_down:count {_OF_NEITHER} {_IN_DARK}", FAULT_OF_BOTH),
        _fault(f"kecamatan_isp:hotspots_down:count > 0 {_OF_NEITHER} {_NOT_IN_DARK}", FAULT_OF_POINTS),
        _fault("absent(hotspot:hotspot_up:held == 0) * 0", NO_FAULT),
    )
)
"""Points down by fault: of an ISP, of a kecamatan, of an ISP in one kecamatan, and the rest, gathered alike."""

FAULT_SINCE = " or ".join(
    (
        _fault(f"quantile by (isp) (0.5, {_SINCE} {_OF_ISP}) * 1000", FAULT_OF_ISP),
        _fault(f"quantile by (kecamatan) (0.5, {_SINCE} {_OF_KECAMATAN}) * 1000", FAULT_OF_KECAMATAN),
        _fault(f"quantile by (kecamatan, isp) (0.5, {_SINCE} {_OF_NEITHER} {_IN_DARK}) * 1000", FAULT_OF_BOTH),
        _fault(f"max by (kecamatan, isp) ({_SINCE} {_OF_NEITHER} {_NOT_IN_DARK}) * 1000", FAULT_OF_POINTS),
    )
)
"""When the faults of `FAULT_POINTS` began, in ms: the median of a wide one's points, the newest of single points."""


SHIFT_CAUSES = {
    FAULT_OF_ISP: f"sum(isp:hotspots_down_unexplained:count {_OF_ISP}) or vector(0)",
    FAULT_OF_KECAMATAN: f"sum(kecamatan:hotspots_down:count {_OF_KECAMATAN}) or vector(0)",
    FAULT_OF_BOTH: f"sum(kecamatan_isp:hotspots_down:count {_OF_NEITHER} {_IN_DARK}) or vector(0)",
    FAULT_OF_POINTS: f"sum(kecamatan_isp:hotspots_down:count {_OF_NEITHER} {_NOT_IN_DARK}) or vector(0)",
}
"""Points down over time by cause."""

_WIDE = {
    FAULT_OF_ISP: (f"isp:hotspots_down_unexplained:count {_OF_ISP}", "isp"),
    FAULT_OF_KECAMATAN: (f"kecamatan:hotspots_down:count {_OF_KECAMATAN}", "kecamatan"),
    FAULT_OF_BOTH: (f"kecamatan_isp:hotspots_down:count {_OF_NEITHER} {_IN_DARK}", "kecamatan, isp"),
}
SHIFT_TIMELINE = {kind: f"max by ({labels}) ({expression})" for kind, (expression, labels) in _WIDE.items()}
"""Points hit by each wide fault over time; nothing while there is none."""


def _wide(form: str) -> str:
    return " or ".join(
        _fault(form.format(f"max by ({labels}) ({expression})"), kind) for kind, (expression, labels) in _WIDE.items()
    )


SHIFT_SECONDS = _wide("60 * count_over_time(({})[$__range:1m])")
SHIFT_POINTS = _wide("max_over_time(({})[$__range:1m])")
SHIFT_BEGAN = _wide("1000 * min_over_time(timestamp({})[$__range:1m])")
SHIFT_OPEN = _wide("{}")
SHIFT_HOTSPOTS = "count(changes(hotspot_up[$__range]) > 0) or vector(0)"
SHIFT_BLIND = "sum(60 * count_over_time((pantau_vantage_up == 0)[$__range:1m])) or vector(0)"
