"""Building while somebody edits: once at the start, and once for each change, a broken one too."""

from pathlib import Path
from threading import Event

import pytest

from dashboards import DASHBOARDS, watching


def test_a_change_is_built_and_a_broken_build_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first build comes at once; a touched source leads to the next, and its complaint is one line."""
    source, output, stop = tmp_path / "source", tmp_path / "out", Event()
    source.mkdir()
    monkeypatch.setattr(watching, "SOURCES", (source,))
    monkeypatch.setattr(watching, "changes", lambda *paths, stop_event: iter([paths, paths]))
    builds = watching.watch(output, "en", stop)
    assert next(builds) == ""
    assert sorted(path.stem for path in output.iterdir()) == sorted(DASHBOARDS)
    assert next(builds) == ""
    monkeypatch.setattr(watching, "_BUILD", "raise SystemExit('kota.py is broken')")
    assert next(builds) == "kota.py is broken"
    assert list(builds) == []
