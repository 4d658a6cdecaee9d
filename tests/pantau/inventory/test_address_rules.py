"""Addresses that can be used and are yet probably wrong, each with its place; and what the machine says of them."""

import shutil
from pathlib import Path

import pytest

from pantau.inventory import load
from pantau.inventory.addresses import IpAddress, parse_ip

HERE = Path(__file__).parent
OURS = parse_ip("10.77.0.9")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The good configuration, with addresses to look at twice."""
    shutil.copytree(HERE / "good", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    rows = ("10.77.0.255", "ap1", "ap1.local", "10.77.0.9", "ap_2.example.org")
    lines = [f"B-{n},Pos,{address},madidir,telkom" for n, address in enumerate(rows)]
    (tmp_path / "hotspots.csv").write_text("\n".join(["id,name,address,kecamatan,isp", *lines]) + "\n")
    (tmp_path / "uplinks.yml").write_text("uplinks:\n  - {id: pop, name: POP, isp: telkom, address: 10.78.0.0}\n")
    settings = (tmp_path / "pantau.yml").read_text()
    (tmp_path / "pantau.yml").write_text(settings.replace("192.0.2.1", "192.0.2.255"))
    return tmp_path


def ours(address: IpAddress) -> str | None:
    """What a machine says of its own address."""
    return "this machine's own address" if address == OURS else None


def test_each_doubt_has_its_place(folder: Path) -> None:
    """File, line, field, what is wrong and the cure; nothing of it keeps the configuration from being loaded."""
    warnings = [str(it) for it in load(Path("pantau.yml")).warnings if "address" in it.field]
    larger = "correct it unless the network is larger"
    assert warnings == [
        f"hotspots.csv:2: address: '10.77.0.255' ends in .255, in most networks its broadcast address; {larger}",
        "hotspots.csv:3: address: 'ap1' is a name without a domain, looked up in this machine's search domains "
        "alone; write the whole name, or an address",
        "hotspots.csv:4: address: 'ap1.local' is a name of multicast DNS, which is not asked; write a name of your "
        "DNS, or an address",
        "pantau.yml:6: vantage.canaries.0.address: '192.0.2.255' ends in .255, in most networks its broadcast address"
        f"; {larger}",
        f"uplinks.yml:2: uplinks.0.address: '10.78.0.0' ends in .0, in most networks a network's own address; {larger}",
    ]


def test_what_hangs_on_the_machine_is_a_warning_of_that_machine(folder: Path) -> None:
    """Never a problem, not even of a strict check: another machine may load the same files."""
    warned = {str(it) for it in load(Path("pantau.yml"), strict=True, objection=ours).warnings}
    assert warned - {str(it) for it in load(Path("pantau.yml")).warnings} == {
        "hotspots.csv:5: address: '10.77.0.9' is this machine's own address; it is not probed from here, write the "
        "address of the other side"
    }
