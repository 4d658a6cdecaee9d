"""`python -m exporter.agents_door`: what `Door` starts. Nobody else calls it."""

from exporter.agents_door.process import main

main()
