"""A process behind a TUN device in the city: 10.78.x.y answers an echo request after 256 x + y milliseconds.

python -m lab.benchmarks.responder 10.78.0.0/16
"""

import fcntl
import heapq
import os
import select
import struct
import subprocess
import sys
import time

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x4004_54CA, 1, 0x1000
_SPIN_SECONDS = 0.0005
"""The last moment is waited for awake, for select is late by as much."""


def _reply(packet: bytes) -> bytes:
    """The echo reply: addresses swapped, type 0, and the checksum that this changes (RFC 1624)."""
    header = (packet[0] & 0x0F) * 4
    total = int.from_bytes(packet[header + 2 : header + 4], "big") + 0x0800
    checksum = (total & 0xFFFF) + (total >> 16)
    swapped = packet[:12] + packet[16:20] + packet[12:16] + packet[20:header]
    return swapped + b"\0\0" + struct.pack("!H", checksum) + packet[header + 4 :]


def main(prefix: str) -> None:
    """Answer until killed."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH14x", b"delayed", _IFF_TUN | _IFF_NO_PI))
    subprocess.run(["ip", "link", "set", "delayed", "up"], check=True)
    subprocess.run(["ip", "route", "add", prefix, "dev", "delayed"], check=True)
    print("ready", flush=True)
    waiting: list[tuple[float, bytes]] = []
    while True:
        wait = None if not waiting else max(waiting[0][0] - time.monotonic() - _SPIN_SECONDS, 0)
        if select.select([device], [], [], wait)[0]:
            packet = os.read(device, 2048)
            if packet[0] >> 4 == 4 and packet[9] == 1:
                due = time.monotonic() + (packet[18] * 256 + packet[19]) / 1000
                heapq.heappush(waiting, (due, _reply(packet)))
        while waiting and waiting[0][0] <= time.monotonic():
            os.write(device, heapq.heappop(waiting)[1])


if __name__ == "__main__":
    main(sys.argv[1])
