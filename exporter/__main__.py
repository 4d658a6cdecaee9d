"""`python -m exporter` goes on meaning `pantau`, for units and scripts from before the move."""

import runpy

runpy.run_module("pantau", run_name="__main__", alter_sys=True)
