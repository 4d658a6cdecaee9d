"""What an ICMP error means: which ones conclude that a probe cannot arrive, why, and which are advice alone.

Destination unreachable and time exceeded say that a packet was thrown away. All others say how packets should go (a
redirect: RFC 792, RFC 4861), how fast (source quench, deprecated by RFC 6633) or how large (fragmentation needed,
packet too big: RFC 1191, RFC 8201), or blame a header; a packet that a router redirects it also forwards.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from exporter.probing.icmp.transport import Family
from exporter.probing.outcome import Bool, Int8, Int32, Outcome

UNREACHABLE: dict[Family, int] = {4: 3, 6: 1}
TIME_EXCEEDED: dict[Family, int] = {4: 11, 6: 3}
REDIRECT: dict[Family, int] = {4: 5, 6: 137}
SOURCE_QUENCH: Final = 4
PARAMETER_PROBLEM: dict[Family, int] = {4: 12, 6: 4}
PACKET_TOO_BIG: Final = 2
_FRAGMENTATION_NEEDED = 4

IGNORED_TYPES = ("redirect", "source_quench", "packet_too_big", "parameter_problem", "other")
"""The label ``type`` of `pantau_icmp_ignored_total`."""
_REDIRECT, _QUENCH, _TOO_BIG, _PARAMETER, _OTHER = range(len(IGNORED_TYPES))
_IGNORED: dict[Family, dict[int, int]] = {
    4: {REDIRECT[4]: _REDIRECT, SOURCE_QUENCH: _QUENCH, UNREACHABLE[4]: _TOO_BIG, PARAMETER_PROBLEM[4]: _PARAMETER},
    6: {REDIRECT[6]: _REDIRECT, PACKET_TOO_BIG: _TOO_BIG, PARAMETER_PROBLEM[6]: _PARAMETER},
}


def _table(default: int, values: dict[int, int]) -> Int8:
    table = np.full(256, default, np.int8)
    for place, value in values.items():
        table[place] = value
    return table


_NET, _HOST, _PROHIBITED = int(Outcome.UNREACHABLE_NET), int(Outcome.UNREACHABLE_HOST), int(Outcome.PROHIBITED)
_CODES: dict[Family, Int8] = {
    4: _table(_HOST, {0: _NET, 5: _NET, 6: _NET, 11: _NET} | dict.fromkeys((9, 10, 13, 14, 15), _PROHIBITED)),
    6: _table(_HOST, {0: _NET, 2: _NET, 1: _PROHIBITED, 5: _PROHIBITED, 6: _PROHIBITED}),
}
_IGNORED_BY_TYPE: dict[Family, Int8] = {4: _table(_OTHER, _IGNORED[4]), 6: _table(_OTHER, _IGNORED[6])}


def concluding(family: Family, types: Int32, codes: Int32) -> Bool:
    """Which of these errors say that the quoted packet was thrown away for good."""
    unreachable: Bool = types == UNREACHABLE[family]
    if family == 4:
        unreachable &= codes != _FRAGMENTATION_NEEDED
    exceeded: Bool = types == TIME_EXCEEDED[family]
    return unreachable | exceeded


def classify_errors(family: Family, types: Int32, codes: Int32) -> NDArray[np.int8]:
    """The `Outcome` that each of these `concluding` errors gives a probe that stays without a reply."""
    outcome = _CODES[family][codes & 0xFF]
    return np.where(types == TIME_EXCEEDED[family], np.int8(Outcome.TTL_EXCEEDED), outcome)


def count_ignored(family: Family, types: Int32) -> dict[str, int]:
    """How many there are of each of `IGNORED_TYPES` among errors that are not `concluding`."""
    counts = np.bincount(_IGNORED_BY_TYPE[family][types & 0xFF], minlength=len(IGNORED_TYPES))
    return dict(zip(IGNORED_TYPES, counts.tolist(), strict=True))
