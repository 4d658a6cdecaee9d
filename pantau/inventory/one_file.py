"""A YAML file that stands alone, beside the settings: read, parsed and checked, with every problem and its line."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from pantau.errors import ConfigurationError, Problem
from pantau.inventory.source import line_of
from pantau.inventory.validation import check
from pantau.inventory.yaml_source import parse_yaml

M = TypeVar("M", bound=BaseModel)


def read_one(file: Path, model: type[M]) -> M:
    """What the file says, an empty one nothing; `ConfigurationError` with every problem."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise ConfigurationError([Problem(file, 0, "", f"{reason}; correct the name, or the file")]) from error
    if not text.strip():
        return model()
    root, problems = parse_yaml(text, file)
    if root is None or problems:
        raise ConfigurationError(problems)
    checked = check(model, root)
    if checked.problems:
        raise ConfigurationError(
            [Problem(file, line_of(root, one.path), one.field, one.message) for one in checked.problems]
        )
    return checked.value
