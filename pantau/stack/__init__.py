"""The whole stack on one machine without containers: exporter, Prometheus, Alertmanager, a notification receiver.

`cli` parses; `app` wires. `programs`, `ports`, `folder` and `configuration` prepare; `parts` says how each part is
started, `processes` owns the children; `receiver` takes notifications and `notices` words them; `summary` counts, and
`screen` is the terminal. It stands above the exporter and nothing imports it.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout: what prometheus.yml and config/ are relative to."""
