"""The JSON Schema of ``data.json``, made of the statement's own classes: fields, types, and what their docstrings say.

python -m pantau.reports.statement.json_schema docs/data.schema.json
"""

import ast
import inspect
import json
import sys
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from pantau.reports.statement.statement import SHAPE, Statement

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    Any: {},
}


def data_schema() -> dict[str, Any]:
    """Of the present shape. A field that a later version adds is no error: readers pass over what they do not know."""
    definitions: dict[str, Any] = {}
    root = _object(Statement, definitions)
    root["properties"]["shape"] = {"const": SHAPE, "description": "Raised when a field changes its meaning or goes."}
    title = "data.json of Pantau: one contract's month"
    return {"$schema": _DIALECT, "title": title, **root, "$defs": dict(sorted(definitions.items()))}


def schema_text() -> str:
    """As it lies in docs/."""
    return json.dumps(data_schema(), ensure_ascii=False, indent=1) + "\n"


def _object(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints, told = get_type_hints(kind), _told(kind)
    properties = {}
    for field in fields(kind):
        found = _schema(hints[field.name], definitions)
        if field.name in told:
            found = {**found, "description": told[field.name]}
        properties[field.name] = found
    words = inspect.cleandoc(kind.__doc__ or "")
    return {"type": "object", "description": words, "properties": properties, "required": list(properties)}


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if isinstance(hint, type) and is_dataclass(hint):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {}  # its place, should it hold itself
            definitions[hint.__name__] = _object(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return {"anyOf": [_schema(one, definitions) for one in arguments]}
    if origin is tuple and arguments[1:] == (...,):
        return {"type": "array", "items": _schema(arguments[0], definitions)}
    if origin in {dict, Mapping}:
        return {"type": "object", "additionalProperties": _schema(arguments[1], definitions)}
    raise TypeError(f"{hint} has no JSON Schema here; add it to _schema")


def _told(kind: type) -> dict[str, str]:
    """What stands under each field of a class."""
    (tree,) = ast.parse(inspect.cleandoc(inspect.getsource(kind))).body
    body = getattr(tree, "body", [])
    told = {}
    for field, words in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(words, ast.Expr):
            told[field.target.id] = " ".join(str(ast.literal_eval(words.value)).split())
    return told


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8")
