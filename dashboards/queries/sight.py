"""Whether we see: what every figure, every list and every piece of good news depends on.

Nothing is said of the city while it cannot be seen: a zero, a share or "no faults" that only means that nobody looked
is the worst that a screen can show. So each zero here is one that was counted (`or_zero`), good news is an answer that
is given only while we see (`SEEN`), and a share waits until enough of what was known before a blind spell is known
again.
"""

from dashboards.queries.common import EVERY

_NOT_SCRAPED = 'absent(up{job="pantau"} == 1)'
_CUT = "pantau_vantage_up == 0"

BLIND = f"(vantage:unseen:state >= 2 or on () {_CUT} or on () {_NOT_SCRAPED})"
"""Present while we do not see: our path is cut, or no exporter is scraped. The scrape says it before the rule does."""
WAITING = f"(vantage:unseen:state > 0 or on () {_CUT} or on () {_NOT_SCRAPED})"
"""Present while we do not see, and until enough is known again."""
SEEN = f"(max(pantau_vantage_up) unless on () {BLIND})"
"""1 while we see, else nothing."""


def while_seen(expression: str) -> str:
    """The expression, and nothing while the share of a few would be taken for that of all."""
    return f"({expression}) unless on () {WAITING}"


def or_zero(expression: str) -> str:
    """The expression, which has no labels; 0 where it answers nothing and we see."""
    return f"{expression} or 0 * {SEEN}"


NONE = "none"
"""The value of a label that says that there is nothing of the kind: good news."""


def none_of(expression: str, label: str) -> str:
    """One line with `label` as `NONE`, about all, while we see and `expression` answers nothing."""
    line = f"0 * {SEEN} unless on () ({expression})"
    for name, value in ((label, NONE), ("kecamatan", EVERY), ("isp", EVERY)):
        line = f'label_replace({line}, "{name}", "{value}", "", "")'
    return line


SIGHT = "max(vantage:unseen:state)"
"""0 we see, 1 not yet all again, 2 our own path is cut, 3 no exporter is scraped."""
UNSEEN_SECONDS = "increase(vantage:unseen_seconds:total[$__range])"
"""How long we have not seen, in seconds, measured by the rules."""
UNKNOWN_LONG = "vantage:hotspots_unknown_long:count > 0"
"""Points that nobody waits for any more."""

MEASUREMENT_HEALTH = (
    f"max({_NOT_SCRAPED}) * 5"
    f" or (max(pantau_vantage_up) < 1) * 0 + 4"
    " or max(vantage:unseen:state == 1) * 3"
    " or (max(increase(pantau_socket_receive_drops_total[5m]) + increase(pantau_clock_steps_total[5m])) > 0) * 0 + 2"
    " or (max(1 - pantau_config_last_reload_successful) > 0)"
    " or 0 * max(pantau_vantage_up)"
)
"""0 good, 1 old configuration, 2 measurement impaired, 3 not all known again, 4 our own path cut, 5 not running."""
