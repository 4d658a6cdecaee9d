"""YAML as mappings and lists of text with their lines. The only file that knows the YAML library.

It goes by the parser's events, not by nodes: one pass, its own depth limit (a thousand nested brackets must not end the
process), and no guessing of types, so that ``id: 007`` and ``name: no`` stay text. Anchors, aliases and tags are
refused: ten lines of aliases can stand for a billion values, and every value shall have a line of its own.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from pantau.errors import Problem
from pantau.inventory.source import Branch, Listing
from pantau.inventory.wording import quote, strange, unprintable

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it; the pure one is some ten times slower."""

_DEEPEST = 16
_MOST_VALUES = 1_000_000
"""In one file. 60,000 hotspots with each field filled are as many."""
_LONGEST_VALUE = 4_096
_LONGEST_KEY = 100
"""Characters."""
_BREAKS = re.compile(r"[\t\r\n]")
_DOCUMENT_START = re.compile(r"\A(\s*(#[^\n]*)?\n)*---[^\n]*\n")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class _Broken(Exception):  # noqa: N818 - a way out of the recursion, never seen outside of this file
    """Nothing after this place can be understood."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def parse_yaml(text: str, file: Path) -> tuple[Branch | None, list[Problem]]:
    """The mapping that `text` is, and what is wrong with it; `None` where it is no mapping or cannot be parsed."""
    reader = _Reader(text, file)
    try:
        root = reader.document()
    except _Broken as broken:
        root = None
        reader.complain(broken.line, "", broken.message)
    except yaml.YAMLError as error:
        root = None
        reader.complain(*_explain(error, text))
    finally:
        reader.close()
    return root, reader.problems


def parse_yaml_list(text: str, file: Path) -> tuple[Listing | None, list[Problem]]:
    """The list that `text` is, as `parse_yaml` has the mapping."""
    root, problems = parse_yaml(f"list:\n{_DOCUMENT_START.sub('', text)}", file)
    listing = root.get("list") if root is not None else None
    moved = [Problem(one.file, max(one.line - 1, 0), one.field, one.message) for one in problems]
    return (listing if isinstance(listing, Listing) else None), moved


class _Reader:
    """Builds values out of events by recursive descent."""

    def __init__(self, text: str, file: Path) -> None:
        self._loader = LOADER(text)
        self._file = file
        self._values = 0
        self.problems: list[Problem] = []

    def close(self) -> None:
        self._loader.dispose()

    def complain(self, line: int, field: str, message: str) -> None:
        self.problems.append(Problem(self._file, line, field, message))

    def document(self) -> Branch | None:
        self._loader.get_event()  # the stream's start
        first = self._loader.get_event()
        if isinstance(first, yaml.StreamEndEvent):
            raise _Broken(0, "the file is empty; write its keys, or restore it from a copy")
        root = self._value(self._loader.get_event(), "", 0)
        self._loader.get_event()  # the document's end
        if not isinstance(self._loader.get_event(), yaml.StreamEndEvent):
            self.complain(0, "", "holds more than one document; delete the line '---' between them")
        if not isinstance(root, Branch):
            raise _Broken(first.start_mark.line + 1, "is not a mapping; write keys, each with a colon and its value")
        return root

    def _value(self, event: Any, field: str, depth: int) -> object:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            raise _Broken(line, f"uses the anchor or alias {quote(sign + event.anchor)}; write the value out instead")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise _Broken(line, f"uses the tag {quote(tag)}; delete it, types follow from the field")
        self._values += 1
        if self._values > _MOST_VALUES:
            raise _Broken(line, f"holds more than {_MOST_VALUES} values; split the file")
        if isinstance(event, yaml.ScalarEvent):
            if len(event.value) > _LONGEST_VALUE:
                self.complain(line, field, f"is longer than {_LONGEST_VALUE} characters; shorten it")
                return None
            plain_null = event.implicit[0] and event.value in _NULLS
            return None if plain_null else event.value.strip() or None
        if depth >= _DEEPEST:
            raise _Broken(line, f"is nested more than {_DEEPEST} deep; nothing here needs that")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(line, field, depth)
        return self._listing(line, field, depth)

    def _mapping(self, line: int, field: str, depth: int) -> Branch:
        branch = Branch(line)
        take = self._loader.get_event
        while not isinstance(event := take(), yaml.MappingEndEvent):
            key_line = event.start_mark.line + 1
            key = self._value(event, field, depth + 1)
            if not isinstance(key, str):
                raise _Broken(key_line, "has a key that is not a word; write a name and a colon")
            if (found := unprintable(key) or _BREAKS.search(key)) or len(key) > _LONGEST_KEY:
                fault = strange(found[0]) if found else f"is longer than {_LONGEST_KEY} characters; shorten it"
                raise _Broken(key_line, f"has a key that {fault}")
            path = f"{field}.{key}" if field else key
            value = self._value(take(), path, depth + 1)
            if key in branch.lines:
                self.complain(key_line, path, f"is given twice, first on line {branch.lines[key]}; delete one")
                continue
            branch.lines[key] = key_line
            if value is not None:
                branch[key] = value
        return branch

    def _listing(self, line: int, field: str, depth: int) -> Listing:
        listing = Listing(line)
        while not isinstance(event := self._loader.get_event(), yaml.SequenceEndEvent):
            listing.lines.append(event.start_mark.line + 1)
            value = self._value(event, f"{field}.{len(listing)}", depth + 1)
            listing.append("" if value is None else value)
        return listing


def _explain(error: yaml.YAMLError, text: str) -> tuple[int, str, str]:
    """Line, field (none) and message of what the library could not parse."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = min(mark.line + 1, text.count("\n") + 1) if mark else 0
    said = ", ".join(part for part in (getattr(error, "context", None), getattr(error, "problem", None)) if part)
    lines = text.split("\n")
    tabbed = bool(mark) and lines[line - 1].lstrip(" ").startswith("\t")
    cure = "indent with spaces, not with a tab" if tabbed else "mend the line, or the one before it"
    return line, "", f"is not valid YAML: {said or 'it cannot be parsed'}; {cure}"
