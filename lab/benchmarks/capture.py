"""The wire's own truth: what passed the veth and when, by the kernel's stamps in tcpdump's nanosecond pcap."""

import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import inet_ntoa
from tempfile import TemporaryDirectory

from lab.benchmarks.network import PROBER_LINK, BenchNetwork

Passed = dict[str, list[tuple[float, float]]]
"""By address, in the order of sending: Unix seconds of the request, and the RTT in seconds on the wire."""

_ETHERNET = 14
_ECHO_REPLY, _ECHO_REQUEST = 0, 8
_FLUSH_SECONDS = 0.5


@contextmanager
def capturing(network: BenchNetwork) -> Iterator[Passed]:
    """A dictionary that is filled when the context ends."""
    passed: Passed = {}
    with TemporaryDirectory(prefix="pantau-capture-") as folder:
        file = Path(folder) / "probes.pcap"
        command = ["tcpdump", "-i", PROBER_LINK, "-w", str(file), "--time-stamp-precision=nano", "-B", "65536"]
        tcpdump = network.start(
            [*command, "-s", "128", "-n", "--immediate-mode", "-Z", "root", "icmp"], stderr=subprocess.PIPE, text=True
        )
        assert tcpdump.stderr is not None
        assert any("listening" in line for line in tcpdump.stderr)
        yield passed
        time.sleep(_FLUSH_SECONDS)
        tcpdump.terminate()
        told = tcpdump.communicate(timeout=30)[1]
        assert " 0 packets dropped by kernel" in " " + told.replace("\n", " "), told
        passed |= read_pcap(file.read_bytes())


def read_pcap(data: bytes) -> Passed:
    """Pair requests with replies by both addresses, identifier, sequence and payload."""
    assert data[:4] == struct.pack("<I", 0xA1B23C4D), "not a nanosecond pcap of this machine"
    passed: Passed = {}
    waiting: dict[tuple[str, bytes], tuple[int, int]] = {}
    place = 24
    while place + 16 <= len(data):
        seconds, nanoseconds, size, _ = struct.unpack_from("<IIII", data, place)
        frame = data[place + 16 : place + 16 + size]
        place += 16 + size
        header = (frame[_ETHERNET] & 0x0F) * 4
        message, at = frame[_ETHERNET + header :], (seconds, nanoseconds)
        source, destination = frame[_ETHERNET + 12 : _ETHERNET + 16], frame[_ETHERNET + 16 : _ETHERNET + 20]
        if message[0] == _ECHO_REQUEST:
            waiting[inet_ntoa(destination), message[4:]] = at
        elif message[0] == _ECHO_REPLY and (sent := waiting.pop((inet_ntoa(source), message[4:]), None)):
            rtt = (at[0] - sent[0]) + (at[1] - sent[1]) / 1e9
            passed.setdefault(inet_ntoa(source), []).append((sent[0] + sent[1] / 1e9, rtt))
    for probes in passed.values():
        probes.sort()
    return passed
