"""What measures and tries, and is not installed: benchmarks, recorded histories, scenarios over real packets, tools."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout: the lab is never installed, so its prometheus.yml, config/ and docs/ are always beside it."""
