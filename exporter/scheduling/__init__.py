"""Scheduling: which probe leaves when. It knows indices and times, neither addresses nor verdicts."""
