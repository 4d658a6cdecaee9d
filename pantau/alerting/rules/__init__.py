"""Prometheus' rule files, built from `config/thresholds.yml` and the templates in `templates/`.

`figures` is one threshold's value, `thresholds` all of them, `wording` their words; `rendering` fills the templates,
`conventions` adds what every rule has, `mentions` keeps runbooks at the same values, `building` writes the files and
finds what differs.
"""

from pantau.alerting.rules.building import build, drift
from pantau.alerting.rules.rendering import rendered
from pantau.alerting.rules.thresholds import read

__all__ = ["build", "drift", "read", "rendered"]
