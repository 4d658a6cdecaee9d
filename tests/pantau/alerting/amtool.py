"""amtool as the judge: what Alertmanager itself makes of a file, a route or a template."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE_SECONDS
from tests.programs import require_program

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "examples" / "bitung" / "alertmanager.yml"
BASE = ROOT / "config" / "alertmanager" / "base.yml"
WORDS = CONFIG.parent / "alertmanager"
CITY = ROOT / "tests" / "pantau" / "alerting" / "city" / "pantau.yml"

Alert = Mapping[str, Any]


def amtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs amtool in the project's root and returns how it ended."""
    command = [require_program("amtool"), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)


def accepted(config: Path) -> None:
    """Alertmanager would take the file."""
    done = amtool("check-config", config)
    assert done.returncode == 0, done.stdout + done.stderr


def routed(config: Path, labels: Mapping[str, str]) -> list[str]:
    """The receivers that an alert with these labels reaches, in their order."""
    pairs = [f"{name}={value}" for name, value in labels.items()]
    done = amtool("config", "routes", "test", f"--config.file={config}", *pairs)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip().split(",")


def grouped(alerts: Sequence[Alert]) -> dict[str, Any]:
    """What a template is given of a group of alerts, as Alertmanager's `template.Data`."""
    return {
        "receiver": "page",
        "status": "firing" if any(alert["status"] == "firing" for alert in alerts) else "resolved",
        "alerts": list(alerts),
        "groupLabels": {},
        "commonLabels": _common([alert["labels"] for alert in alerts]),
        "commonAnnotations": _common([alert["annotations"] for alert in alerts]),
    }


def rendered(template: str, alerts: Sequence[Alert], language: str, folder: Path, words: Path = WORDS) -> str:
    """What a receiver would read of these alerts of one group; `folder` for the data, `words` has the templates."""
    data = folder / "data.json"
    data.write_text(json.dumps(grouped(alerts)), encoding="utf-8")
    names = ("links", "pantau", f"words.{language}")
    globs = [f"--template.glob={words}/{name}.tmpl" for name in names]
    call = f'--template.text={{{{ template "{template}" . }}}}'
    done = amtool("template", "render", *globs, call, f"--template.data={data}")
    assert done.returncode == 0, done.stderr
    return done.stdout


def _common(mappings: Sequence[Mapping[str, str]]) -> dict[str, str]:
    first, *rest = mappings
    return {key: value for key, value in first.items() if all(other.get(key) == value for other in rest)}
