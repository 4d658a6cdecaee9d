"""The projection of what decides money: complete, canonical, silent about what is nobody's business, and reversible."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from lab.samples.evidence import CITY
from pantau.inventory import Configuration, Inventory, Person, Settings, load
from pantau.inventory.maintenance import MaintenanceWindow
from pantau.inventory.models import RECORDS
from pantau.inventory.projection import KINDS, Restorer, changes_between, file_of, lines_of, project
from pantau.inventory.projection.fields import DECIDES, LEFT_OUT
from pantau.inventory.projection.writing import plain

SHIPPED = Path(__file__).parents[3] / "examples" / "bitung" / "pantau.yml"
WINDOW = MaintenanceWindow.model_validate(
    {
        "id": "w",
        "scope": "isp",
        "target": "telkom",
        "start": "2024-04-01 06:00",
        "end": "2024-05-01 09:00",
        "weekly": {"days": ["tue", "mon"], "from": "01:00", "to": "03:00"},
        "reason": "Works",
        "filed_at": "2024-03-01 08:00",
        "approved_by": "Camat",
    }
)
ANI = Person(
    id="ani",
    name="Ani Lumentut",
    office="Diskominfo",
    role="Kepala Seksi",
    key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJgYVMvFZOQ0rWjMUWY7yGD4KTIHpxjDzHCA0Rc8Kf4g",
)
TOWN = replace(CITY, maintenance=(WINDOW,), people=(ANI,))


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    """The city that is shipped."""
    return load(SHIPPED)


def models() -> set[type[BaseModel]]:
    """All models of which settings and inventory are made."""
    found: set[type[BaseModel]] = set()
    waiting: list[Any] = [*RECORDS.values(), Settings]
    while waiting:
        here = waiting.pop()
        if isinstance(here, type) and issubclass(here, BaseModel):
            if here not in found:
                found.add(here)
                waiting += [field.annotation for field in here.model_fields.values()]
        else:
            waiting += get_args(here)
    return found


def lines(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    """Its projection by kind."""
    return {kind: lines_of(kind, getattr(inventory, kind)) for kind in KINDS}


def test_every_field_of_every_model_is_classified_once() -> None:
    """A field that is new decides money, or does not: whoever adds it says which."""
    assert {one.__name__ for one in models()} >= {"Weekly", "Addendum", "Contact", "Canary", "Confirm"}
    for model in models():
        decides, left_out = DECIDES.get(model, ()), LEFT_OUT.get(model, ())
        assert sorted((*decides, *left_out)) == sorted(model.model_fields), model.__name__


def marked(record: BaseModel, fields: dict[type[BaseModel], tuple[str, ...]], marks: list[str]) -> BaseModel:
    """A record with a word of its own in each of these fields, and in those of the records that it holds."""
    changes: dict[str, Any] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name in fields.get(type(record), ()):
            marks.append(f"RAHASIA-{len(marks)}-")
            changes[name] = marks[-1]
        elif isinstance(value, BaseModel):
            changes[name] = marked(value, fields, marks)
    return record.model_copy(update=changes)


def test_what_is_left_out_is_nowhere_in_the_projection(shipped: Configuration) -> None:
    """A word in every contact, credential, path, note and name: not one is chained, and not a byte moves."""
    marks: list[str] = []
    changed: dict[str, Any] = {
        kind: tuple(marked(one, dict(LEFT_OUT), marks) for one in getattr(TOWN, kind)) for kind in RECORDS
    }
    told = marked(shipped.settings, dict(LEFT_OUT), marks)
    assert isinstance(told, Settings)
    made = project(told, Inventory(**changed))
    assert len(marks) == 73
    assert [mark for mark in marks if any(mark.encode() in content for content in made.values())] == []
    assert made == project(shipped.settings, TOWN)


DECIDING = [(kind, name) for kind in KINDS for name in DECIDES[RECORDS[kind]]]
"""Each kind of record with each of its fields that decide."""


@pytest.mark.parametrize(("kind", "name"), DECIDING)
def test_what_decides_is_in_it(kind: str, name: str) -> None:
    """Another value in any such field is another line, and of the kind's content alone."""
    records = getattr(TOWN, kind)
    other = records[0].model_copy(update={name: "LAIN"})
    before, after = lines(TOWN), lines(replace(TOWN, **{kind: (other, *records[1:])}))
    assert [one for one in KINDS if before[one] != after[one]] == [kind]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6))
def test_order_changes_nothing(seed: int) -> None:
    """Records, and lists whose order means nothing, in any order."""
    chance = random.Random(seed)
    shuffled: dict[str, Any] = {
        kind: tuple(chance.sample(own, len(own))) for kind in RECORDS for own in [getattr(TOWN, kind)]
    }
    weekly = WINDOW.weekly
    assert weekly is not None
    days = tuple(chance.sample(weekly.days, len(weekly.days)))
    turned = WINDOW.model_copy(update={"weekly": weekly.model_copy(update={"days": days})})
    assert project(Settings(), Inventory(**{**shuffled, "maintenance": (turned,)})) == project(Settings(), TOWN)


