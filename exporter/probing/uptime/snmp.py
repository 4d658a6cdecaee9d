"""One SNMP get of the three uptime counters, by pysnmp: the only place that knows that library.

Its engine is made anew for each asking. It costs some 30 ms of CPU (90 ms with version 3), and spares what an engine
that is kept would do wrong here: it remembers a device's boot and clock, and would take the very device that has just
restarted for a forger. So all of this runs beside the event loop that probes, in a thread of `asking`.
"""

from dataclasses import dataclass
from typing import Any

from pysnmp.error import PySnmpError
from pysnmp.hlapi.v1arch import asyncio as v1arch
from pysnmp.hlapi.v3arch import asyncio as v3arch
from pysnmp.proto import errind

from exporter.probing.uptime.counters import Counters
from exporter.probing.uptime.source import UptimeResult
from pantau.inventory.snmp import AuthProtocol, PrivacyProtocol, SnmpAccess

_HOST, _ENGINE, _AGENT = "1.3.6.1.2.1.25.1.1.0", "1.3.6.1.6.3.10.2.1.3.0", "1.3.6.1.2.1.1.3.0"
_AUTH: dict[AuthProtocol, Any] = {
    "md5": v3arch.USM_AUTH_HMAC96_MD5,
    "sha": v3arch.USM_AUTH_HMAC96_SHA,
    "sha224": v3arch.USM_AUTH_HMAC128_SHA224,
    "sha256": v3arch.USM_AUTH_HMAC192_SHA256,
    "sha384": v3arch.USM_AUTH_HMAC256_SHA384,
    "sha512": v3arch.USM_AUTH_HMAC384_SHA512,
}
_PRIVACY: dict[PrivacyProtocol, Any] = {
    "des": v3arch.USM_PRIV_CBC56_DES,
    "aes": v3arch.USM_PRIV_CFB128_AES,
    "aes192": v3arch.USM_PRIV_CFB192_AES,
    "aes256": v3arch.USM_PRIV_CFB256_AES,
}


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the files of an access hold."""

    community: str = ""
    auth: str = ""
    privacy: str = ""

    def __repr__(self) -> str:
        """Never shown."""
        return "Secrets(...)"


async def get_counters(
    address: str, access: SnmpAccess, secrets: Secrets, timeout_seconds: float
) -> Counters | UptimeResult:
    """The counters, or why there are none. One packet (version 3: up to three); what is lost is not sent again."""
    get = _get_v2 if access.version == "2c" else _get_v3
    try:
        indication, status, bindings = await get((address, access.port), access, secrets, timeout_seconds)
    except (OSError, PySnmpError):
        return UptimeResult.FAILED
    if indication is not None:
        return _why(indication)
    if status:
        return UptimeResult.BAD_ANSWER
    values = {str(name): _number(value) for name, value in bindings}
    host, engine, agent = (values.get(name) for name in (_HOST, _ENGINE, _AGENT))
    if host is None and engine is None and agent is None:
        return UptimeResult.BAD_ANSWER
    return Counters(_hundredths(host), None if engine is None else float(engine), _hundredths(agent))


async def _get_v2(
    place: tuple[str, int], _: SnmpAccess, secrets: Secrets, timeout_seconds: float
) -> tuple[Any, int, Any]:
    dispatcher = v1arch.SnmpDispatcher()
    kind = v1arch.Udp6TransportTarget if ":" in place[0] else v1arch.UdpTransportTarget
    try:
        target = await kind.create(place, timeout=timeout_seconds, retries=0)
        asked = [v1arch.ObjectType(v1arch.ObjectIdentity(name)) for name in (_HOST, _ENGINE, _AGENT)]
        # Version 2c is what most access points can do; it reads three counters and writes nothing.
        community = v1arch.CommunityData(secrets.community, mpModel=1)  # noqa: S508
        told = await v1arch.get_cmd(dispatcher, community, target, *asked, lookupMib=False)
    finally:
        dispatcher.close()
    return told[0], int(told[1] or 0), told[3]


async def _get_v3(
    place: tuple[str, int], access: SnmpAccess, secrets: Secrets, timeout_seconds: float
) -> tuple[Any, int, Any]:
    engine = v3arch.SnmpEngine()
    kind = v3arch.Udp6TransportTarget if ":" in place[0] else v3arch.UdpTransportTarget
    hidden = {"privKey": secrets.privacy, "privProtocol": _PRIVACY[access.privacy]} if access.privacy_file else {}
    try:
        target = await kind.create(place, timeout=timeout_seconds, retries=0)
        user = v3arch.UsmUserData(access.user, authKey=secrets.auth, authProtocol=_AUTH[access.auth], **hidden)
        asked = [v3arch.ObjectType(v3arch.ObjectIdentity(name)) for name in (_HOST, _ENGINE, _AGENT)]
        told = await v3arch.get_cmd(engine, user, target, v3arch.ContextData(), *asked, lookupMib=False)
    finally:
        engine.close_dispatcher()
    return told[0], int(told[1] or 0), told[3]


def _why(indication: Any) -> UptimeResult:
    if isinstance(indication, errind.RequestTimedOut):
        return UptimeResult.NO_ANSWER
    refusals = (errind.UnknownUserName, errind.WrongDigest, errind.DecryptionError, errind.UnsupportedSecurityLevel)
    return UptimeResult.REFUSED if isinstance(indication, refusals) else UptimeResult.BAD_ANSWER


def _number(value: Any) -> int | None:
    """A counter's value; None for noSuchObject, and for what is no number."""
    try:
        return int(value)
    except (TypeError, ValueError, PySnmpError):
        return None


def _hundredths(value: int | None) -> float | None:
    return None if value is None else (value % 2**32) / 100
