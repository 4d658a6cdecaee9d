"""Metrics: counters, snapshots and their exposition. Knows the names that `tests/catalogue.yml` fixes."""
