"""TLS as a web configuration sets it, as a context of Python's `ssl`."""

import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from pantau.inventory.ciphers import CIPHERS, CURVES
from pantau.inventory.web_config import TlsServer

_VERSIONS = {"TLS12": ssl.TLSVersion.TLSv1_2, "TLS13": ssl.TLSVersion.TLSv1_3}
_VERIFY = {"VerifyClientCertIfGiven": ssl.CERT_OPTIONAL, "RequireAndVerifyClientCert": ssl.CERT_REQUIRED}


def server_context(tls: TlsServer) -> ssl.SSLContext:
    """A new context. Raises `OSError`, of which `ssl.SSLError` is one, or `ValueError` where its files are not fit."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version, context.maximum_version = _VERSIONS[tls.min_version], _VERSIONS[tls.max_version]
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    if tls.prefer_server_cipher_suites:
        context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    with _as_file(tls.cert, tls.cert_file) as certificate, _as_file(tls.key, tls.key_file) as key:
        # Without a passphrase, for a service there is nobody to ask; a key that has one is refused and not asked for.
        context.load_cert_chain(certificate, key, password="")
    if suites := ":".join(filter(None, (CIPHERS[name] for name in tls.cipher_suites))):
        context.set_ciphers(suites)
    for curve in tls.curve_preferences:
        context.set_ecdh_curve(CURVES[curve])
    if tls.client_ca or tls.client_ca_file:
        context.load_verify_locations(cafile=tls.client_ca_file, cadata=tls.client_ca)
    context.verify_mode = _VERIFY.get(tls.client_auth_type, ssl.CERT_NONE)
    return context


def names_of(certificate: Mapping[str, Any] | None) -> set[str]:
    """The names (DNS, IP, e-mail, URI) that a client's verified certificate has, as `ssl` tells it."""
    found = (certificate or {}).get("subjectAltName", ())
    return {str(value) for kind, value in found if kind in ("DNS", "IP Address", "email", "URI")}


@contextmanager
def _as_file(text: str | None, file: str | None) -> Iterator[str]:
    """A file with the text, which lies in memory alone, where there is no file."""
    with ExitStack() as closing:
        if file is None:
            number = os.memfd_create("pem")
            closing.callback(os.close, number)
            os.write(number, (text or "").encode())
            file = f"/proc/self/fd/{number}"
        yield file
