"""The wire format of heartbeats as docs/agents.md has it, to the letter: whatever else comes is the agent's fault."""

import json
import re
from typing import Any

_COUNT, _SHARE, _SECONDS = (0, 2**63 - 1), (0.0, 1.0), (0.0, 60.0)
NUMBERS: dict[str, tuple[float, float]] = {
    "seq": _COUNT,
    "uptime": _COUNT,
    "clients": _COUNT,
    "rx_bytes": _COUNT,
    "tx_bytes": _COUNT,
    "sent": _COUNT,
    "gateway_rtt": _SECONDS,
    "internet_rtt": _SECONDS,
    "loss": _SHARE,
}
WORDS = {
    "boot": r"[0-9a-f]{8,64}",
    "portal": "ok|redirect|isolir|fail",
    "dns": "ok|fail",
    "mains": "present|absent",
    "version": r"[a-z]+-[0-9.]+",
}
REQUIRED = {"boot", "seq", "uptime", "version"}


def read_heartbeat(body: bytes) -> dict[str, Any]:
    """The minute that was sent, its late ones under ``late``; `AssertionError` where anything is not as it must be."""
    minute: dict[str, Any] = json.loads(body.decode("ascii"), object_pairs_hook=_no_name_twice)
    late = minute.pop("late", [])
    _check(minute)
    for one in late:
        age = one["age"]
        assert type(age) is int, one
        assert 0 <= age <= 86_400, one
        _check({name: value for name, value in one.items() if name != "age"})
    return minute | {"late": late}


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    assert len(found) == len(pairs), pairs
    return found


def _check(minute: dict[str, Any]) -> None:
    assert set(minute) >= REQUIRED, minute
    for name, value in minute.items():
        if name in NUMBERS:
            whole = NUMBERS[name] == _COUNT
            assert type(value) in ((int,) if whole else (int, float)), (name, value)
            assert NUMBERS[name][0] <= value <= NUMBERS[name][1], (name, value)
        elif name == "unverified":
            assert value is True
        else:
            assert re.fullmatch(WORDS[name], value), (name, value)
