"""A DNS check: whether a name server answers for a name, and rightly.

An answer counts that comes from where we asked, with our number and our question; what else arrives is dropped.
"""

import dns.asyncquery
import dns.exception
import dns.message
import dns.rcode
import dns.rdatatype

from exporter.probing.checking.questions import Answered, Asked
from exporter.probing.checking.reaching import Reaching
from exporter.probing.checking.wording import fits
from exporter.probing.service import Result

_PORT = 53
_MOST_RECORDS = 64
_NO = Answered(Result.NO)


async def ask_dns(asked: Asked, reaching: Reaching) -> Answered:
    """What its answer is worth: no such name, a refusal, or none that is right are all no."""
    server = await reaching.number_of(asked.host)
    query = dns.message.make_query(asked.query, asked.record)
    port = asked.port or _PORT
    try:
        reply, _ = await dns.asyncquery.udp_with_fallback(
            query, server, port=port, ignore_unexpected=True, ignore_errors=True
        )
    except dns.exception.DNSException:
        return _NO
    wanted = dns.rdatatype.from_text(asked.record)
    answers = [
        record.to_text().strip('"').removesuffix(".")
        for records in reply.answer[:_MOST_RECORDS]
        if records.rdtype == wanted
        for record in list(records)[:_MOST_RECORDS]
    ]
    if any(page.answer is not None and fits(page.answer, one) for page in asked.pages for one in answers):
        return Answered(Result.ISOLATED)
    if reply.rcode() != dns.rcode.NOERROR or not answers:
        return _NO
    right = asked.answer is None or any(fits(asked.answer, one) for one in answers)
    return Answered(Result.YES) if right else _NO
