"""YAML in and out: the only file of the package that knows the format."""

from pathlib import Path
from typing import Any

import yaml

from pantau.alerting.errors import AlertingError


def read_mapping(file: Path) -> dict[str, Any]:
    """The mapping that the file holds; `AlertingError` with file and line if it holds none."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise AlertingError(f"{file}: cannot be read ({error.strerror}); name another with --base") from error
    except UnicodeDecodeError as error:
        raise AlertingError(f"{file}: is not UTF-8 text; save it as UTF-8") from error
    return parse_mapping(text, str(file))


def parse_mapping(text: str, source: str) -> dict[str, Any]:
    """The mapping that `text` is; `source` is named in the `AlertingError` otherwise."""
    try:
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise AlertingError(f"{source}:{line}: is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise AlertingError(f"{source}: is not YAML: {error}") from error
    if not isinstance(content, dict):
        raise AlertingError(f"{source}: is not a mapping; write keys, each with a colon and its value")
    return content


class _Plain(yaml.SafeDumper):
    """Writes what is mentioned twice twice: an alias in a made file would only puzzle its reader."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def dumped(content: dict[str, Any]) -> str:
    """The mapping as text, keys in their order."""
    return yaml.dump(content, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)
