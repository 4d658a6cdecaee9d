"""Who has taken up what: an alert with an active silence that has a comment is acknowledged, and known.

The exporter reads the silences from Alertmanager (`pantau run --alertmanager`). While it cannot, nobody knows whether
anybody has taken anything up, and that is said.
"""

ALERT = "alertname, severity, scope, kecamatan, isp, hotspot, uplink, contract"
"""By which alerts are told apart on a page."""

ESCALATES_SECONDS = 900
"""A page that nobody has acknowledged for so long goes to the second contact: `group_wait` of its route in base.yml."""
_HOLDS_SECONDS = 60
"""The longest that a page is pending before it fires; Prometheus tells since when it is pending."""

_SILENCED = "pantau_alert_silenced_since_timestamp_seconds"
_ASKED = "max(pantau_alertmanager_up) == 1"

TAKEN_UNKNOWN, TAKEN_BY_NOBODY, TAKEN_TOO_LATE = "?", "0", "1"
"""The label `ack` of what nobody has acknowledged: it cannot be told, not yet, not within its time."""


def _named(series: str) -> str:
    """With the label `ack`: the ticket, else who has taken it up."""
    by = f'label_replace({series}, "ack", "$1", "author", "(.*)")'
    return f'label_replace({by}, "ack", "#$1", "ticket", "(.+)")'


def _taken(alerts: str, more: str = "") -> str:
    return f'{_SILENCED}{{comment!="", alertname=~"{alerts}"{more}}}'


def taken_up(alerts: str, by: str, more: str = "") -> str:
    """One value for each of `by` of which one of these alerts is acknowledged, with the label `ack`."""
    told = ", ".join(filter(None, (by, "ack")))
    return f"topk by ({by}) (1, max by ({told}) ({_named(_taken(alerts, more))}))"


def all_taken_up(points: str, alerts: str, by: str) -> str:
    """The same of groups of points; nothing for a group of which one has not been taken up."""
    mine = f"({points}) and on (hotspot) {_taken(alerts)}"
    complete = f"count by ({by}) ({points}) == count by ({by}) ({mine})"
    named = f"({points}) * 0 + on (hotspot) group_left (ack) {taken_up(alerts, 'hotspot')}"
    return f"topk by ({by}) (1, max by ({by}, ack) ({named})) and on ({by}) ({complete})"


def with_acknowledgement(firing: str) -> str:
    """Each of the alerts `firing`, with the labels `ack` and `ticket`: who took it up and why, or a word."""
    known = f"max by ({ALERT}, ticket, author, comment) ({_taken('.+')})"
    said = f'label_join(topk by ({ALERT}) (1, {known}), "ack", ": ", "author", "comment")'
    taken = f"{said} and on ({ALERT}) {firing}"
    rest = f"({firing} unless on ({ALERT}) {_taken('.+')})"
    since = f'max by ({ALERT}) (ALERTS_FOR_STATE{{severity="page"}})'
    old = f"time() - {since} >= {ESCALATES_SECONDS + _HOLDS_SECONDS}"
    late = f"({rest} and on ({ALERT}) ({old}))"
    words = (
        (TAKEN_UNKNOWN, f"{rest} unless on () ({_ASKED})"),
        (TAKEN_TOO_LATE, f"{late} and on () ({_ASKED})"),
        (TAKEN_BY_NOBODY, f"{rest} unless on ({ALERT}) {late} and on () ({_ASKED})"),
    )
    return " or ".join((f"({taken})", *(f'label_replace({alerts}, "ack", "{word}", "", "")' for word, alerts in words)))
