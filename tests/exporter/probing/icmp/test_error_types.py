"""What ICMP errors mean: which conclude, which advise, and the reason that each gives."""

import numpy as np
import pytest

from exporter.probing.icmp.error_types import IGNORED_TYPES, classify_errors, concluding, count_ignored
from exporter.probing.icmp.transport import Family
from exporter.probing.outcome import Outcome

NET, HOST, BANNED, TTL = Outcome.UNREACHABLE_NET, Outcome.UNREACHABLE_HOST, Outcome.PROHIBITED, Outcome.TTL_EXCEEDED

CODES: dict[Family, dict[int, Outcome]] = {
    4: {  # RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1
        0: NET,
        1: HOST,
        2: HOST,
        3: HOST,
        5: NET,
        6: NET,
        7: HOST,
        8: HOST,
        9: BANNED,
        10: BANNED,
        11: NET,
        12: HOST,
        13: BANNED,
        14: BANNED,
        15: BANNED,
        16: HOST,
        255: HOST,
    },
    6: {0: NET, 1: BANNED, 2: NET, 3: HOST, 4: HOST, 5: BANNED, 6: BANNED, 7: HOST, 255: HOST},  # RFC 4443 3.1
}


@pytest.mark.parametrize(("family", "unreachable"), [(4, 3), (6, 1)])
def test_each_code_of_unreachable_has_its_reason(family: Family, unreachable: int) -> None:
    """Net, host and admin unreachable are told apart; what a later RFC adds is host unreachable."""
    codes = np.array(list(CODES[family]), np.int32)
    found = classify_errors(family, np.full(len(codes), unreachable, np.int32), codes)
    assert dict(zip(codes.tolist(), map(Outcome, found.tolist()), strict=True)) == CODES[family]


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("code", [0, 1, 9, 13])
def test_time_exceeded_means_one_thing_whatever_its_code(family: Family, code: int) -> None:
    """In transit or in reassembly."""
    kind = {4: 11, 6: 3}[family]
    assert classify_errors(family, np.array([kind], np.int32), np.array([code], np.int32)).tolist() == [TTL]


CONCLUDING: dict[Family, set[tuple[int, int]]] = {
    4: {(3, code) for code in range(256) if code != 4} | {(11, code) for code in range(256)},
    6: {(kind, code) for kind in (1, 3) for code in range(256)},
}


@pytest.mark.parametrize("family", [4, 6])
def test_only_unreachable_and_time_exceeded_conclude(family: Family) -> None:
    """Of all types and codes that there are; "fragmentation needed" is no unreachable host."""
    types, codes = (numbers.ravel().astype(np.int32) for numbers in np.mgrid[0:256, 0:256])
    picked = concluding(family, types, codes)
    assert set(zip(types[picked].tolist(), codes[picked].tolist(), strict=True)) == CONCLUDING[family]


@pytest.mark.parametrize(
    ("family", "kind", "name"),
    [
        (4, 5, "redirect"),
        (4, 4, "source_quench"),
        (4, 3, "packet_too_big"),
        (4, 12, "parameter_problem"),
        (4, 40, "other"),
        (6, 137, "redirect"),
        (6, 2, "packet_too_big"),
        (6, 4, "parameter_problem"),
        (6, 100, "other"),
    ],
)
def test_each_advice_has_its_name(family: Family, kind: int, name: str) -> None:
    """The closed list of the label ``type``; of IPv4's unreachable only "fragmentation needed" is ever advice."""
    counts = count_ignored(family, np.array([kind, kind], np.int32))
    assert counts == dict.fromkeys(IGNORED_TYPES, 0) | {name: 2}
