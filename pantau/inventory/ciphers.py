"""Cipher suites and curves by the names that exporter-toolkit has from Go, and as OpenSSL calls them."""

from collections.abc import Mapping

_SHA, _128, _256, _CHACHA = "SHA", "AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"

CIPHERS: Mapping[str, str] = {
    "TLS_AES_128_GCM_SHA256": "",
    "TLS_AES_256_GCM_SHA384": "",
    "TLS_CHACHA20_POLY1305_SHA256": "",
    **{
        f"TLS_ECDHE_{key}_WITH_{name}": f"ECDHE-{key}-{ours}"
        for key in ("ECDSA", "RSA")
        for name, ours in (
            ("AES_128_CBC_SHA", f"AES128-{_SHA}"),
            ("AES_256_CBC_SHA", f"AES256-{_SHA}"),
            ("AES_128_GCM_SHA256", _128),
            ("AES_256_GCM_SHA384", _256),
            ("CHACHA20_POLY1305_SHA256", _CHACHA),
        )
    },
}
"""Those of TLS 1.3 are always all spoken, in Go as here: what OpenSSL calls them is of no use."""
CURVES: Mapping[str, str] = {
    "CurveP256": "prime256v1",
    "CurveP384": "secp384r1",
    "CurveP521": "secp521r1",
    "X25519": "X25519",
}
