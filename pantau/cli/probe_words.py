"""What became of a probe, in words for the person who asked. Indonesian first, English second."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from exporter.probing.outcome import CONCLUSIVE, NO_RTT, Observations, Outcome
from pantau.clock import NANOSECONDS

MEANINGS: dict[Outcome, tuple[str, str]] = {
    Outcome.REPLY: ("menjawab", "it answered"),
    Outcome.TIMEOUT: (
        "tidak ada jawaban: perangkat mati, kabel putus, atau ICMP diblokir",
        "no answer: the device is off, the line is cut, or ICMP is filtered",
    ),
    Outcome.UNREACHABLE_NET: (
        "router menjawab: jaringan tidak terjangkau, rute ke sana tidak ada",
        "a router answered: network unreachable, there is no route to it",
    ),
    Outcome.UNREACHABLE_HOST: (
        "router menjawab: host tidak terjangkau, perangkat tidak ada di jaringannya",
        "a router answered: host unreachable, the device is not on its network",
    ),
    Outcome.PROHIBITED: (
        "router menjawab: dilarang oleh aturan (firewall), bukan gangguan saluran",
        "a router answered: prohibited by a rule (firewall); the line itself may be well",
    ),
    Outcome.TTL_EXCEEDED: (
        "router menjawab: TTL habis, paket berputar-putar (routing loop)",
        "a router answered: TTL exceeded, the packet runs in a routing loop",
    ),
    Outcome.RESOLVE: ("nama tidak dapat ditemukan", "the name has no address"),
    Outcome.SEND: (
        "paket tidak dapat dikirim dari sini: periksa rute dan antarmuka mesin ini",
        "the packet could not leave this machine: look at its routes and interfaces",
    ),
    Outcome.INCONCLUSIVE: (
        "tidak pasti: penerimaan kita sendiri terganggu",
        "inconclusive: our own receiving was disturbed",
    ),
}
UNUSABLE = (
    "balasan datang, tetapi tidak dapat dihitung (lihat di bawah)",
    "a reply came, but none that counts (see below)",
)
"""In place of silence, where something came."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The verdict on a handful of probes."""

    sent: int
    replies: int
    conclusive: int
    median_rtt_seconds: float | None
    verdict: tuple[str, str]
    """Indonesian, English."""


def rtt_text(rtt_ns: int) -> str:
    """A round-trip time as people write it."""
    return "RTT ?" if rtt_ns == NO_RTT else f"RTT {rtt_ns / 1e6:.2f} ms"


def judged(outcomes: Sequence[Observations]) -> Tally:
    """Count, and say what the exporter's rule would make of it."""
    results = Observations.concatenate(outcomes)
    replied = results.outcome == Outcome.REPLY
    conclusive = int(CONCLUSIVE[results.outcome].sum())
    timed = results.rtt_ns[replied & (results.rtt_ns != NO_RTT)]
    replies = int(replied.sum())
    if replies and replies == conclusive:
        verdict = ("HIDUP: semua probe dijawab", "UP: every probe was answered")
    elif replies:
        verdict = (
            f"HIDUP dengan kehilangan {1 - replies / conclusive:.0%}",
            f"UP with {1 - replies / conclusive:.0%} loss",
        )
    elif conclusive:
        verdict = ("MATI: tidak satu pun dijawab", "DOWN: none was answered")
    else:
        verdict = ("TIDAK DIKETAHUI: masalahnya di sisi kita", "UNKNOWN: the trouble is on our side")
    median = float(np.median(timed)) / NANOSECONDS if len(timed) else None
    return Tally(len(results), replies, conclusive, median, verdict)
