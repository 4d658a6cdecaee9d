"""What measures and tries, and is not installed: benchmarks, recorded histories, scenarios over real packets, tools."""
