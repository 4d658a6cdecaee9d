"""The journal: the evidence that a bill rests on. What happened, append-only, each entry chained to the one before.

The exporter writes it (`writer`, `store`), reports read it. Who reads needs `Reader`::

    with Reader("sqlite:///data/journal.sqlite", folder_of_pantau_yml) as reader:
        for history in reader.histories(start_ns, end_ns):          # one hotspot after the other
            for segment in history.segments: ...                    # cover [start, end) without gap
            for outage in history.outages: ...                      # whole ones, beyond month and restart
        reader.faults(start_ns, end_ns)                             # not running, vantage, peering, journal lost
        reader.decisions(start_ns, end_ns)                          # causes and exclusions that people entered
        reader.reasons(month_ns)                                    # why journal and Prometheus differ, as people said
        reader.hours(start_ns, end_ns)                              # requests, replies, time a state, hour by hour

- Times are UTC in integer nanoseconds, spans half-open. Transitions are back-dated to the probe that began them.
- Time of ours in which we saw nothing is a segment with the state unknown, and its `reason`: it is in the hotspot's own
  segments, so nobody needs the faults to do sums.
- In a maintenance window `state` is maintenance and `beneath` what the probes say.
- Every segment, outage, fault and decision carries the numbers of the entries that it rests on; `Reader.entry` shows
  such an entry with its round's evidence.

It knows of the exporter only the states, the errors, and (the command line) the settings; nothing of probing.
"""

from pantau.journal.decisions import Decision, decide
from pantau.journal.entries import Entry, Event, HotspotHour, Kind
from pantau.journal.faults import Fault
from pantau.journal.reading import Head, HourSum, Reader
from pantau.journal.reasons import Reason, give_reason
from pantau.journal.store import Store
from pantau.journal.timeline import History, Outage, Segment
from pantau.journal.verification import Expected, Finding, fits, verify

__all__ = [
    "Decision",
    "Entry",
    "Event",
    "Expected",
    "Fault",
    "Finding",
    "Head",
    "History",
    "HotspotHour",
    "HourSum",
    "Kind",
    "Outage",
    "Reader",
    "Reason",
    "Segment",
    "Store",
    "decide",
    "fits",
    "give_reason",
    "verify",
]
