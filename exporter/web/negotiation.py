"""Which format and which encoding a scraper wants (RFC 9110, 12.5). Pure functions over header values."""

import re
from collections.abc import Iterator

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"

_QUALITY = re.compile(r"(0(\.\d{0,3})?|1(\.0{0,3})?)\Z", re.ASCII)


def wants_openmetrics(accept: str) -> bool:
    """Whether OpenMetrics 1.0.0 is acceptable and not less welcome than the text format.

    Other versions of it count as not acceptable; where neither is, the text format is served, as every exporter does.
    """
    openmetrics = text = 0.0
    for media_type, parameters in _elements(accept):
        quality = _quality(parameters)
        version = parameters.get("version", "")
        if media_type == "application/openmetrics-text" and version in ("", "1.0.0"):
            openmetrics = max(openmetrics, quality)
        elif media_type in ("text/*", "*/*") or (media_type == "text/plain" and version in ("", "0.0.4")):
            text = max(text, quality)
    return openmetrics > 0 and openmetrics >= text


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether gzip may be used: named, or covered by ``*``, and not refused by ``q=0``."""
    qualities = {coding: _quality(parameters) for coding, parameters in _elements(accept_encoding)}
    return qualities.get("gzip", qualities.get("*", 0.0)) > 0


def _elements(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The elements of a list header in lower case, each with its parameters."""
    for element in header.lower().split(","):
        value, *rest = (part.strip() for part in element.split(";"))
        pairs = (part.partition("=") for part in rest)
        yield value, {name.strip(): text.strip().strip('"') for name, _, text in pairs}


def _quality(parameters: dict[str, str]) -> float:
    """The weight; 0, refused, where it cannot be read."""
    text = parameters.get("q", "1")
    return float(text) if _QUALITY.match(text) else 0.0
