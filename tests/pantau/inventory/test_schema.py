"""The JSON Schemas that editors use."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pantau.inventory import inventory_json_schema, json_schema

CONFIG = Path(__file__).parents[3] / "config"
EXAMPLE = CONFIG.parent / "examples" / "bitung"
STEMS = ("isps", "kecamatan", "uplinks", "contracts", "exclusions", "site_visits")
SCHEMAS = {"pantau": json_schema, "inventory": inventory_json_schema}


def _load(path: Path) -> Any:
    """YAML with dates left as text, as editors read it (YAML 1.2 knows no dates)."""
    return yaml.load(path.read_text(encoding="utf-8"), _TextDates)  # noqa: S506 - derived from the safe loader


class _TextDates(yaml.SafeLoader):
    """The safe loader without the type that YAML 1.2 has dropped."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own declaration
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_shipped_schema_is_the_models_schema(name: str) -> None:
    """The file in `config/schema` is what the models say; `pantau check --schema` writes it anew."""
    shipped = json.loads((CONFIG / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert shipped == SCHEMAS[name]()


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_is_a_schema(name: str) -> None:
    """It obeys the dialect that it names."""
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name]())


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("pantau", CONFIG / "pantau.yml"),
        ("pantau", EXAMPLE / "pantau.yml"),
        *(("inventory", EXAMPLE / f"inventory/{stem}.yml") for stem in STEMS),
        ("inventory", EXAMPLE / "people.yml"),
    ],
)
def test_the_shipped_files_obey_their_schema(name: str, file: Path) -> None:
    """No editor marks anything in what we ship, and the file says where its schema is."""
    jsonschema.Draft202012Validator(SCHEMAS[name]()).validate(_load(file))
    first = file.read_text(encoding="utf-8").splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    assert (file.parent / first.removeprefix(prefix)).resolve() == CONFIG / "schema" / f"{name}.schema.json"


def test_the_schema_refuses_what_the_loader_refuses() -> None:
    """Unknown keys, bare numbers and words off the lists are marked while one types."""
    wrong = {"probing": {"interval": 10, "engine": "fping", "colour": "red"}, "web": {"listen": "0.0.0.0:9810"}}
    errors = jsonschema.Draft202012Validator(json_schema()).iter_errors(wrong)
    assert sorted(error.json_path for error in errors) == ["$.probing", "$.probing.engine", "$.probing.interval"]


def test_each_setting_is_described_with_its_default() -> None:
    """A person who hovers over a key learns what it does and what it is when left out."""
    definitions = json_schema()["$defs"]
    bare = [
        f"{model}.{key}"
        for model, definition in definitions.items()
        for key, field in definition["properties"].items()
        if not field.get("description")
    ]
    assert bare == []
    assert definitions["Probing"]["properties"]["interval"]["default"] == "10s"
    assert definitions["Web"]["properties"]["listen"]["default"] == "127.0.0.1:9810"
