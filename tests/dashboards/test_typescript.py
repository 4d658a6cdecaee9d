"""The newest Grafana's own types, in TypeScript: every dashboard is one, to the last key. Long, for it asks npm."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.dashboards.conftest import Drawn
from tests.programs import require_program

SOURCES = Path(__file__).parent / "typescript"
PANELS_OWN = ("options", "targets")
DATA_SOURCES_OWN = ("expr", "step", "textFormat", "titleFormat")
"""Keys of an annotation that belong to Prometheus' data source."""
TYPES = "AnnotationOf, CustomOf, DashboardOf, OptionsOf, PanelOf"

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiler and Grafana's types as the lock file pins them."""
    made = tmp_path_factory.mktemp("typescript")
    for path in SOURCES.iterdir():
        shutil.copy(path, made)
    subprocess.run([require_program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=made, check=True)
    return made


def _statements(uid: str, dashboard: Mapping[str, Any]) -> Iterator[str]:
    """One constant for the frame, one for each annotation, and for each panel itself, and what its kind alone has."""
    name = uid.replace("-", "_")
    frame = {key: value for key, value in dashboard.items() if key not in {"panels", "annotations"}}
    yield f"export const {name}: DashboardOf = {json.dumps(frame)};"
    for index, note in enumerate(dashboard["annotations"]["list"]):
        own = {key: value for key, value in note.items() if key not in DATA_SOURCES_OWN}
        yield f"export const {name}_note_{index}: AnnotationOf = {json.dumps(own)};"
    for panel in dashboard["panels"]:
        own = {key: value for key, value in panel.items() if key not in PANELS_OWN}
        yield f"export const {name}_{panel['id']}: PanelOf = {json.dumps(own)};"
        kind, options = json.dumps(panel["type"]), json.dumps(panel["options"])
        yield f"export const {name}_{panel['id']}_options: OptionsOf<{kind}> = {options};"
        if custom := panel["fieldConfig"]["defaults"].get("custom"):
            yield f"export const {name}_{panel['id']}_custom: CustomOf<{kind}> = {json.dumps(custom)};"


def _differences(folder: Path, drawn: Drawn) -> list[str]:
    head = f'import type {{ {TYPES} }} from "./against";\n'
    for uid, dashboard in drawn.items():
        (folder / f"{uid}.ts").write_text(head + "\n".join(_statements(uid, dashboard)), encoding="utf-8")
    command = ["npx", "--no-install", "tsc", "--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext"]
    done = subprocess.run(
        [*command, *(f"{uid}.ts" for uid in drawn)], cwd=folder, capture_output=True, text=True, check=False
    )
    return [line for line in done.stdout.splitlines() if "error TS" in line]


def test_every_dashboard_is_of_grafanas_own_type(folder: Path, drawn: Drawn) -> None:
    """No key that the newest Grafana does not know, no value of another type, none that is missing."""
    assert _differences(folder, drawn) == []


@pytest.mark.parametrize("drawn", ["en"], indirect=True)
def test_a_key_of_an_older_grafana_is_found(folder: Path, drawn: Drawn) -> None:
    """The compiler would notice the three that once were there; and one of a field, one of an annotation."""
    spoilt = json.loads(json.dumps(drawn))
    tables = [panel for panel in spoilt["pantau-kota"]["panels"] if panel["type"] == "table"]
    tables[0]["options"]["footer"] = {"show": False}
    del spoilt["pantau-titik"]["templating"]["list"][-1]["current"]["text"]
    smoke = next(panel for panel in spoilt["pantau-titik"]["panels"] if panel["type"] == "heatmap")
    smoke["options"]["tooltip"]["show"] = True
    trend = next(panel for panel in spoilt["pantau-isp"]["panels"] if panel["type"] == "timeseries")
    trend["fieldConfig"]["defaults"]["custom"]["lineWidth"] = "2"
    del spoilt["pantau-sla"]["annotations"]["list"][0]["iconColor"]
    found = [line.partition("(")[0] for line in _differences(folder, spoilt)]
    assert sorted(found) == ["pantau-isp.ts", "pantau-kota.ts", "pantau-sla.ts", "pantau-titik.ts", "pantau-titik.ts"]
