"""What must hold between settings. Pure; a rule is skipped where a field it needs is not usable."""

from collections.abc import Collection

from pantau.inventory.bursts import BURST_SECONDS, needed_burst
from pantau.inventory.durations import format_duration
from pantau.inventory.settings import (
    IPV6_PAYLOAD_BYTES,
    LEAST_PAYLOAD_BYTES,
    PACKET_SPACING_SECONDS,
    Settings,
)
from pantau.inventory.validation import Checked, FieldProblem
from pantau.inventory.wording import did_you_mean, quote


def check_settings(settings: Checked[Settings]) -> list[FieldProblem]:
    """Everything that makes the settings unusable."""
    return [*_check_round(settings), *_check_packets(settings), *_check_canaries(settings)]


def warn_settings(settings: Checked[Settings]) -> list[FieldProblem]:
    """What is usable and yet probably a mistake."""
    if settings.value.vantage.canaries:
        return []
    message = (
        "no canaries are configured: our own faults cannot be told from the city's; name two or three hosts near us"
    )
    return [FieldProblem(("vantage", "canaries"), message)]


def _check_round(settings: Checked[Settings]) -> list[FieldProblem]:
    """A round must end before the next one of the same hotspot begins."""
    if not settings.usable("probing.interval", "probing.timeout"):
        return []
    probing = settings.value.probing
    interval, timeout = format_duration(probing.interval_seconds), format_duration(probing.timeout_seconds)
    if probing.timeout_seconds >= probing.interval_seconds:
        message = f"{timeout} is not less than the interval, {interval}; shorten the timeout or lengthen the interval"
        return [FieldProblem(("probing", "timeout"), message)]
    if not settings.usable("probing.packets"):
        return []
    needed = (probing.packets - 1) * PACKET_SPACING_SECONDS + probing.timeout_seconds
    if round(needed, 6) <= probing.interval_seconds:
        return []
    spacing = format_duration(PACKET_SPACING_SECONDS)
    message = (
        f"{probing.packets} packets, {spacing} apart, and a timeout of {timeout} take {format_duration(needed)}, "
        f"more than the interval, {interval}; send fewer packets or lengthen the interval"
    )
    return [FieldProblem(("probing", "packets"), message)]


def _check_packets(settings: Checked[Settings]) -> list[FieldProblem]:
    """What leaves has to fit its family and its engine."""
    return [
        FieldProblem(("probing", key), message)
        for key, message in (("size", _size_fault(settings)), ("source", _source_fault(settings)))
        if message
    ]


def _size_fault(settings: Checked[Settings]) -> str | None:
    if not settings.usable("probing.size", "probing.family", "probing.engine"):
        return None
    probing = settings.value.probing
    if probing.engine == "aioping" and probing.size != LEAST_PAYLOAD_BYTES:
        return "the aioping engine always sends 192 bytes; leave size out, or choose engine: batch"
    if probing.size > IPV6_PAYLOAD_BYTES and probing.family != "ipv4":
        cure = f"write at most {IPV6_PAYLOAD_BYTES}, or probe IPv4 only with family: ipv4"
        return f"{probing.size} bytes do not fit into an IPv6 packet of 1500; {cure}"
    return None


def _source_fault(settings: Checked[Settings]) -> str | None:
    if not settings.usable("probing.source", "probing.family"):
        return None
    source, family = settings.value.probing.source, settings.value.probing.family
    if source is None or source.interface is not None or family == "any":
        return None
    if (source.ipv4 if family == "ipv4" else source.ipv6) is not None:
        return None
    return f"names no address of the family that is probed, {family}; add one, or write family: any"


def _check_canaries(settings: Checked[Settings]) -> list[FieldProblem]:
    vantage, problems = settings.value.vantage, []
    canaries = vantage.canaries or ()  # of those that are not right, the right half
    for key in ("name", "address"):
        first: dict[str, int] = {}
        for index, canary in enumerate(canaries):
            text = getattr(canary, key)
            if text and first.setdefault(text, index) != index:
                message = f"{quote(text)} is the {key} of vantage.canaries.{first[text]} too; each canary needs its own"
                problems.append(FieldProblem(("vantage", "canaries", index, key), message))
    general = [canary for canary in canaries if canary.isp is None]
    if canaries and not general:
        message = "each canary proves the path to an ISP, none our own; add one or two without isp, near us"
        problems.append(FieldProblem(("vantage", "canaries"), message))
    elif canaries and settings.usable("vantage.quorum") and vantage.quorum > len(general):
        of_all = "canaries" if len(general) == len(canaries) else "canaries without isp"
        message = f"{vantage.quorum} is more than there are {of_all}, {len(general)}; lower it or add canaries"
        problems.append(FieldProblem(("vantage", "quorum"), message))
    return problems


def check_burst(settings: Checked[Settings], probed: int) -> list[FieldProblem]:
    """The probes of an interval, of so many targets, must be able to leave in it."""
    if not settings.usable("probing.burst", "probing.interval", "probing.packets"):
        return []
    probing = settings.value.probing
    rate = probed * probing.packets / probing.interval_seconds
    if probing.burst is None or probing.burst >= needed_burst(rate):
        return []
    needed, interval = needed_burst(rate), format_duration(probing.interval_seconds)
    message = (
        f"{probing.burst} within {format_duration(BURST_SECONDS)} is too small for {probed} targets each {interval}, "
        f"{rate:.0f} packets a second; write {needed} or more, or leave it out"
    )
    return [FieldProblem(("probing", "burst"), message)]


def check_snmp_ids(
    settings: Checked[Settings], isps: Collection[str] | None, hotspots: Collection[str] | None
) -> list[FieldProblem]:
    """ISPs and hotspots that `snmp` names are in the inventory; None where that is not known as a whole."""
    if not settings.usable("snmp.accesses"):
        return []
    known = {"isps": isps, "hotspots": hotspots}
    words = {"isps": "ISP", "hotspots": "hotspot"}
    return [
        FieldProblem(
            ("snmp", "accesses", index, key, place),
            f"{quote(name)} is not a known {words[key]}; {did_you_mean(name, sorted(names))}",
        )
        for (index, key, place), name in settings.value.snmp.unknown(isps or (), hotspots or ())
        if (names := known[key]) is not None
    ]


def check_canary_isps(settings: Checked[Settings], isps: Collection[str]) -> list[FieldProblem]:
    """Each canary's ISP is one of the inventory."""
    return [
        FieldProblem(
            ("vantage", "canaries", index, "isp"),
            f"{quote(canary.isp)} is not a known ISP; {did_you_mean(canary.isp, sorted(isps))}",
        )
        for index, canary in enumerate(settings.value.vantage.canaries or ())
        if canary.isp is not None and canary.isp not in isps
    ]
