"""The Dockerfile: what it copies exists and is let through, and what runs is small and not root."""

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from tests.rules.checking import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LINES = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE)).splitlines()
STAGES = "\n".join(LINES).split("\nFROM ")


def copied() -> list[str]:
    """The paths of the build context that the Dockerfile copies."""
    copies = (line.split()[1:-1] for line in LINES if line.startswith("COPY ") and "--from=" not in line)
    return [path for paths in copies for path in paths]


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    """Every path is there, and .dockerignore, which shuts everything out, lets each of them in again."""
    assert copied() == ["pyproject.toml", "README.md", "pantau", "exporter", "dashboards"]
    missing = [path for path in copied() if not (ROOT / path).exists()]
    assert missing == []
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert patterns.count("*") == 1
    let_in = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    assert [path for path in copied() if not any(fnmatch(path, pattern) for pattern in let_in)] == []


def test_every_package_of_the_project_is_copied() -> None:
    """A package added to pyproject.toml is not forgotten in the image."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    include = project["tool"]["setuptools"]["packages"]["find"]["include"]
    packages = {path for path in copied() if Path(path).suffix == ""}
    assert {name.rstrip("*") for name in include} == packages


def test_both_stages_stand_on_the_same_pinned_python() -> None:
    """The virtual environment's interpreter is a link into the base image, so that must not differ between stages."""
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", bases[0])


def test_what_runs_is_not_root_and_installs_only_what_sets_pages() -> None:
    """The last stage copies, and takes WeasyPrint's libraries and fonts; it runs under a number, says its health."""
    final = STAGES[-1]
    assert len(STAGES) == 2
    (run,) = re.findall(r"^RUN (.*)$", final, re.MULTILINE)
    packages = re.search(r"install -y --no-install-recommends ([^&]*)&&", run)
    assert packages is not None
    assert packages[1].split() == [
        "libpango-1.0-0",
        "libpangoft2-1.0-0",
        "libharfbuzz-subset0",
        "fonts-liberation",
        "fonts-dejavu-core",
    ]
    assert run.endswith("rm -rf /var/lib/apt/lists/*")
    assert not re.search(r"pip |gcc|build-essential", final, re.MULTILINE)
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", final, re.MULTILINE)
    assert "HEALTHCHECK" in final
    assert "urllib.request" in final
    assert 'ENTRYPOINT ["pantau"]' in final
    assert "pip uninstall --yes setuptools wheel pip" in STAGES[0]
