"""Pantau's exporter: probes a city's hotspots and exposes what it measured to Prometheus.

The folders stand in the order of the data's flow, and import only leftwards:
``scheduling -> probing -> verdicts -> metrics -> web``; ``app`` wires them.
"""
