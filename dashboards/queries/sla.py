"""What was delivered in the time range against what was promised for the month."""

from dashboards.queries.common import SCOPE, info

CONTRACT = "contract, kecamatan, isp"
_MONTH_SECONDS = "(86400 * scalar(days_in_month()))"


def _seconds(series: str, labels: str, window: str = "") -> str:
    """Seconds of all chosen points by `labels`. Only the contract needs the inventory; a join costs as much again."""
    each = f"sum_over_time({series}{{{SCOPE}}}[{window}])" if window else f"{series}{{{SCOPE}}}"
    return f"sum by ({labels}) ({info(f'sum by (hotspot) ({each})', labels, SCOPE) if 'contract' in labels else each})"


def good_seconds(labels: str) -> str:
    """Seconds of service in the time range, by `labels`; whole hours, the last up to one hour ago."""
    return _seconds("hotspot:available_seconds:hourly", labels, "$__range")


def bad_seconds(labels: str) -> str:
    """Seconds without service in the time range, by `labels`."""
    return _seconds("hotspot:unavailable_seconds:hourly", labels, "$__range")


def _share(good: str, bad: str) -> str:
    """good / (good + bad), each asked for once; nothing where both are 0."""
    return f"1 / (1 + {bad} / {good}) >= 0"


def delivered(labels: str) -> str:
    """Availability in the time range by `labels`; `labels` may be empty for all together."""
    return _share(good_seconds(labels), bad_seconds(labels))


def objective(objectives: dict[float, list[str]], labels: str = CONTRACT) -> str:
    """The promised availability by contract; `objectives` are the contracts by what they promise."""
    terms = [
        f'max by ({labels}) (hotspot_info{{contract=~"{"|".join(sorted(contracts))}", {SCOPE}}}) * {ratio}'
        for ratio, contracts in sorted(objectives.items())
    ]
    return " or ".join(terms) or f"max by ({labels}) (hotspot_info{{{SCOPE}}})"


def points(labels: str) -> str:
    """How many hotspots there are, by `labels`."""
    return f"count by ({labels}) (hotspot_info{{{SCOPE}}})"


def budget_left(promised: str, labels: str) -> str:
    """Hours that may still be lost in the month, of all points together; negative when the promise is broken."""
    allowed = f"(1 - ({promised})) * on ({labels}) {points(labels)} * {_MONTH_SECONDS}"
    return f"({allowed} - on ({labels}) {bad_seconds(labels)}) / 3600"


def pace(promised: str, labels: str) -> str:
    """How fast the error budget is used: at 1 it lasts for exactly the month."""
    return f"(1 - ({delivered(labels)})) / on ({labels}) (1 - ({promised}))"


def projection(labels: str) -> str:
    """Availability at the end of the month if all days to come are like the last 24 hours."""
    day_good = _seconds("hotspot:available_seconds:sum1d", labels)
    day_bad = _seconds("hotspot:unavailable_seconds:sum1d", labels)
    days = f"(scalar(clamp_min(vector({_MONTH_SECONDS} - $__range_s), 0)) / 86400)"
    good = f"({good_seconds(labels)} + on ({labels}) {day_good} * {days})"
    bad = f"({bad_seconds(labels)} + on ({labels}) {day_bad} * {days})"
    return _share(good, bad)


def unjudged(labels: str) -> str:
    """Hours of the time range that nobody can judge: unknown, maintenance, not monitored; of all points together."""
    known = f"({good_seconds(labels)} + {bad_seconds(labels)})"
    return f"clamp_min({points(labels)} * $__range_s - on ({labels}) {known}, 0) / 3600"


def unjudged_ratio() -> str:
    """Share of the time range of all chosen points that nobody can judge."""
    known = f"({good_seconds('')} + {bad_seconds('')})"
    return f"clamp_min(1 - {known} / on () (count(hotspot_info{{{SCOPE}}}) * $__range_s), 0)"


def below(promised: str, labels: str) -> str:
    """How many contracts have not kept their promise so far."""
    return f"count(({delivered(labels)}) < on ({labels}) ({promised})) or vector(0)"


def contracts_number(labels: str) -> str:
    """How many contracts there are."""
    return f"count(count by ({labels}) (hotspot_info{{{SCOPE}}}))"


def usual(objectives: dict[float, list[str]]) -> str:
    """The availability that most contracts promise, as a line."""
    return f"vector({max(objectives, key=lambda ratio: len(objectives[ratio]), default=1)})"


def contract_availability(known: str) -> str:
    """Recorded availability by contract over `sum1d` or `latest30d`."""
    good = _seconds(f"hotspot:available_seconds:{known}", CONTRACT)
    return _share(good, _seconds(f"hotspot:unavailable_seconds:{known}", CONTRACT))


def contract_online() -> str:
    """Share online by contract."""
    up = f"max by (hotspot) (hotspot_up{{{SCOPE}}} unless on (hotspot) hotspot_state > 3)"
    return f"avg by ({CONTRACT}) ({info(up, CONTRACT, SCOPE)})"
