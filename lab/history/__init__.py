"""A simulated history in a real Prometheus, and the dashboards' questions asked of it.

The simulator replays a scripted city on its virtual clock; each scrape is written to Prometheus with its own time, and
the rules of `config/rules/` are evaluated in that time, as Prometheus would have done. What the dashboards then show
can be held against the script, and timed. Nothing of the exporter, the simulator or the dashboards knows this package.
"""
