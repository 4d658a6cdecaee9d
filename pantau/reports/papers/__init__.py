"""Lists of decisions as paper: what of a month waits for two signatures, gathered, and printed to read and sign."""

from pantau.reports.papers.gathering import Gathered, gather
from pantau.reports.papers.printing import printable

__all__ = ["Gathered", "gather", "printable"]
