"""What crosses between the exporter and its door: lines of JSON, one message each. Both ends trust one another."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from exporter.agents_door.order import Order, facts_of, orders_of
from exporter.agents_door.wire import Heartbeat
from exporter.probing.agent.beats import Beat, DoorPlan, LateMinute, Minute

MOST_LINE_BYTES = 64 << 20
"""Of the plan of a city beyond all bounds: 100,000 points are 5 MB."""


def plan_line(plan: DoorPlan, orders: Mapping[str, Order]) -> bytes:
    """To the door: whom to let in, and what was heard of them."""
    known = {name: order for name, order in orders.items() if name in plan.points}
    return _line({**asdict(plan), "orders": facts_of(known)})


def read_plan(line: bytes) -> tuple[DoorPlan, dict[str, Order]]:
    """What `plan_line` has made."""
    told = json.loads(line)
    orders = orders_of(told.pop("orders"))
    told["listen"], told["key_files"] = tuple(told["listen"]), tuple(told["key_files"])
    return DoorPlan(**told), orders


def beat_line(hotspot: str, at_ns: int, wall_ns: int, heartbeat: Heartbeat, late_seconds: float) -> bytes:
    """To the exporter: a heartbeat that was let in."""
    beat = Beat(
        *(hotspot, at_ns, wall_ns, heartbeat.boot, heartbeat.seq, heartbeat.minute()),
        *(heartbeat.late_minutes(late_seconds), heartbeat.version, not heartbeat.unverified),
    )
    return _line({"beat": beat})


def count_line(counts: Mapping[str, int]) -> bytes:
    """To the exporter: what was answered since the last such line."""
    return _line({"counts": counts})


def open_line(port: int) -> bytes:
    """To the exporter: the door is open."""
    return _line({"open": port})


def problem_line(text: str) -> bytes:
    """To the exporter: why the door cannot be opened."""
    return _line({"problem": text})


def read_beat(fields: list[Any]) -> Beat:
    """What `beat_line` has made of a heartbeat."""
    hotspot, at_ns, wall_ns, boot, seq, minute, late, version, verified = fields
    minutes = tuple(LateMinute(age, Minute(*measured)) for age, measured in late)
    return Beat(hotspot, at_ns, wall_ns, boot, seq, Minute(*minute), minutes, version, verified)


def _line(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"
