"""From the disk to a configuration: reads `pantau.yml` and the files it lists, and gathers every problem of all.

What the files mean is decided by the models and the rules; here it is only brought together.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from pantau.errors import ConfigurationError, Problem
from pantau.inventory.address_rules import Objection, warn_addresses, warn_canaries
from pantau.inventory.agent_rules import check_agent_settings, check_agents, warn_agents
from pantau.inventory.beginning import HOW_TO_BEGIN, usual_files
from pantau.inventory.check_rules import check_checks, check_scopes
from pantau.inventory.city_words import check_priority, check_words
from pantau.inventory.families import check_canary_families, check_row_families
from pantau.inventory.inventory_files import Place, read_inventory
from pantau.inventory.models import RECORDS, Hotspot, Inventory
from pantau.inventory.reading import FileReader, ResolvedFolder
from pantau.inventory.rows import Rows
from pantau.inventory.rules import check_rows, warn_rows
from pantau.inventory.settings import Settings
from pantau.inventory.settings_rules import (
    check_burst,
    check_canary_isps,
    check_settings,
    check_snmp_ids,
    warn_settings,
)
from pantau.inventory.source import Branch, decode, line_of
from pantau.inventory.validation import Checked, FieldProblem, check
from pantau.inventory.wards import Wards
from pantau.inventory.webhooks import check_contacts
from pantau.inventory.windows import check_windows, unannounced_windows
from pantau.inventory.wording import quote
from pantau.inventory.yaml_source import parse_yaml


@dataclass(frozen=True)
class Configuration:
    """Settings and inventory that are fit for use."""

    path: Path
    """The settings file."""
    settings: Settings
    inventory: Inventory
    files: tuple[Path, ...]
    """Everything that was read, the settings first: what to watch for changes."""
    warnings: tuple[Problem, ...] = ()
    """Usable, and yet probably a mistake."""
    digest: str = ""
    """SHA-256 of what was read (see `FileReader.digest`); empty where nothing was."""


_MOST_PROBLEMS = 1000
"""Of one file. Each costs time: what was meant is looked for."""
_TRIES = 10
_PAUSE_SECONDS = 0.05
"""Who writes several files, or swaps a link, has soon done."""


@dataclass(slots=True)
class _Taken:
    """What was read at one moment, before its meaning is looked at."""

    path: Path
    root: Branch
    settings: Checked[Settings]
    problems: list[Problem]
    files: list[tuple[Path, Place, bytes | str]]
    """The inventory files: the bytes of each, or why there are none."""


def load(
    path: Path,
    now_ns: int | None = None,
    *,
    strict: bool = False,
    without_hotspots: bool = False,
    objection: Objection | None = None,
    reader: FileReader | None = None,
) -> Configuration:
    """The configuration that `path` and the inventory files it lists hold; `ConfigurationError` with all problems.

    `now_ns` (Unix time; the present if left out) tells which maintenance windows have passed: those may name what is
    gone. One that was over before it was announced is a problem if `strict`, else a warning. An inventory of which no
    hotspot is active is a warning if `without_hotspots`, as of a city that has just begun, else a problem.
    `objection` is what the machine says against addresses, for warnings. `reader` knows afterwards, also of a load
    that failed, which files were looked at.
    """
    reader = reader or FileReader()
    taken = _take(path, reader)
    root, checked, problems = taken.root, taken.settings, taken.problems
    rows = Rows(incomplete=set() if checked.usable("inventory") else set(RECORDS))
    for file, place, data in taken.files:
        problems += _first(read_inventory(rows, file, place, data), rows, file)
    problems += islice(check_rows(rows), _MOST_PROBLEMS)
    problems += islice(check_words(rows, checked), _MOST_PROBLEMS)
    nothing = list(_nothing_to_probe(rows, path, root))
    doubtful = nothing if without_hotspots else []
    problems += nothing if not doubtful else []
    if checked.usable("probing.family"):
        problems += check_row_families(rows, checked.value.probing.family)
    if "isps" not in rows.incomplete:
        problems += _placed(path, root, check_canary_isps(checked, _ids(rows, "isps") or ()))
    if not rows.incomplete & {"isps", "hotspots"}:
        ids = ({row.written("id") for row in rows[kind]} for kind in ("isps", "hotspots"))
        problems += _placed(path, root, check_scopes(checked, *ids))
    problems += check_agents(rows, checked)
    problems += islice(check_contacts(rows, checked), _MOST_PROBLEMS)
    problems += _placed(path, root, check_snmp_ids(checked, _ids(rows, "isps"), _ids(rows, "hotspots")))
    if not rows.incomplete & {"hotspots", "uplinks"}:
        problems += _placed(path, root, check_burst(checked, _probed(rows)))
    if checked.usable("timezone"):
        at_ns = time.time_ns() if now_ns is None else now_ns
        problems += check_windows(rows, checked.value.zone, at_ns)
        unannounced = list(unannounced_windows(rows, checked.value.zone))
        (problems if strict and unannounced else doubtful).extend(unannounced)
    if problems:
        raise ConfigurationError([*problems, *doubtful])
    doubts = [*warn_settings(checked), *warn_canaries(checked, objection)]
    doubtful = [*warn_rows(rows), *warn_agents(rows), *warn_addresses(rows, objection), *doubtful]
    warnings = [*_placed(path, root, doubts), *doubtful]
    read = (path, *(file for file, _, _ in taken.files))
    return Configuration(path, checked.value, _inventory(rows), read, tuple(sorted(warnings)), reader.digest())


def _first(problems: Iterator[Problem], rows: Rows, file: Path) -> Iterator[Problem]:
    """As many as anybody reads; where there are more, the rest of the file is not looked at."""
    yield from islice(problems, _MOST_PROBLEMS)
    if next(problems, None) is not None:
        yield Problem(file, 0, "", f"has more than {_MOST_PROBLEMS} problems; mend these, and look again")
        rows.incomplete |= set(RECORDS)


def _take(path: Path, reader: FileReader) -> _Taken:
    """Read everything as it is at one moment: where a file was changed meanwhile, all is read again."""
    for last in (*[False] * (_TRIES - 1), True):
        reader.begin()
        try:
            taken = _take_once(path, reader)
        except ConfigurationError:
            if not (moved := reader.moved()):
                raise
        else:
            if not (moved := reader.moved()):
                return taken
        if not last:
            time.sleep(_PAUSE_SECONDS)
    message = "is being changed while it is read, again and again; wait until nobody writes it, and reload"
    raise ConfigurationError([Problem(file, 0, "", message) for file in moved])


def _take_once(path: Path, reader: FileReader) -> _Taken:
    below = ResolvedFolder(path.parent, Path(os.path.realpath(path.parent)))
    root, problems = _read_settings(path, reader, below)
    checked = check(Settings, root)
    problems += _placed(
        path,
        root,
        [
            *checked.problems,
            *check_settings(checked),
            *check_agent_settings(checked),
            *check_checks(checked),
            *check_canary_families(checked),
            *check_priority(checked),
        ],
    )
    names = checked.value.inventory if checked.usable("inventory") else ()
    if "inventory" not in root.lines:
        names = usual_files(path.parent, reader)
    files = list(_listed(path, root, names, problems))
    # A settings file that is itself a link (`..data/pantau.yml`) has two folders: where it stands, and where it lies.
    within = {below.led_to, Path(os.path.realpath(path)).parent}
    read = [(file, place, reader.read(file, within, below)) for file, place in files]
    return _Taken(path, root, checked, problems, read)


def read_settings(path: Path) -> Settings:
    """The settings alone, for what needs no inventory; raises `ConfigurationError` with every problem of the file."""
    root, problems = _read_settings(path, FileReader())
    checked = check(Settings, root)
    if problems := [*problems, *_placed(path, root, list(checked.problems))]:
        raise ConfigurationError(problems)
    return checked.value


def _read_settings(path: Path, reader: FileReader, below: ResolvedFolder | None = None) -> tuple[Branch, list[Problem]]:
    data = reader.read(path, below=below)
    text = [Problem(path, 0, "", data)] if isinstance(data, str) else decode(data, path)
    root, problems = parse_yaml(text, path) if isinstance(text, str) else (None, text)
    if root is None:
        raise ConfigurationError(problems)
    return root, problems


def _placed(path: Path, root: Branch, found: list[FieldProblem]) -> list[Problem]:
    return [Problem(path, line_of(root, one.path), one.field, one.message) for one in found]


def _listed(path: Path, root: Branch, names: tuple[str, ...], problems: list[Problem]) -> Iterator[tuple[Path, Place]]:
    """The inventory files, each once; a second mention is added to `problems`."""
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        line = line_of(root, ("inventory", index))
        place = partial(Problem, path, line, f"inventory.{index}")
        file = path.parent / name
        first = seen.setdefault(os.path.realpath(file) if "\0" not in name else name, index)
        if first != index:
            problems.append(place(f"{quote(name)} is listed twice, first as inventory.{first}; delete one"))
            continue
        yield file, place


def _nothing_to_probe(rows: Rows, path: Path, root: Branch) -> Iterator[Problem]:
    statuses = (row.written("status") for row in rows["hotspots"])
    if "hotspots" in rows.incomplete or any(status in {"", "active"} for status in statuses):
        return
    place = next(((row.file, row.branch.line) for row in rows["hotspots"]), (path, line_of(root, ("inventory",))))
    message = "no hotspot is active, so there is nothing to probe; add one with the status active"
    yield Problem(*place, "", message if any(rows[kind] for kind in RECORDS) else HOW_TO_BEGIN)


def _ids(rows: Rows, kind: str) -> set[str] | None:
    """The ids of a kind; None where not all of them could be read."""
    return None if kind in rows.incomplete else {row.written("id") for row in rows[kind]}


def _probed(rows: Rows) -> int:
    """How many targets there are to ping."""
    hotspots = [row for row in rows["hotspots"] if row.written("status") in {"", "active"}]
    return sum(bool(row.written("address")) for row in [*hotspots, *rows["uplinks"]])


def _inventory(rows: Rows) -> Inventory:
    kelurahan = rows.values("kelurahan")
    wards = Wards(kelurahan)
    return Inventory(
        isps=rows.values("isps"),
        kecamatan=rows.values("kecamatan"),
        kelurahan=kelurahan,
        contracts=rows.values("contracts"),
        uplinks=rows.values("uplinks"),
        hotspots=tuple(_with_ward_name(hotspot, wards) for hotspot in rows.values("hotspots")),
        assignments=rows.values("assignments"),
        exclusions=rows.values("exclusions"),
        site_visits=rows.values("site_visits"),
        maintenance=rows.values("maintenance"),
        people=rows.values("people"),
    )


def _with_ward_name(hotspot: Hotspot, wards: Wards) -> Hotspot:
    """The hotspot with its ward's own name, whatever spelling or code its file uses."""
    ward = wards.find(hotspot.kecamatan, hotspot.kelurahan) if hotspot.kelurahan else None
    if ward is None or ward.name == hotspot.kelurahan:
        return hotspot
    return hotspot.model_copy(update={"kelurahan": ward.name})
