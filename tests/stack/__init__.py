"""The stack: its parts alone, and the whole with real Prometheus and Alertmanager."""
