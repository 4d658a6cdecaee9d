"""The whole stack on one machine without containers: exporter, Prometheus, Alertmanager, a notification receiver.

`pantau.cli.stack` parses; `app` wires. `programs`, `ports`, `folder` and `configuration` prepare; `parts` says how each
part is started, `processes` owns the children, and `supervision` starts again what has ended; `receiver` takes
notifications and `notices` words them; `summary` counts, and `screen` is the terminal. It stands above the exporter.
"""
