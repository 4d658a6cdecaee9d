"""`pantau init` and `pantau import` as their user calls them, one after the other."""

from pathlib import Path

from tests.commands import pantau


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


def test_a_list_without_isps_names_the_option(tmp_path: Path) -> None:
    """Nothing is made up, and nothing written; a field that is none is told."""
    pantau("init", "Kota", "--elsewhere", "--zone", "WIB", "--yes", cwd=tmp_path)
    (tmp_path / "titik.csv").write_text("Nama,IP\nBalai,10.77.0.1\n")
    told = pantau("import", "titik.csv", "--write", cwd=tmp_path)
    assert "isp no ISP is said; add --isp NAME for those rows -> baris ditinggalkan / row left out" in told.stdout
    wrong = pantau("import", "titik.csv", "--column", "alamat=IP", cwd=tmp_path)
    assert (wrong.returncode, "'alamat' is no field" in wrong.stderr) == (2, True)
    done = pantau("import", "titik.csv", "--isp", "Telkom", "--write", cwd=tmp_path)
    assert "ISP baru / new ISP: Telkom (telkom)" in done.stdout
    assert "1 baris / rows: 1 baru / new" in done.stdout
