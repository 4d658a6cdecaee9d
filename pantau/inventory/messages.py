"""The validation library's errors in our words: what is wrong, and the cure."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from pantau.inventory.fields import OWN_MESSAGE
from pantau.inventory.office_names import cure_for_name
from pantau.inventory.wording import did_you_mean, quote

Context = dict[str, Any]

_INDONESIAN = {
    "aktif": "active",
    "calon": "candidate",
    "rencana": "planned",
    "dihentikan": "retired",
    "berhenti": "ended",
    "bulanan": "monthly",
    "termin": "stages",
    "sekaligus": "once",
    "per_titik": "per_point",
    "agregat": "aggregate",
    "hari_kalender": "calendar_days",
    "hari_kontrak": "contract_days",
}
"""Words of the offices for which the files have an English one."""


def message(detail: ErrorDetails, known: Sequence[str]) -> str:
    """The message for one error; `known` are the keys that are allowed where it happened."""
    kind = detail["type"]
    if kind == "extra_forbidden":
        return f"is not a known key; {cure_for_name(str(detail['loc'][-1]), known)}"
    word = _WORDS.get(kind)
    if word is None:
        return f"{detail['msg']}; correct the value"
    return word(detail["input"], detail.get("ctx", {}))


def _choice(value: Any, context: Context) -> str:
    choices = re.findall(r"'([^']*)'", context["expected"])
    meant = _INDONESIAN.get(value, value) if isinstance(value, str) else ""
    return f"{_shown(value)} is not one of the choices; {did_you_mean(meant, choices, len(choices))}"


def _no_number(value: Any, _: Context) -> str:
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]+,[0-9]+", value):
        return f"{quote(value)} is not a number; write a decimal point: {value.replace(',', '.')}"
    return f"{_shown(value)} is not a number; write digits, with a decimal point if need be"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else quote(value)


def _constant(text: str) -> Callable[[Any, Context], str]:
    return lambda _, __: text


def _about(text: str) -> Callable[[Any, Context], str]:
    return lambda value, _: f"{_shown(value)} {text}"


_NO_TEXT = _about("stands where one text is expected; write a single value")
_NO_INTEGER = _about("is not a whole number; write digits only")
_NO_MAPPING = _about("stands where a mapping is expected; write keys, each with a colon and its value")
_NO_LIST = _about("stands where a list is expected; write [a, b], or lines that begin with '- '")

_WORDS: dict[str, Callable[[Any, Context], str]] = {
    OWN_MESSAGE: lambda _, context: str(context["message"]),
    "missing": _constant("is missing; add it"),
    "literal_error": _choice,
    "int_parsing": _NO_INTEGER,
    "int_parsing_size": _NO_INTEGER,
    "int_type": _NO_INTEGER,
    "int_from_float": _NO_INTEGER,
    "float_parsing": _no_number,
    "float_type": _no_number,
    "finite_number": _no_number,
    "bool_parsing": _about("is neither true nor false; write one of these"),
    "bool_type": _about("is neither true nor false; write one of these"),
    "string_type": _NO_TEXT,
    "date_type": _NO_TEXT,
    "dataclass_type": _NO_TEXT,
    "model_type": _NO_MAPPING,
    "model_attributes_type": _NO_MAPPING,
    "dict_type": _NO_MAPPING,
    "list_type": _NO_LIST,
    "tuple_type": _NO_LIST,
    "greater_than": lambda value, context: f"{value} is too small; it must be more than {context['gt']:g}",
    "greater_than_equal": lambda value, context: f"{value} is too small; it must be at least {context['ge']}",
    "less_than_equal": lambda value, context: f"{value} is too large; it must be at most {context['le']}",
}
