"""`python -m exporter` is `pantau`."""

from exporter.cli import main

main()
