"""A scripted month: the real exporter and journal play it, and its report is held against the script.

`test_month` plays two days of a small city; ``make month`` the whole month of 1000 hotspots.
"""
