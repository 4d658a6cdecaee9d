"""The log: structured lines on standard error, coloured for a person at a terminal, JSON for a machine.

What a line says passes `pantau.redaction` once, here, wherever it comes from: also names and values of fields,
tracebacks, and what libraries say through `logging`.
"""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from pantau.redaction import HIDDEN, is_secret_name, shown


def configure_logs() -> None:
    """Set up structlog for the process, and `logging` for its libraries. Times are UTC, ISO 8601."""
    terminal = sys.stderr.isatty()
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            showing,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20),  # INFO and above
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def showing(_logger: object, _method: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """The processor that lets nothing through that may not be shown."""
    return {shown(name): _shown(name, value) for name, value in line.items()}


class _Formatter(logging.Formatter):
    """What libraries say, a line each as `logging` would write it of itself, with its traceback if it has one."""

    def format(self, record: logging.LogRecord) -> str:
        """The text of a record."""
        return shown(super().format(record))


def _shown(name: str, value: Any) -> Any:
    if value is not None and not isinstance(value, bool) and is_secret_name(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {shown(key): _shown(str(key), one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown("", one) for one in value]
    return value if value is None or isinstance(value, bool | int | float) else shown(value)
