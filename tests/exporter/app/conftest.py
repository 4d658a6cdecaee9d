"""A small city of five hotspots for the tests of the running whole."""

from pathlib import Path

import pytest

SETTINGS = """\
probing: {interval: 500ms, timeout: 200ms, confirm: {attempts: 2, spacing: 50ms}}
inventory: [isps.yml, kecamatan.yml, hotspots.csv]
web: {listen: "127.0.0.1:9810"}
"""
ISPS = "isps: [{id: telkom, name: Telkom}, {id: infotek, name: Infotek}]\n"
KECAMATAN = "kecamatan: [{id: maesa, name: Maesa}, {id: girian, name: Girian}]\n"
HEAD = "id,name,address,kecamatan,isp,status\n"
ROWS = [f"h{n},Titik {n},10.77.0.{n},{'maesa' if n % 2 else 'girian'},telkom,active\n" for n in range(1, 6)]
CALM = "name: calm\ndescription: Nothing happens.\nbackground_loss: false\n"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """The settings file of a good configuration in a folder of its own; `hotspots.csv` and `calm.yml` lie beside it."""
    (tmp_path / "pantau.yml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "isps.yml").write_text(ISPS, encoding="utf-8")
    (tmp_path / "kecamatan.yml").write_text(KECAMATAN, encoding="utf-8")
    (tmp_path / "hotspots.csv").write_text(HEAD + "".join(ROWS), encoding="utf-8")
    (tmp_path / "calm.yml").write_text(CALM, encoding="utf-8")
    return tmp_path / "pantau.yml"
