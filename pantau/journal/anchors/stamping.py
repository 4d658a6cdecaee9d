"""RFC 3161 tokens: a request for one, and whether one is what it claims. The only file that knows rfc3161-client.

The roots are pinned: what the machine trusts for web pages is not asked, and a certificate that comes within a token
proves nothing by itself. The signer's certificate has to be valid when it signed, not today: a token outlives it.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.verify import SHA256_OID

from pantau.errors import AnchorError
from pantau.journal.anchors.document import ProvedStamp

Roots = Sequence[Certificate]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VERIFY_ERROR = re.compile(r'Verify error: ([^"]+)"')
_REFUSED = {2: "refused", 3: "has not decided yet", 4: "warns of a revocation", 5: "tells a revocation"}


class StampRequest(NamedTuple):
    """What is asked for."""

    body: bytes
    nonce: int
    """The answer has to repeat it, or it is the answer to another question."""


def read_roots(file: Path) -> Roots:
    """The pinned certificates of a PEM file; `AnchorError` where it has none."""
    try:
        roots = load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise AnchorError(f"{file} has no certificate in PEM ({error}): put the authority's root there") from error
    return list(dict.fromkeys(roots))


def request_for(content: bytes) -> StampRequest:
    """A request for a token over the SHA-256 of `content`, with the signer's certificate in it."""
    built = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    if built.nonce is None:
        raise AnchorError("the library made a request without a nonce")
    return StampRequest(built.as_bytes(), built.nonce)


def prove(token: bytes, content: bytes, roots: Roots, nonce: int | None = None) -> ProvedStamp:
    """What a token says of `content`; `AnchorError` with the reason where it proves nothing.

    `nonce` is that of the request, when the answer has just come.
    """
    try:
        answer = decode_timestamp_response(token)
        if answer.status:
            said = "".join(f": {one}" for one in answer.status_string)
            raise AnchorError(f"the authority {_REFUSED.get(answer.status, 'gave no token')}{said}")
        builder = VerifierBuilder(roots=list(roots))
        if nonce is not None:
            builder = builder.nonce(nonce)
        if answer.tst_info.message_imprint.hash_algorithm.dotted_string != SHA256_OID:
            raise AnchorError("the token is not over a SHA-256")
        builder.build().verify_message(answer, content)
        signer = _signer(answer)
        at = answer.tst_info.gen_time
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        at_ns = round((at - _EPOCH).total_seconds()) * 1_000_000_000
        return ProvedStamp(at_ns, signer.subject.rfc4514_string(), answer.tst_info.serial_number)
    except (VerificationError, ValueError, TypeError, AssertionError) as error:
        raise AnchorError(f"the token proves nothing: {_said(error)}") from error


def _said(error: Exception) -> str:
    """Of what OpenSSL says within a stack of its own, the part that a person understands."""
    within = _VERIFY_ERROR.search(str(error))
    return within.group(1) if within else str(error)


def _signer(answer: TimeStampResponse) -> Certificate:
    """The certificate that signed. Two of one name and number within one token: one of them is forged.

    The signature is checked against one of them and the purpose might be read from the other.
    """
    ((issuer, number),) = {(one.issuer, one.serial_number) for one in answer.signed_data.signer_infos}
    carried = [load_der_x509_certificate(one) for one in answer.signed_data.certificates]
    named = [one for one in carried if one.issuer == issuer and one.serial_number == number]
    if len(named) != 1:
        raise AnchorError(f"the token carries {len(named)} certificates of its signer's name and number, not one")
    return named[0]
