"""Metrics: counters, snapshots and their exposition. Knows the names that `exporter/metrics/catalogue.yml` fixes."""
