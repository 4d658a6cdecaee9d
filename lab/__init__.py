"""What is measured and tried, and not installed: benchmarks, simulated pasts, scenarios over real packets."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout: the lab is never installed, so its prometheus.yml, config/ and docs/ are always beside it."""