def test_formatting_and_files_change_nothing(tmp_path: Path) -> None:
    """The same records in YAML with comments, other spellings and other files, and in CSV."""
    (tmp_path / "pantau.yml").write_text("inventory: [a.yml, hotspots.csv]\nprobing: {interval: 10s}\n")
    (tmp_path / "a.yml").write_text(
        "isps: [{id: x, name: X, contacts: [{kind: email, value: noc@x.example}]}]\nkecamatan: [{id: m, name: M}]\n"
        "contracts: [{id: k, kecamatan: m, isp: x, start: 2024-04-01, end: 2025-01-01, threshold: 300s}]\n"
    )
    (tmp_path / "hotspots.csv").write_text("id,name,address,kecamatan,isp\nb,B,10.77.0.2,m,x\na,A,10.77.0.1,m,x\n")
    first = load(tmp_path / "pantau.yml")
    (tmp_path / "pantau.yml").write_text("# a comment\nprobing:\n  interval: 10000ms\ninventory: [c.yml, b.yml]\n")
    (tmp_path / "b.yml").write_text(
        "hotspots:\n  - {name: Other name, id: a, isp: x, kecamatan: m, address: '::ffff:10.77.0.1'}\n"
        "isps: [{id: x, name: X}]  # no contact\n"
    )
    (tmp_path / "c.yml").write_text(
        "kecamatan: [{id: m, name: Maesa}]\nhotspots: [{id: b, name: B, address: 10.77.0.2, kecamatan: m, isp: x}]\n"
        "contracts: [{end: 2025-01-01, threshold: 5m, id: k, isp: x, kecamatan: m, start: 2024-04-01}]\n"
    )
    second = load(tmp_path / "pantau.yml")
    assert first.digest != second.digest
    assert project(first.settings, first.inventory) == project(second.settings, second.inventory)


@pytest.mark.parametrize("today", ["the same files", "none"])
def test_an_inventory_comes_back(shipped: Configuration, today: str) -> None:
    """What decided money is whole again, with or without today's files; these give the names."""
    inventory = replace(shipped.inventory, maintenance=(WINDOW,), exclusions=CITY.exclusions)
    restorer = Restorer(inventory if today == "the same files" else Inventory())
    back = restorer.inventory(lines(inventory))
    assert project(shipped.settings, back) == project(shipped.settings, inventory)
    point = shipped.inventory.hotspots[0]
    assert back.hotspot_by_id[point.id].name == (point.name if today == "the same files" else point.id)
    assert back.hotspot_by_id[point.id].kelurahan == point.kelurahan


def test_a_record_of_another_day_has_today_s_name() -> None:
    """The fee, the ISP and the ward are those of then; the name on the paper is today's."""
    point = CITY.hotspots[0]
    renamed = replace(CITY, hotspots=(point.model_copy(update={"name": "Nama baru", "isp": "biznet"}),))
    (back,) = Restorer(renamed).records("hotspots", lines_of("hotspots", [point]))
    assert (back.name, back.isp) == ("Nama baru", "telkom")


def changes(kind: str, before: Inventory, after: Inventory) -> list[tuple[str, str, str | None, str | None]]:
    """What differs, field by field."""
    found = changes_between(kind, lines(before)[kind], lines(after)[kind])
    return [(one.record, *field) for one in found for field in one.fields()]


def test_an_edited_fee_a_moved_day_and_a_renamed_id_are_told_as_such() -> None:
    """Not as one record that went and another that came."""
    fee = replace(CITY, assignments=(CITY.assignments[0].model_copy(update={"monthly_fee": 1}), *CITY.assignments[1:]))
    assert changes("assignments", CITY, fee) == [("P-1 maesa-telkom 2024-04-01", "monthly_fee", "500000", "1")]
    day = plain(CITY.contracts[0])["end"]
    moved = replace(CITY, contracts=(CITY.contracts[0].model_copy(update={"end": "2024-04-10"}), CITY.contracts[1]))
    assert changes("contracts", CITY, moved) == [("maesa-telkom", "end", day, "2024-04-10")]
    renamed = replace(CITY, hotspots=(CITY.hotspots[0].model_copy(update={"id": "P-01"}), *CITY.hotspots[1:]))
    assert changes("hotspots", CITY, renamed) == [("P-1", "id", "P-1", "P-01")]
    gone = changes("hotspots", CITY, replace(CITY, hotspots=CITY.hotspots[1:]))
    assert [(record, field, now) for record, field, _, now in gone] == [("P-1", "", None)]
    assert file_of("hotspots") in project(Settings(), CITY)
