"""`python -m tests.stack.scenario_runner`."""

from tests.stack.scenario_runner.command import main

main()
