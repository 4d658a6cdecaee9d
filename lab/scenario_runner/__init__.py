"""Faults of a city with real packets, and whether exactly the right notifications came of them.

`python -m lab.scenario_runner` (`make scenarios`) runs the files of lab/scenario_runner/scenarios/. In the order of the
data's flow: `scenario` is what a file may say and `reading` reads it; `selecting` finds the hotspots meant; `office` is
what watches, in a namespace of its own: exporter, Prometheus, Alertmanager and the `webhook` that they notify;
`acting` does the faults, `judging` compares what came with what was expected, `running` joins them, `table` writes.
"""
