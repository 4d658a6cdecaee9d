"""A small name server of the tests' own, which does whatever is wrong with name servers."""

import asyncio
import struct
from collections.abc import Callable
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

ZONE = {
    ("four.example.", "A"): [(120, "A", "10.77.0.4")],
    ("both.example.", "A"): [(60, "A", "10.77.0.5")],
    ("both.example.", "AAAA"): [(60, "AAAA", "2001:db8::5")],
    ("six.example.", "AAAA"): [(300, "AAAA", "2001:db8::6")],
    ("set.example.", "A"): [(90, "A", "10.77.0.8 10.77.0.7 10.77.0.9")],
    ("mapped.example.", "AAAA"): [(90, "AAAA", "::ffff:10.77.0.3")],
    ("router.kantor.example.", "A"): [(90, "A", "10.77.0.2")],
}
CHAIN = [("alias.example.", 500, "CNAME", "next.example."), ("next.example.", 45, "CNAME", "last.example.")]
NAMES = {name for name, _ in ZONE} | {"empty.example."}

Answering = Callable[[dns.message.Message, dns.message.Message], bytes | None]


def _rcode(rcode: dns.rcode.Rcode) -> Answering:
    def answer(_: dns.message.Message, response: dns.message.Message) -> bytes:
        response.set_rcode(rcode)
        return response.to_wire()

    return answer


def _chain(_: dns.message.Message, response: dns.message.Message) -> bytes:
    for name, ttl, kind, value in CHAIN:
        response.answer.append(dns.rrset.from_text(name, ttl, "IN", kind, value))
    if response.question[0].rdtype == dns.rdatatype.A:
        response.answer.append(dns.rrset.from_text("last.example.", 3000, "IN", "A", "10.77.0.6"))
    return response.to_wire()


def _loop(_: dns.message.Message, response: dns.message.Message) -> bytes:
    response.answer.append(dns.rrset.from_text("loop.example.", 60, "IN", "CNAME", "loop2.example."))
    response.answer.append(dns.rrset.from_text("loop2.example.", 60, "IN", "CNAME", "loop.example."))
    return response.to_wire()


def _referral(_: dns.message.Message, response: dns.message.Message) -> bytes:
    response.authority.append(dns.rrset.from_text("example.", 60, "IN", "NS", "ns.example."))
    return response.to_wire()


def _missing(_: dns.message.Message, response: dns.message.Message) -> bytes:
    response.set_rcode(dns.rcode.NXDOMAIN)
    soa = "ns.example. root.example. 1 2 3 4 77"
    response.authority.append(dns.rrset.from_text("example.", 600, "IN", "SOA", soa))
    return response.to_wire()


def _cut_off(_: dns.message.Message, response: dns.message.Message) -> bytes:
    response.flags |= dns.flags.TC
    return response.to_wire()


def _other_question(query: dns.message.Message, _: dns.message.Message) -> bytes:
    other = dns.message.make_response(dns.message.make_query("four.example.", "A"))
    other.id = query.id
    other.answer.append(dns.rrset.from_text("four.example.", 60, "IN", "A", "10.66.6.6"))
    return other.to_wire()


def _forged(_: dns.message.Message, response: dns.message.Message) -> bytes:
    response.id ^= 1
    name = response.question[0].name
    response.answer.append(dns.rrset.from_text(name, 60, "IN", "A", "10.66.6.6"))
    return response.to_wire()


BROKEN: dict[str, Answering] = {
    "servfail.example.": _rcode(dns.rcode.SERVFAIL),
    "refused.example.": _rcode(dns.rcode.REFUSED),
    "formerr.example.": _rcode(dns.rcode.FORMERR),
    "notimp.example.": _rcode(dns.rcode.NOTIMP),
    "yxdomain.example.": _rcode(dns.rcode.YXDOMAIN),
    "mute.example.": lambda _query, _response: None,
    "short.example.": lambda query, _: struct.pack(">H", query.id),
    "nothing.example.": lambda _query, _response: b"",
    "noise.example.": lambda query, response: response.to_wire()[:14] + b"\xc0\x0c" * 30,
    "halved.example.": lambda query, response: _chain(query, response)[:-7],
    "update.example.": lambda query, response: response.to_wire()[:2] + b"\xa8\x00" + response.to_wire()[4:],
    "other.example.": _other_question,
    "forged.example.": _forged,
    "loop.example.": _loop,
    "referral.example.": _referral,
    "cut.example.": _cut_off,
}
SOUND: dict[str, Answering] = {"alias.example.": _chain, "missing.example.": _missing, "large.example.": _cut_off}


class NameServer(asyncio.DatagramProtocol):
    """Answers from `ZONE`; what stands in `BROKEN` as is said there. `mute` says nothing at all."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.mute = False
        self.raw: bytes | None = None
        """Sent in place of every answer, behind the question's id."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self.transport = cast("asyncio.DatagramTransport", transport)  # by what it can do; its class is another

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        """Answer one question."""
        query = dns.message.from_wire(data)
        name, record = query.question[0].name.to_text(), dns.rdatatype.to_text(query.question[0].rdtype)
        self.asked.append((name, record))
        if self.mute:
            return
        answer = data[:2] + self.raw if self.raw is not None else respond(query, name, record)
        if answer is not None:
            self.transport.sendto(answer, address)


def respond(query: dns.message.Message, name: str, record: str) -> bytes | None:
    """The answer to one question; None for silence."""
    response = dns.message.make_response(query)
    response.flags |= dns.flags.RA
    special = (BROKEN | SOUND).get(name)
    if special is not None:
        return special(query, response)
    if name not in NAMES:
        response.set_rcode(dns.rcode.NXDOMAIN)
    for ttl, kind, values in ZONE.get((name, record), []):
        response.answer.append(dns.rrset.from_text(name, ttl, "IN", kind, *values.split()))
    return response.to_wire()


async def answer_over_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The whole answer to what was cut off; to all else nothing."""
    (length,) = struct.unpack(">H", await reader.readexactly(2))
    query = dns.message.from_wire(await reader.readexactly(length))
    name = query.question[0].name.to_text()
    if name == "large.example.":
        response = dns.message.make_response(query)
        addresses = [f"10.78.{n // 200}.{n % 200 + 1}" for n in range(300)]
        response.answer.append(dns.rrset.from_text(name, 60, "IN", "A", *addresses))
        wire = response.to_wire()
        writer.write(struct.pack(">H", len(wire)) + wire)
        await writer.drain()
    writer.close()
