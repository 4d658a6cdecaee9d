"""Which files are read, and that what is read is one moment's: links, limits, and whoever writes meanwhile."""

import errno
import hashlib
import os
import shutil
import threading
from pathlib import Path

import pytest

from pantau.errors import ConfigurationError
from pantau.inventory import load, reading
from pantau.inventory.reading import FileReader, ResolvedFolder, stamp_of

HERE = Path(__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the good configuration, with nothing else beside or above it."""
    return Path(shutil.copytree(HERE / "good", tmp_path / "config"))


def problems_of(path: Path) -> list[str]:
    """What is said of a configuration, without the folder's name."""
    try:
        load(path)
    except ConfigurationError as error:
        return [str(problem).replace(str(path.parent), "") for problem in error.problems]
    return []


def test_a_kubernetes_volume_is_read(folder: Path, tmp_path: Path) -> None:
    """Each file a link to ``..data/FILE``, ``..data`` a link to the folder of the day."""
    volume = tmp_path / "volume"
    volume.mkdir()
    folder.rename(volume / "..2024_04_01")
    (volume / "..data").symlink_to("..2024_04_01")
    for file in (volume / "..data").iterdir():
        (volume / file.name).symlink_to(f"..data/{file.name}")
    assert problems_of(volume / "pantau.yml") == []


def test_a_release_folder_is_read(folder: Path, tmp_path: Path) -> None:
    """``current`` is a link, and so is the folder above it."""
    (tmp_path / "current").symlink_to("config")
    (tmp_path / "srv").symlink_to(tmp_path)
    assert problems_of(tmp_path / "srv" / "current" / "pantau.yml") == []


def test_settings_that_are_a_link_bring_the_folder_where_they_lie(folder: Path, tmp_path: Path) -> None:
    """Each file is a link into one other folder."""
    links = tmp_path / "links"
    links.mkdir()
    for file in folder.iterdir():
        (links / file.name).symlink_to(file)
    assert problems_of(links / "pantau.yml") == []


SECRET = "root:$6$geheim:19000:0:99999:7:::\n"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("../outside.csv", "'{folder}/../outside.csv' lies outside the folder of pantau.yml"),
        ("{above}/outside.csv", "'{above}/outside.csv' lies outside the folder of pantau.yml"),
        ("hotspots-link.csv", "'{folder}/hotspots-link.csv' leads to '{above}/outside.csv', outside the folder"),
        ("link/outside.csv", "'{folder}/link/outside.csv' leads to '{above}/outside.csv', outside the folder"),
        ("link/nothing.csv", "'{folder}/link/nothing.csv' leads to '{above}/nothing.csv', outside the folder"),
        ("sub/../../outside.csv", "'{folder}/sub/../../outside.csv' lies outside the folder of pantau.yml"),
        ("chain.csv", "'{folder}/chain.csv' leads to '{above}/outside.csv', outside the folder"),
    ],
)
def test_a_file_outside_the_folder_is_refused_and_not_read(
    entry: str, said: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its name, by dots, by a link on any part of its way, by a chain of links: nothing of it is shown."""
    monkeypatch.setattr("pantau.inventory.wording._LONGEST_QUOTE", 1000)
    (tmp_path / "outside.csv").write_text(SECRET)
    (folder / "sub").mkdir()
    (folder / "link").symlink_to(tmp_path)
    (folder / "hotspots-link.csv").symlink_to(tmp_path / "outside.csv")
    (folder / "chain.csv").symlink_to("hotspots-link.csv")
    settings = folder / "pantau.yml"
    text = settings.read_text().replace("hotspots.csv", "hotspots.csv, " + entry.format(above=tmp_path))
    settings.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load(settings)
    (problem,) = caught.value.problems
    assert problem.message.startswith(said.format(folder=folder, above=tmp_path))
    assert "geheim" not in str(problem)


def test_a_folder_whose_name_begins_alike_is_another(folder: Path, tmp_path: Path) -> None:
    """``config-old`` is not below ``config``."""
    shutil.copytree(folder, tmp_path / "config-old")
    settings = folder / "pantau.yml"
    settings.write_text(settings.read_text().replace("isps.yml", "../config-old/isps.yml"))
    assert len(problems_of(settings)) == 1


def test_a_file_that_cannot_be_read_may_be_readable_soon(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the disk is a problem of the configuration like others, and known as one that may pass."""

    def fail(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "read", fail)
    reader = FileReader()
    with pytest.raises(ConfigurationError, match="Input/output error"):
        load(folder / "pantau.yml", reader=reader)
    assert reader.trouble


def test_what_was_looked_at_is_known_after_a_failure(folder: Path) -> None:
    """Also a file that is not there: when it comes, it is another than it was."""
    (folder / "isps.yml").unlink()
    reader = FileReader()
    with pytest.raises(ConfigurationError):
        load(folder / "pantau.yml", reader=reader)
    assert reader.stamps[folder / "isps.yml"] == errno.ENOENT
    assert len(reader.stamps) == 7
    assert not reader.trouble
    (folder / "isps.yml").write_text("isps: []\n")
    assert stamp_of(folder / "isps.yml") != errno.ENOENT


def test_the_digest_is_of_the_bytes_that_were_read(folder: Path) -> None:
    """SHA-256 over NAME SHA-256, a line each file, sorted: as the journal has it."""
    configuration = load(folder / "pantau.yml")
    lines = sorted(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for file in configuration.files)
    assert configuration.digest == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_a_file_that_changes_while_it_is_read_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever replaces one file after another in the midst of it: what is loaded is the last state, never a mixture."""
    left = ["isps.yml", "hotspots.csv", "pantau.yml"]
    honest = os.read

    def read(descriptor: int, size: int) -> bytes:
        piece = honest(descriptor, size)
        if left and not piece:
            file = folder / left.pop()
            fresh = folder / "fresh"
            fresh.write_text(file.read_text().replace("Telkom", "Telkom Baru").replace("Balai", "Balai Baru"))
            fresh.replace(file)
        return piece

    monkeypatch.setattr(os, "read", read)
    monkeypatch.setattr("pantau.inventory.loading._PAUSE_SECONDS", 0.0)
    inventory = load(folder / "pantau.yml").inventory
    assert left == []
    assert (inventory.isp_by_id["telkom"].name, inventory.hotspots[0].name) == ("Telkom Baru", "Balai Baru")


def test_a_file_that_is_written_without_end_is_a_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried ten times: the message names the file, and what to do."""
    honest = os.read

    def read(descriptor: int, size: int) -> bytes:
        piece = honest(descriptor, size)
        with (folder / "hotspots.csv").open("a") as file:
            file.write("\n")
        return piece

    monkeypatch.setattr(os, "read", read)
    monkeypatch.setattr("pantau.inventory.loading._PAUSE_SECONDS", 0.0)
    with pytest.raises(ConfigurationError) as caught:
        load(folder / "pantau.yml")
    (problem,) = caught.value.problems
    assert problem.file == folder / "hotspots.csv"
    assert problem.message.startswith("is being changed while it is read")


def test_a_swap_of_the_whole_folder_gives_no_mixture(folder: Path, tmp_path: Path) -> None:
    """Two releases, swapped as fast as can be while another thread loads: each load is one of the two.

    On a machine so busy that the link moves in each of its tries, a load says so, and nothing else; then nobody moves
    it any more, and it loads.
    """
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    for name in ("isps.yml", "hotspots.csv"):
        (other / name).write_text((other / name).read_text().replace("Telkom", "Baru").replace("Balai", "Baru"))
    link, stop = tmp_path / "current", threading.Event()
    link.symlink_to("config")

    def swap() -> None:
        number = 0
        while not stop.wait(0.002):
            number += 1
            (tmp_path / "fresh").symlink_to("other" if number % 2 else "config")
            (tmp_path / "fresh").replace(link)

    thread = threading.Thread(target=swap)
    thread.start()
    found, refused = set(), list[str]()
    try:
        for _ in range(30):
            try:
                inventory = load(link / "pantau.yml").inventory
            except ConfigurationError as error:
                refused += [one.message for one in error.problems]
            else:
                found.add((inventory.isp_by_id["telkom"].name, inventory.hotspots[0].name))
    finally:
        stop.set()
        thread.join()
    inventory = load(link / "pantau.yml").inventory
    found.add((inventory.isp_by_id["telkom"].name, inventory.hotspots[0].name))
    assert found <= {("Telkom", "Balai"), ("Baru", "Baru")}
    assert [one for one in refused if not one.startswith("is being changed while it is read")] == []


@pytest.mark.parametrize("name", ["isps.yml", "pantau.yml"])
def test_a_link_that_led_elsewhere_for_a_moment_is_seen(name: str, folder: Path, tmp_path: Path) -> None:
    """Also where it leads back again before all files are looked at once more; what stays outside is no such thing."""
    shutil.copytree(folder, tmp_path / "other")
    link = tmp_path / "current"
    link.symlink_to("config")
    below = ResolvedFolder(link, folder)
    for target, torn in (("other", [link / name]), ("config", [])):
        link.unlink()
        link.symlink_to(target)
        reader = FileReader()
        reader.read(link / name, {folder}, below)
        link.unlink()
        link.symlink_to("config")
        assert [file for file in reader.moved() if file in reader._torn] == torn
    (folder / name).unlink()
    (folder / name).symlink_to(tmp_path / "other" / name)
    reader = FileReader()
    assert "outside the folder" in str(reader.read(link / name, {folder}, below))
    assert reader.moved() == []


def test_limits_on_size(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one file, and of all together; a file that grows while it is read ends at the limit."""
    monkeypatch.setattr(reading, "LARGEST_TOTAL_BYTES", 600)
    assert [line.rpartition(": ")[2][:48] for line in problems_of(folder / "pantau.yml")][:1] == [
        "all files together are more than 0 MB; delete wh"
    ]
    monkeypatch.setattr(reading, "LARGEST_BYTES", 100)
    assert all("more than 0 MB; is it the right file?" in line for line in problems_of(folder / "pantau.yml"))


def test_a_list_of_too_many_files(folder: Path) -> None:
    """Each costs a look a second."""
    names = ", ".join(f"isps-{number}.yml" for number in range(300))
    (folder / "pantau.yml").write_text(f"inventory: [{names}]\n")
    assert problems_of(folder / "pantau.yml")[0] == (
        "/pantau.yml:1: inventory: 300 files are more than 200; put several into one"
    )


def test_a_thousand_problems_of_a_file_are_enough(folder: Path) -> None:
    """The rest is not looked at, and says so."""
    (folder / "hotspots.csv").write_text("id,name,address,kecamatan,isp\n" + "x y,,,,\n" * 3000)
    found = [line for line in problems_of(folder / "pantau.yml") if line.startswith("/hotspots.csv")]
    assert 1001 <= len(found) <= 2001  # those between records come beside them
    assert found[0] == "/hotspots.csv: has more than 1000 problems; mend these, and look again"
