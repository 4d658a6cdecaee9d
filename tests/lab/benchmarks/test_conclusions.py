"""What the benchmark concludes: from captured packets, from a soak's log, from figures."""

import struct
from socket import inet_aton
from typing import Any

import numpy as np
import pytest

from exporter.probing.icmp.packet import checksum
from lab.benchmarks.bars import judge
from lab.benchmarks.capture import read_pcap
from lab.benchmarks.churn import Cut, compare
from lab.benchmarks.responder import _reply

BEGAN = 1_700_000_000.0


def _frame(at: float, kind: int, source: str, destination: str, body: bytes) -> bytes:
    packet = b"\0" * 12 + b"\x08\0" + b"\x45" + b"\0" * 8 + b"\x01\0\0" + inet_aton(source) + inet_aton(destination)
    packet += bytes([kind, 0, 0, 0]) + body
    seconds = int(at)
    return struct.pack("<IIII", seconds, round((at - seconds) * 1e9), len(packet), len(packet)) + packet


def test_the_wire_pairs_by_address_identifier_sequence_and_payload() -> None:
    """A reply of another address, or of other bytes, is no answer; a request without one does not appear."""
    frames = [
        _frame(10.0, 8, "10.76.0.1", "10.77.0.1", b"one"),
        _frame(10.25, 8, "10.76.0.1", "10.77.0.2", b"two"),
        _frame(10.5, 0, "10.77.0.1", "10.76.0.1", b"one"),
        _frame(10.75, 0, "10.77.0.2", "10.76.0.1", b"xxx"),
        _frame(10.75, 0, "10.77.0.3", "10.76.0.1", b"two"),
    ]
    data = struct.pack("<I", 0xA1B23C4D) + b"\0" * 20 + b"".join(frames)
    assert read_pcap(data) == {"10.77.0.1": [(10.0, 0.5)]}


def test_the_responder_answers_with_a_right_checksum() -> None:
    """Type 0, addresses swapped, everything else as it came."""
    request = bytes([8, 0, 0, 0]) + b"\x12\x34\x00\x07" + b"payload!"
    total = sum(struct.unpack("!8H", request))
    request = request[:2] + struct.pack("!H", ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF) + request[4:]
    packet = b"\x45" + b"\0" * 11 + inet_aton("10.76.0.1") + inet_aton("10.78.0.9") + request
    reply = _reply(packet)
    assert reply[12:20] == inet_aton("10.78.0.9") + inet_aton("10.76.0.1")
    assert (reply[20], reply[24:]) == (0, request[4:])
    assert checksum(np.frombuffer(reply[20:], np.uint8)[None, :]).tolist() == [0]


def _change(hotspot: int, after: str, since: float, before: str = "up") -> dict[str, Any]:
    return {
        "hotspot": f"h{hotspot}",
        "before": before,
        "after": after,
        "since_timestamp_seconds": since,
        "timestamp": "2026-01-01T00:00:00Z",
        "reason": "timeout",
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([_change(1, "down", BEGAN + 3), _change(1, "up", BEGAN + 41, "down")], 0),
        ([], 1),
        ([_change(1, "down", BEGAN - 5)], 2),
        ([_change(1, "down", BEGAN + 3), _change(1, "up", BEGAN + 20, "down")], 1),
        ([_change(1, "down", BEGAN + 3), _change(2, "down", BEGAN + 3)], 1),
        ([_change(1, "down", BEGAN + 3), _change(1, "degraded", BEGAN + 20, "down")], 1),
        ([_change(1, "down", BEGAN + 3, "unknown"), _change(2, "unknown", BEGAN + 3)], 0),
    ],
)
def test_a_soak_finds_wrong_and_missing_verdicts(changes: list[dict[str, Any]], expected: int) -> None:
    """One hotspot was cut for 40 s, another for 5 s, which need not be found."""
    cuts = [Cut(1, BEGAN, 0.0, BEGAN + 40), Cut(3, BEGAN, 0.0, BEGAN + 5)]
    assert len(compare(cuts, changes, 18.0).wrong) == expected


def test_a_second_cut_before_recovery_needs_no_second_verdict() -> None:
    """It stays down through both cuts; one that has recovered in between must go down again."""
    cuts = [Cut(1, BEGAN, 0.0, BEGAN + 40), Cut(1, BEGAN + 45, 0.0, BEGAN + 90)]
    down, up = _change(1, "down", BEGAN + 3), _change(1, "up", BEGAN + 91, "down")
    assert compare(cuts, [down], 18.0).wrong == []
    assert compare(cuts, [down, up | {"timestamp": "2023-11-14T22:15:02Z"}], 18.0).wrong == []  # BEGAN + 102
    risen = up | {"timestamp": "2023-11-14T22:14:03Z", "since_timestamp_seconds": BEGAN + 41}  # decided at BEGAN + 43
    assert len(compare(cuts, [down, risen], 18.0).wrong) == 1


def test_unknown_is_no_verdict_and_is_counted_apart() -> None:
    """A cut that was not detected while the state was unknown is no wrong verdict; another one is."""
    cuts = [Cut(1, BEGAN, 0.0, BEGAN + 40), Cut(2, BEGAN, 0.0, BEGAN + 40)]
    found = compare(cuts, [_change(1, "unknown", BEGAN + 3), _change(7, "unknown", BEGAN + 3)], 18.0)
    assert (len(found.wrong), len(found.unknown), found.unseen) == (1, 2, 1)


@pytest.mark.parametrize(("ratio", "holds"), [(1.0, "holds"), (1.01, "**missed**")])
def test_a_bar_is_missed_by_a_hundredth(ratio: float, holds: str) -> None:
    """At 1000 probes a second, no more than fping."""
    row = {"rate": 1000, "peer": "fping", "pantau_ratio": {"median": ratio}}
    assert judge({"rows": {"cost": {"results": [row]}}}) == [
        ("cost at 1000 probes/s", "<= 1 x fping", f"{ratio:.2f} x", holds)
    ]
