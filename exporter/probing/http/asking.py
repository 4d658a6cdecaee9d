"""An HTTP check: status, text, redirect, and when the certificate expires.

The one page that is asked for is judged: redirects are never followed, so nobody can lead us in a circle or to another
machine. The ISP's suspension page is looked for first, in where a redirect leads and in what the page says.
"""

import ssl
from urllib.parse import urljoin, urlsplit

from exporter.probing.checking.questions import Answered, Asked, SuspensionPage
from exporter.probing.checking.reaching import Reaching
from exporter.probing.checking.wording import fits, has
from exporter.probing.http.certificate import expiry_of
from exporter.probing.http.message import HttpPage, MalformedError, read_page, request
from exporter.probing.service import Result

_PORTS = {"http": 80, "https": 443}


class HttpAsker:
    """Asks pages; the contexts of TLS are made once, for reading the trusted certificates takes long."""

    def __init__(self) -> None:
        self._contexts: dict[bool, ssl.SSLContext] = {}

    async def __call__(self, asked: Asked, reaching: Reaching) -> Answered:
        """What the page is worth; `OSError` where there is none."""
        parts = urlsplit(asked.url)
        tls = self._context(verify=asked.verify) if parts.scheme == "https" else None
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        reader, writer = await reaching.connect(host, port, tls)
        try:
            expiry_s = expiry_of(writer.get_extra_info("ssl_object"))
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            writer.write(request("GET", parts.netloc, target))
            page = await read_page(reader)
        except MalformedError:
            return Answered(Result.NO)
        finally:
            writer.transport.abort()
        return Answered(_judged(asked, page), expiry_s)

    def _context(self, *, verify: bool) -> ssl.SSLContext:
        if verify not in self._contexts:
            context = ssl.create_default_context()
            if not verify:
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self._contexts[verify] = context
        return self._contexts[verify]


def _judged(asked: Asked, page: HttpPage) -> Result:
    leads = _leads(asked.url, page.location)
    if any(_is(suspension, leads, page.text) for suspension in asked.pages):
        return Result.ISOLATED
    if leads:
        return Result.YES if asked.redirect is not None and fits(asked.redirect, leads) else Result.NO
    if asked.redirect is not None or not _right_status(asked, page.status):
        return Result.NO
    return Result.YES if asked.text is None or has(asked.text, page.text) else Result.NO


def _leads(url: str, location: str) -> str:
    """Where a redirect leads, empty where it is none; one that nobody could follow stays as it came."""
    try:
        return urljoin(url, location) if location else ""
    except ValueError:
        return location


def _is(suspension: SuspensionPage, leads: str, text: str) -> bool:
    """Whether this is that page; one that is known by name servers alone is none."""
    if suspension.url is None and suspension.text is None:
        return False
    by_url = suspension.url is None or (leads != "" and fits(suspension.url, leads))
    return by_url and (suspension.text is None or has(suspension.text, text))


def _right_status(asked: Asked, status: int) -> bool:
    return status in asked.status if asked.status else 200 <= status < 300
