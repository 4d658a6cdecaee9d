"""When the certificate expires that a server has shown, also one that nobody vouches for.

Of one that was not verified Python tells the bytes alone. `notAfter` is the second of the two times of a certificate,
and the first two times in it are those (RFC 5280, 4.1: nothing before `validity` holds a time).
"""

import re
import ssl
from datetime import UTC, datetime

_TIME = re.compile(rb"\x17\x0d([0-9]{12}Z)|\x18\x0f([0-9]{14}Z)")
"""DER of UTCTime and GeneralizedTime as RFC 5280 wants them."""


def expiry_of(tls: ssl.SSLObject | None) -> int:
    """Unix time; 0 without TLS or where it cannot be read."""
    certificate = tls.getpeercert(binary_form=True) if tls else None
    times = _TIME.findall(certificate or b"")
    if len(times) < 2:
        return 0
    short, long = (text.decode("ascii") for text in times[1])
    # Years of two digits are 1950 to 2049 (RFC 5280, 4.1.2.5.1).
    text = long or (("19" if short >= "50" else "20") + short)
    try:
        return int(datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return 0
