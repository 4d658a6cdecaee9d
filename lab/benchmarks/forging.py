"""Forged echo replies at a steady rate, from any address of the city, with the prober's own identifier.

python -m lab.benchmarks.forging IDENTIFIER RATE TARGET
"""

import random
import socket
import struct
import sys
import time

_STEP_SECONDS = 0.01
_HEADER = struct.Struct("!BBHHHBBH4s4s")


def _forged(identifier: int, target: str, dice: random.Random) -> bytes:
    """An IPv4 packet with a right checksum; tag and token are guesses."""
    source = bytes((10, 77, dice.randrange(20), dice.randrange(1, 255)))
    body = struct.pack(
        "!BBHHHQQ", 0, 0, 0, identifier, dice.randrange(1 << 16), dice.getrandbits(64), dice.randrange(1 << 20)
    )
    total = sum(struct.unpack("!12H", body))
    total = (total & 0xFFFF) + (total >> 16)
    checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    header = _HEADER.pack(0x45, 0, 44, 0, 0, 64, socket.IPPROTO_ICMP, 0, source, socket.inet_aton(target))
    return header + body[:2] + struct.pack("!H", checksum) + body[4:]


def main(identifier: int, rate: int, target: str) -> None:
    """Send until killed."""
    dice = random.Random(1)
    packets = [_forged(identifier, target, dice) for _ in range(5000)]
    out = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    began, sent = time.monotonic(), 0
    while True:
        due = int((time.monotonic() - began) * rate)
        for number in range(sent, due):
            out.sendto(packets[number % len(packets)], (target, 0))
        sent = max(sent, due)
        time.sleep(_STEP_SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
