"""From a projection back to an inventory: what decided money then, with names and places as today's files have them."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ValidationError

from pantau.inventory.models import RECORDS, Inventory
from pantau.inventory.projection.fields import DECIDES
from pantau.inventory.projection.writing import FORMAT, KINDS, SETTINGS, file_of, line_of_record
from pantau.inventory.settings import Settings

Lines = tuple[str, ...]


class Restorer:
    """Makes records of lines, each line once. `today` gives what a projection leaves out: names, places, notes."""

    def __init__(self, today: Inventory) -> None:
        self.today = today
        self._records: dict[tuple[str, str], BaseModel] = {}
        self._files: dict[tuple[str, Lines], tuple[Any, ...]] = {}

    def inventory(self, lines: Mapping[str, Lines]) -> Inventory:
        """The inventory of such lines by their kind; `ValueError` where this version cannot read one."""
        restored = {kind: self.records(kind, lines.get(kind, ())) for kind in KINDS}
        return Inventory(kelurahan=self.today.kelurahan, **restored)

    def records(self, kind: str, lines: Lines) -> tuple[Any, ...]:
        """The records of one kind."""
        if (kind, lines) not in self._files:
            self._files[kind, lines] = tuple(self._record(kind, line) for line in lines)
        return self._files[kind, lines]

    def _record(self, kind: str, line: str) -> BaseModel:
        known = self._of_today[kind].get(line) or self._records.get((kind, line))
        if known is None:
            data = json.loads(line)
            like = self._by_id[kind].get(data.get("id", "")) or self._by_address[kind].get(data.get("address", ""))
            known = self._records[kind, line] = _validated(kind, data, like)
        return known

    @cached_property
    def _of_today(self) -> Mapping[str, Mapping[str, BaseModel]]:
        return {kind: {line_of_record(one): one for one in getattr(self.today, kind)} for kind in KINDS}

    @cached_property
    def _by_id(self) -> Mapping[str, Mapping[str, BaseModel]]:
        return {kind: {getattr(one, "id", ""): one for one in getattr(self.today, kind)} for kind in KINDS}

    @cached_property
    def _by_address(self) -> Mapping[str, Mapping[str, BaseModel]]:
        """A point that has another id today still has its name."""
        found = {
            kind: {getattr(one, "address", "") or "": one for one in _retired_first(getattr(self.today, kind))}
            for kind in KINDS
        }
        return {kind: {address: one for address, one in own.items() if address} for kind, own in found.items()}


def _retired_first(records: Iterable[BaseModel]) -> list[BaseModel]:
    """So that of two which share an address the one that is there now is found by it."""
    return sorted(records, key=lambda one: getattr(one, "status", "") != "retired")


def lines_in(files: Mapping[str, str], content: Callable[[str], bytes | None]) -> dict[str, Lines]:
    """The lines of each kind, of contents that `files` names by their digests; `ValueError` where one is missing."""
    found = {}
    for kind in KINDS:
        digest = files.get(file_of(kind))
        text = b"" if digest is None else content(digest)
        if text is None:
            raise ValueError(f"the content of {file_of(kind)} is missing")
        found[kind] = tuple(text.decode().splitlines())
    return found


def settings_in(files: Mapping[str, str], content: Callable[[str], bytes | None]) -> dict[str, Any]:
    """The settings that decide money, as JSON has them; `ValueError` where they are missing or of a newer version."""
    text = content(files.get(SETTINGS, ""))
    found: dict[str, Any] = json.loads(text) if text else {}
    if found.get("format") != FORMAT:
        raise ValueError(f"the content of {SETTINGS} is missing, or a newer Pantau wrote it")
    return found


def restored_settings(found: Mapping[str, Any]) -> Settings:
    """Settings of their projection, the others as by default; `ValueError` where this version cannot read them."""
    try:
        return Settings.model_validate({name: value for name, value in found.items() if name in DECIDES[Settings]})
    except ValidationError as error:
        raise ValueError(f"{SETTINGS} cannot be read ({error.errors()[0]['msg']})") from error


def _validated(kind: str, data: dict[str, Any], like: BaseModel | None) -> BaseModel:
    """A record of its projection; what that leaves out is as `like` has it, and an id without a name is its own."""
    model = RECORDS[kind]
    shown = {} if like is None else like.model_dump(by_alias=True, exclude=_decided(kind))
    if "name" in model.model_fields:
        shown.setdefault("name", data["id"])
    try:
        return model.model_validate(shown | data)
    except ValidationError as error:
        raise ValueError(f"a record of {kind} cannot be read ({error.errors()[0]['msg']})") from error


def _decided(kind: str) -> set[str]:
    return set(DECIDES[RECORDS[kind]])
