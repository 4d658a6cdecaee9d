"""docs/dashboards.md, followed to the letter by somebody who has never seen the code."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
AT_THE_END = re.compile(r"At\s+the\s+end\s+of\s+`([^`]+)`:\n\n```\w+\n(.*?)```", re.DOTALL)
AFTER = re.compile(r"In `([^`]+)`, after\n\n```python\n(.*?)\n```\n\nwrite\n\n```python\n(.*?)\n```", re.DOTALL)
COMMANDS = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def test_the_guide_adds_a_panel(tmp_path: Path) -> None:
    """The steps of "A panel in five minutes", each where it says, leave a dashboard that is built and checked."""
    guide = (ROOT / "docs" / "dashboards.md").read_text(encoding="utf-8")
    for folder in ("dashboards", "exporter", "config"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "secrets"))

    ends = AT_THE_END.findall(guide)
    assert [name for name, _text in ends] == [
        "dashboards/queries/city.py",
        "dashboards/executive.py",
        "dashboards/locale/id.po",
    ]
    for name, text in ends:
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write(text)
    ((name, anchor, addition),) = AFTER.findall(guide)
    code = (tmp_path / name).read_text(encoding="utf-8")
    assert code.count(anchor) == 1
    (tmp_path / name).write_text(code.replace(anchor, f"{anchor} {addition}"), encoding="utf-8")

    commands = COMMANDS.findall(guide)[0].splitlines()
    assert commands == ["pantau dashboards build", "pantau dashboards check"]
    for command in commands:
        run = [sys.executable, "-m", "pantau", *command.split()[1:]]
        done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    built = json.loads((tmp_path / "config/grafana/dashboards/pantau-eksekutif.json").read_text(encoding="utf-8"))
    added = next(panel for panel in built["panels"] if panel["id"] == 10)
    assert (added["title"], added["targets"][0]["expr"]) == ("Loss kota", "city:hotspot_probe_loss:ratio5m")
