"""Beside the report: its tables as CSV, the journal's transitions and hours beneath them, and the inventory.

Files are values here, name and bytes; who writes them is `pantau.reports.publishing`. CSV as RFC 4180 has it: UTF-8,
commas, one head; times are ISO 8601 with the offset of the contract's clocks, ratios exact (``49/50``). Before what a
spreadsheet would take for a formula stands an apostrophe (`pantau.csv_text`).
"""

from pantau.reports.annexes.hours import hours_file
from pantau.reports.annexes.inventory import inventory_snapshot
from pantau.reports.annexes.tables import table_files
from pantau.reports.annexes.transitions import transitions_file

__all__ = ["hours_file", "inventory_snapshot", "table_files", "transitions_file"]
