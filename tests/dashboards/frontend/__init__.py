"""The dashboards in a real Grafana frontend and a real Chromium, where a built frontend is at hand: no Grafana server.

`frames` gives Prometheus' answers the shape that Grafana's data source has, `boot` says what a server tells its
frontend at the start, `stage` serves both and the dashboards, `browser` drives Chromium and tells what panels show.
"""
