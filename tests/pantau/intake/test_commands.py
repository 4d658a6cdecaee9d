"""`pantau init` and `pantau import` as their user calls them, one after the other."""

from pathlib import Path

import pytest

from pantau.cli.import_ import import_list
from pantau.intake.cities.elsewhere import named_city
from pantau.intake.cities.rendering import city_files
from pantau.intake.errors import IntakeError
from tests.commands import pantau
from tests.pantau.intake.cities import write_files


def test_from_nothing_to_watched_points_in_three_commands(tmp_path: Path) -> None:
    """A city, a list first looked at and then written, and a check that is good."""
    made = pantau("init", "Kota Bitung", "--isp", "Telkom", "--canary", "gateway=192.0.2.1", cwd=tmp_path)
    assert (made.returncode, made.stderr.count("no hotspot is active")) == (0, 1)
    assert made.stdout.splitlines()[0] == "Kota Bitung (71.72): 8 kecamatan, 69 kelurahan, 1 ISP, Asia/Makassar"
    listed = tmp_path / "titik.csv"
    listed.write_text("Nama;Alamat IP;Kecamatan;SSID\nBalai;10.77.0.1/24;Kec. Maesa;Kota\nPos;1,07E+10;Girian;\n")
    hotspots = tmp_path / "config" / "inventory" / "hotspots.csv"
    before = hotspots.read_text()
    dry = pantau("import", "titik.csv", "--doubts", "ragu.csv", cwd=tmp_path)
    assert (dry.returncode, dry.stderr, hotspots.read_text()) == (0, "", before)
    assert "    address              <- Alamat IP" in dry.stdout
    assert "    note                 <- SSID" in dry.stdout
    assert "  baris / row 3: Alamat IP '1,07E+10' a number, as a spreadsheet makes of an address" in dry.stdout
    assert "2 baris / rows: 2 baru / new, 0 berubah / changed, 0 sama / same, 0 ditinggalkan / left out" in dry.stdout
    assert (tmp_path / "ragu.csv").read_text().splitlines()[0] == "sheet,row,column,value,reason,effect"
    done = pantau("import", "titik.csv", "--write", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    checked = pantau("check", cwd=tmp_path)
    assert "good. 1 active hotspots of 2, 8 kecamatan, 1 ISPs" in checked.stdout


def test_a_list_without_isps_names_the_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is made up, and nothing written; a field that is none is told."""
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path / "config", city_files(named_city("Kota", "Asia/Jakarta", [], [])))
    listed = tmp_path / "titik.csv"
    listed.write_text("Nama,IP\nBalai,10.77.0.1\n")
    import_list(listed, write=True)
    told = capsys.readouterr().out
    assert "isp no ISP is said; add --isp NAME for those rows -> baris ditinggalkan / row left out" in told
    with pytest.raises(IntakeError, match="'alamat' is no field"):
        import_list(listed, column=["alamat=IP"])
    with pytest.raises(IntakeError, match="'IP' is not FIELD=HEADING"):
        import_list(listed, column=["IP"])
    import_list(listed, isp="Telkom", write=True)
    told = capsys.readouterr().out
    assert "ISP baru / new ISP: Telkom (telkom)" in told
    assert "1 baris / rows: 1 baru / new" in told
