"""What is measured and tried, and not installed: benchmarks, simulated pasts, scenarios over real packets."""
