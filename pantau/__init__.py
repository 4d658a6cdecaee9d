"""Pantau: monitoring of a city's public WiFi hotspots. Imports nothing, so that the core below and the commands above
the exporter make no circle."""

__version__ = "0.1.0"
