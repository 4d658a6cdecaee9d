"""The journal: the evidence that a bill rests on. What happened, append-only, each entry chained to the one before.

The exporter writes it (`writer`, `store`), reports read it. Who reads needs `Reader`::

    with Reader("sqlite:///data/journal.sqlite", folder_of_pantau_yml) as reader:
        for history in reader.histories(start_ns, end_ns):          # one hotspot after the other
            for segment in history.segments: ...                    # cover [start, end) without gap
            for outage in history.outages: ...                      # whole ones, beyond month and restart
        reader.faults(start_ns, end_ns)                             # not running, vantage, peering, journal lost
        reader.clock_doubts(start_ns, end_ns)                       # when nothing kept the clock, or nothing tells
        reader.decisions(start_ns, end_ns)                          # causes and exclusions that people entered
        reader.proposals(start_ns, end_ns), reader.approvals()      # lists of decisions, and who signed them
        reader.reasons(month_ns)                                    # why journal and Prometheus differ, as people said
        reader.hours(start_ns, end_ns)                              # requests, replies, time a state, hour by hour

Each exporter that writes is a `Source` with a chain of its own, and so is what people decide (`OFFICE`). A reader sees
the hotspots as one source saw them; a journal from before there were sources and the exporter that goes on in it are
one.

- Times are UTC in integer nanoseconds, spans half-open. Transitions are back-dated to the probe that began them.
- Time of ours in which we saw nothing is a segment with the state unknown, and its `reason`: it is in the hotspot's own
  segments, so nobody needs the faults to do sums.
- In a maintenance window `state` is maintenance and `beneath` what the probes say.
- Every segment, outage, fault and decision carries the numbers of the entries that it rests on; `Reader.entry` shows
  such an entry with its round's evidence.

It knows of the exporter only the states, the errors, and (the command line) the settings; nothing of probing.
"""

from pantau.journal.clock_doubts import ClockDoubt
from pantau.journal.decisions import Decision, decide
from pantau.journal.entries import Entry, Event, Kind
from pantau.journal.faults import MonitoringGap
from pantau.journal.heads import ChainHead, Head
from pantau.journal.inventories import ChainedInventory
from pantau.journal.lists import DecisionList, ItemKind, ListItem, digest_of_list, list_text, read_list
from pantau.journal.papers import ListApproval, ProposedList, approve_by_key, approve_by_scan, propose_list
from pantau.journal.reading import HourSum, Reader
from pantau.journal.reasons import Reason, give_reason
from pantau.journal.sources import LEGACY, OFFICE, Source, parse_source
from pantau.journal.store import Store
from pantau.journal.sums import HotspotHour, state_map
from pantau.journal.timeline import History, Outage, Segment
from pantau.journal.verification import Discrepancy, KeptDigest, fits, verify

__all__ = [
    "LEGACY",
    "OFFICE",
    "ChainHead",
    "ChainedInventory",
    "ClockDoubt",
    "Decision",
    "DecisionList",
    "Discrepancy",
    "Entry",
    "Event",
    "Head",
    "History",
    "HotspotHour",
    "HourSum",
    "ItemKind",
    "KeptDigest",
    "Kind",
    "ListApproval",
    "ListItem",
    "MonitoringGap",
    "Outage",
    "ProposedList",
    "Reader",
    "Reason",
    "Segment",
    "Source",
    "Store",
    "approve_by_key",
    "approve_by_scan",
    "decide",
    "digest_of_list",
    "fits",
    "give_reason",
    "list_text",
    "parse_source",
    "propose_list",
    "read_list",
    "state_map",
    "verify",
]
