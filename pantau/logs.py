"""The log: structured lines on standard error, coloured for a person at a terminal, JSON or logfmt for a machine.

What a line says passes `pantau.redaction` once, here, wherever it comes from: also names and values of fields,
tracebacks, and what libraries say through `logging`.
"""

import logging
import re
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import structlog

from pantau.redaction import HIDDEN, is_secret_name, shown

_VALUE = re.compile(r"[0-9<'\"(\[{]")

LEVELS = ("debug", "info", "warn", "error")
"""As Prometheus and its exporters call them; each tells of itself and of what is worse."""
FORMATS = ("logfmt", "json")
_NUMBERS = {"debug": 10, "info": 20, "warn": 30, "error": 40}
_ALIKE_A_MINUTE = 5
_MINUTE_SECONDS = 60.0
_MOST_KINDS = 1000


def configure_logs(level: str = "info", form: str | None = None) -> None:
    """Set up structlog for the process, and `logging` for its libraries. Times are UTC, ISO 8601.

    `level` is one of `LEVELS`; `form` one of `FORMATS`, or None for what fits who reads.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            showing,
            _renderer(form),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_NUMBERS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = _Handler()
    handler.setFormatter(_Formatter())
    handler.addFilter(NotOverAndOver())
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if isinstance(one, _Handler)]:
        root.removeHandler(earlier)
    # Libraries tell of what they do all the time: that is of use to nobody but who asks for it.
    lowest = max(_NUMBERS[level], logging.WARNING) if level != "debug" else logging.INFO
    logging.basicConfig(level=lowest, handlers=[handler])


def _renderer(form: str | None) -> structlog.typing.Processor:
    if form == "logfmt":
        return structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "event"], bool_as_flag=False, sort_keys=False
        )
    if form == "json" or not sys.stderr.isatty():
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer()


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]
    """Ours, which another of ours replaces."""


class NotOverAndOver(logging.Filter):
    """Of records alike (their logger, text before values, and kind of error) so many a minute pass.

    Whoever can make a library complain must not fill the disk. How many were left out stands in the next that passes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._seen: dict[tuple[str, str, str], tuple[float, int]] = {}
        """By kind: since when it is counted, and how many there have been."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it passes."""
        kind = type(record.exc_info[1]).__name__ if record.exc_info else ""
        # Some libraries write values into the text: what stands before the first is what they have in common.
        key = (record.name, _VALUE.split(str(record.msg), maxsplit=1)[0], kind)
        now = self._clock()
        since, count = self._seen.pop(key, (now, 0))
        left_out = 0
        if now - since >= _MINUTE_SECONDS:
            since, count, left_out = now, 0, max(0, count - _ALIKE_A_MINUTE)
        self._seen[key] = (since, count + 1)
        if len(self._seen) > _MOST_KINDS:
            del self._seen[next(iter(self._seen))]
        if left_out:
            record.msg, record.args = f"{record.getMessage()} (and {left_out} like it before)", ()
        return count < _ALIKE_A_MINUTE


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
