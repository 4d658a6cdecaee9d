"""Tests of the benchmark: what it concludes from packets, logs and figures."""
