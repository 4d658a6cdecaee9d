"""A running exporter, and configurations that would end it: each is refused, and the old one goes on."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.exporter.app.conftest import CALM, HEAD, ISPS, KECAMATAN, ROWS, SETTINGS
from tests.exporter.app.running import Running, running

WINDOWS = SETTINGS.replace("hotspots.csv]", "hotspots.csv, maintenance.yml]")
ALL_UP = dict.fromkeys(("h1", "h2", "h3", "h4", "h5"), 1.0)


def _write(name: str, content: str | bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    return change


def _window(start: str, end: str, more: str = "") -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / "pantau.yml").write_text(WINDOWS)
        (folder / "maintenance.yml").write_text(
            "maintenance:\n  - {id: m1, scope: hotspot, target: h1, reason: uji, approved_by: uji, "
            f"filed_at: 2024-01-01 00:00, start: {start}, end: {end}{more}}}\n"
        )

    return change


def _in_place_of(name: str, make: Callable[[Path], object]) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return change


def _linked(name: str, target: str) -> Callable[[Path], None]:
    return _in_place_of(name, lambda file: file.symlink_to(target))


def _sparse(file: Path) -> None:
    with file.open("ab") as open_file:
        open_file.truncate(300_000_000_000)


def _listed(entry: str) -> Callable[[Path], None]:
    return _write("pantau.yml", SETTINGS.replace("hotspots.csv]", f"hotspots.csv, {entry}]"))


NOWHERE = HEAD.replace("status", "status,latitude,longitude") + ROWS[0][:-1] + ",1e400,nan\n"
BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))

HOSTILE: dict[str, tuple[Callable[[Path], None], str]] = {
    "a window to the end of time": (_window("2024-01-01 00:00", "9999-12-31 23:59"), "outside the years"),
    "a window from the beginning of time": (_window("0001-01-01 00:00", "2199-01-01 00:00"), "outside the years"),
    "a weekly window without end": (
        _window("2024-01-01 00:00", "9999-12-31 00:00", ", weekly: {days: [mon], from: '23:00', to: '01:00'}"),
        "outside the years",
    ),
    "300 GB of nothing": (_in_place_of("hotspots.csv", _sparse), "300000 MB, more than 32 MB"),
    "settings of 300 GB": (_in_place_of("pantau.yml", _sparse), "300000 MB, more than 32 MB"),
    "a folder": (_in_place_of("hotspots.csv", lambda file: file.mkdir()), "is a directory"),
    "a pipe that nobody writes": (_in_place_of("hotspots.csv", os.mkfifo), "is not an ordinary file"),
    "settings that are a pipe": (_in_place_of("pantau.yml", os.mkfifo), "is not an ordinary file"),
    "a device without end": (
        _in_place_of("hotspots.csv", lambda file: file.symlink_to("/dev/zero")),
        "outside the folder",
    ),
    "settings from a device": (
        _in_place_of("pantau.yml", lambda file: file.symlink_to("/dev/zero")),
        "not an ordinary",
    ),
    "a link to itself": (_in_place_of("hotspots.csv", lambda file: file.symlink_to(file.name)), "symbolic links"),
    "a link to nothing": (_in_place_of("hotspots.csv", lambda file: file.symlink_to("nothing")), "does not exist"),
    "no settings at all": (_in_place_of("pantau.yml", lambda _: None), "does not exist"),
    "the secrets of the machine": (_listed("/etc/shadow"), "outside the folder"),
    "the same by dots": (_listed("../../../../../../../../../etc/shadow"), "outside the folder"),
    "the same by a link": (
        _in_place_of("hotspots.csv", lambda file: file.symlink_to("/etc/shadow")),
        "outside the folder",
    ),
    "a file of the kernel": (_listed("/proc/self/environ"), "outside the folder"),
    "a billion laughs": (_write("isps.yml", BOMB), "anchor or alias"),
    "brackets without end": (_write("pantau.yml", "[" * 200_000), "maximum nesting depth"),
    "maps without end": (_write("isps.yml", "{a: " * 100_000), "nested more than 16"),
    "a key without end": (_write("isps.yml", f"{'a' * 1_000_000}: 1\n"), "YAML"),
    "a number without end": (_write("pantau.yml", SETTINGS + f"vantage: {{quorum: {'9' * 3000}}}\n"), "vantage.quorum"),
    "a number that is none": (_write("pantau.yml", SETTINGS + "vantage: {quorum: .nan}\n"), "vantage.quorum"),
    "nowhere": (
        _write("hotspots.csv", NOWHERE),
        "latitude",
    ),
    "half a character": (_write("hotspots.csv", b"id,name\xed\xa0\x80\n"), "is not UTF-8"),
    "the other half": (_write("isps.yml", 'isps: [{id: a, name: "\\ud800"}]\n'), "YAML"),
    "a NUL": (_write("isps.yml", b"isps:\0\n"), "U+0000"),
    "a row without end": (_write("hotspots.csv", HEAD + "x," * 3_000_000), "longer than"),
    "a quote without end": (_write("hotspots.csv", HEAD + '"' + "x,\n" * 1_000_000), "does not pair"),
    "columns without end": (
        _write("hotspots.csv", ",".join(f"c{n}" for n in range(9_000)) + "\n"),
        "9000 columns",
    ),
}


@pytest.fixture(scope="module")
def exporter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """One exporter for all of them, with its five hotspots up, and the folder of its configuration."""
    folder = tmp_path_factory.mktemp("hostile")
    _restore(folder)
    with running(folder / "pantau.yml", folder, "--simulate", str(folder / "calm.yml")) as exporter:
        exporter.wait_until(lambda: exporter.samples("hotspot_up") == ALL_UP, "up")
        yield exporter, folder


def _restore(folder: Path) -> None:
    for file in folder.iterdir():
        if file.name != "exporter.log":
            shutil.rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink()
    contents = {"isps.yml": ISPS, "kecamatan.yml": KECAMATAN, "hotspots.csv": HEAD + "".join(ROWS), "calm.yml": CALM}
    for name, content in (contents | {"pantau.yml": SETTINGS}).items():
        (folder / name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_old_state_stays(kind: str, exporter: tuple[Running, Path]) -> None:
    """Refused with words for it; probing goes on; with the good files back the next reload succeeds."""
    running_exporter, folder = exporter
    hostile, word = HOSTILE[kind]
    before = running_exporter.samples("hotspot_probe_requests_total")
    hostile(folder)
    status, body = running_exporter.request("/-/reload", "POST")
    assert (status, word in body, "root:" in body) == (400, True, False), body[:500]
    assert running_exporter.samples("pantau_config_last_reload_successful") == {"": 0.0}
    assert running_exporter.samples("hotspot_up") == ALL_UP
    assert "root:" not in running_exporter.request("/")[1]
    _restore(folder)
    assert running_exporter.request("/-/reload", "POST")[0] == 200
    assert running_exporter.samples("pantau_config_last_reload_successful") == {"": 1.0}
    after = running_exporter.samples("hotspot_probe_requests_total")
    assert all(after[name] >= before[name] > 0 for name in ALL_UP)
    assert "Traceback" not in running_exporter.text()


def test_a_file_that_comes_and_goes_is_read_whole_or_not_at_all(exporter: tuple[Running, Path]) -> None:
    """Replaced, removed and made anew all the time, in the midst of reloads: it lives, and in the end has the last."""
    running_exporter, folder = exporter
    text = HEAD + "".join(ROWS)
    for number in range(60):
        fresh = folder / "fresh.csv"
        fresh.write_text(text, encoding="utf-8")
        if number % 3 == 0:
            (folder / "hotspots.csv").unlink()
        if number % 2 == 0:
            assert running_exporter.request("/-/reload", "POST")[0] in (200, 400)
        fresh.replace(folder / "hotspots.csv")
    (folder / "hotspots.csv").write_text(text.replace(",active", ",retired", 1), encoding="utf-8")
    left = {"planned": 0.0, "active": 4.0, "retired": 1.0}
    running_exporter.wait_until(lambda: running_exporter.samples("pantau_inventory_hotspots") == left, "the last one")
    assert "Traceback" not in running_exporter.text()
