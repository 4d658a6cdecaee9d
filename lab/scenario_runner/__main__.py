"""`python -m lab.scenario_runner`."""

from lab.scenario_runner.command import main

main()
