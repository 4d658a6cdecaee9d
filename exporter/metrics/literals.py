"""How numbers and label values are written, the same in both exposition formats."""

from prometheus_client.utils import floatToGoString


def go_float(value: float) -> str:
    """A float as `prometheus_client` writes it: what Go reads, and the canonical ``le`` of OpenMetrics."""
    return str(floatToGoString(value))  # type: ignore[no-untyped-call]


def encodable(value: str) -> str:
    """The value with ``?`` for each lone surrogate, which no UTF-8 can carry: one odd name must not end all scrapes."""
    return value if value.isascii() else value.encode(errors="replace").decode()


def escape(value: str) -> str:
    """A label value as both formats write it."""
    return encodable(value).replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
