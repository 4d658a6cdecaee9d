"""What was delivered in the time range against what was promised for the month."""

from dashboards.queries.common import SCOPE, info, share
from dashboards.queries.scope import JUDGED_UP
from dashboards.queries.sight import while_seen

CONTRACT = "contract, kecamatan, isp"
_MONTH_SECONDS = "(86400 * scalar(max(last_over_time(calendar:month:days[1h])) or days_in_month(vector(time()))))"
"""Of the city's own month, as its rules record it: in UTC the first hours of a month would still be the old one's."""


def _seconds(kind: str, labels: str, known: str) -> str:
    """Seconds of all chosen points by `labels`, from the sums that are recorded by contract."""
    series = f"contract:{kind}_seconds:{known}{{{SCOPE}}}"
    return f"sum by ({labels}) ({f'sum_over_time({series}[$__range])' if known == 'hourly' else series})"


def good_seconds(labels: str) -> str:
    """Seconds of service in the time range, by `labels`; whole hours, the last up to one hour ago."""
    return _seconds("available", labels, "hourly")


def bad_seconds(labels: str) -> str:
    """Seconds without service in the time range, by `labels`."""
    return _seconds("unavailable", labels, "hourly")


def delivered(labels: str) -> str:
    """Availability in the time range by `labels`; `labels` may be empty for all together."""
    return share(good_seconds(labels), bad_seconds(labels))


OBJECTIVE = f"max by ({CONTRACT}) (pantau_contract_objective_ratio{{{SCOPE}}})"
"""The availability that each contract promises."""
POINTS = f"max by ({CONTRACT}) (pantau_contract_hotspots{{{SCOPE}}})"
"""How many points each contract pays for."""
USUAL = f"quantile(0.5, {OBJECTIVE})"
"""What the contracts usually promise."""
CONTRACTS_NUMBER = f"count({POINTS})"


_ALLOWED = f"(1 - {OBJECTIVE}) * on ({CONTRACT}) {POINTS} * {_MONTH_SECONDS}"
BUDGET_LEFT = f"({_ALLOWED} - on ({CONTRACT}) {bad_seconds(CONTRACT)}) / 3600"
"""Hours that may still be lost in the month, of all points of a contract; negative when the promise is broken."""
PACE = f"(1 - ({delivered(CONTRACT)})) / on ({CONTRACT}) (1 - {OBJECTIVE})"
"""How fast the error budget is used: at 1 it lasts for exactly the month."""
_KEPT = f"({delivered(CONTRACT)}) - on ({CONTRACT}) {OBJECTIVE}"
BELOW = f"count({_KEPT} < 0) or 0 * count({_KEPT})"
"""How many contracts have not kept their promise so far; nothing where nothing is known of any."""


def against_promise(of: str, labels: str = CONTRACT) -> str:
    """How far `of`, an availability by `labels`, lies above what the contracts promise, each weighing its points."""
    if labels == CONTRACT:
        return f"({of}) - on ({CONTRACT}) {OBJECTIVE}"
    promised = f"sum by ({labels}) ({OBJECTIVE} * on ({CONTRACT}) {POINTS})"
    points = f"sum by ({labels}) ({POINTS} and on ({CONTRACT}) {OBJECTIVE})"
    return f"({of}) - on ({labels}) {promised} / on ({labels}) {points}"


def projection(labels: str) -> str:
    """Availability at the end of the month if all days to come are like the last 24 hours."""
    days = f"(scalar(clamp_min(vector({_MONTH_SECONDS} - $__range_s), 0)) / 86400)"
    good = f"({good_seconds(labels)} + on ({labels}) {_seconds('available', labels, 'sum1d')} * {days})"
    bad = f"({bad_seconds(labels)} + on ({labels}) {_seconds('unavailable', labels, 'sum1d')} * {days})"
    return share(good, bad)


UNJUDGED = (
    f"clamp_min({POINTS} * $__range_s - on ({CONTRACT}) ({good_seconds(CONTRACT)} + {bad_seconds(CONTRACT)}), 0) / 3600"
)
"""Hours of the time range that nobody can judge: unknown, maintenance, not monitored; of all points of a contract."""
UNJUDGED_RATIO = (
    f"clamp_min(1 - ({good_seconds('')} + {bad_seconds('')}) / on () (count(hotspot_info{{{SCOPE}}}) * $__range_s), 0)"
)
"""Share of the time range of all chosen points that nobody can judge."""


def contract_availability(known: str) -> str:
    """Recorded availability by contract over `sum1d` or `latest30d`."""
    return share(_seconds("available", CONTRACT, known), _seconds("unavailable", CONTRACT, known))


def contract_online() -> str:
    """Share online by contract."""
    return while_seen(f"avg by ({CONTRACT}) ({info(JUDGED_UP, CONTRACT, SCOPE)})")
