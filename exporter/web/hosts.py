"""Whether a request was meant for us: the Host that it names, and the origin of a page that sends it. Pure.

A browser can be led here by a page of somebody else: by a name of his that he makes lead to our address (DNS
rebinding), and by a form or a script that sends across origins (CSRF). Both show in what the browser says itself,
`Host` and `Origin`. Whoever rebinds needs a domain of his own, and so a name with a dot outside of the zones that
nobody can register: an address, a name without a dot (`exporter`, as containers have it) and one below `.internal`
cannot be his. Prometheus asks by whatever its operator wrote, so a name of ours with dots has to be told to us
(``--web.external-url``). Over TLS no check is needed, for the certificate is not his either; nor where a password or a
client's certificate is asked for, since his page has none.
"""

import re
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from pantau.inventory.addresses import parse_ip
from pantau.inventory.webhooks import is_nobodys

_HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:/?#@\\\s]*))(?::(?P<port>[0-9]{0,5}))?\Z")
_SAFE_SITES = ("same-origin", "none")


def host_of(authority: str) -> str | None:
    """The host of ``HOST:PORT``, in lower case, without brackets and final dot; None where it is none."""
    match = _HOST.match(authority.strip())
    if match is None:
        return None
    return (match["v6"] or match["name"] or "").lower().rstrip(".") or None


def is_ours(host: str | None, names: Collection[str]) -> bool:
    """Whether a request to `host` may be meant for us, where `names` are those that lead here."""
    if host is None:
        return False
    return host in names or parse_ip(host) is not None or is_nobodys(host)


def from_elsewhere(headers: Mapping[str, str], origins: Collection[str] = ()) -> bool:
    """Whether a browser says that a page of another origin sends this; tools, which say nothing, are not refused.

    `origins` are those of the URLs that lead here, as in ``https://pantau.example.go.id``.
    """
    if headers.get("Sec-Fetch-Site", "none").lower() not in _SAFE_SITES:
        return True
    origin = headers.get("Origin")
    if origin is None:
        return False
    if origin.rstrip("/").lower() in origins:
        return False
    parts = urlsplit(origin)
    return parts.scheme not in ("http", "https") or parts.netloc.lower() != headers.get("Host", "").strip().lower()


def origin_of(url: str) -> str:
    """The origin of a URL, as a browser says it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
