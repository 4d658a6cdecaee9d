"""The machine's hosts file, as people and programs write it."""

from ipaddress import ip_address
from pathlib import Path

from exporter.probing.names.hosts_file import read_hosts

TEXT = """
# static table
127.0.0.1	localhost
10.1.1.1 AP.Example.  ap # the same
10.1.1.2	ap
10.1.1.2 ap
fe80::1%eth0 router
::ffff:10.1.1.3 mapped
10.1.1.400 broken
lonely
10.1.1.4
"""


def test_names_have_all_their_addresses_in_order(tmp_path: Path) -> None:
    """Comments, tabs, final dots and capitals are as nothing; a line that says nothing is skipped."""
    file = tmp_path / "hosts"
    file.write_bytes(TEXT.encode() + b"10.1.1.5 \xff\xfe\n")
    hosts = read_hosts(file)
    assert {name: [str(address) for address in hosts[name]] for name in hosts if name.isascii()} == {
        "localhost": ["127.0.0.1"],
        "ap.example": ["10.1.1.1"],
        "ap": ["10.1.1.1", "10.1.1.2"],
        "router": ["fe80::1"],
        "mapped": ["10.1.1.3"],
    }


def test_a_missing_file_has_no_names(tmp_path: Path) -> None:
    """Nor a folder."""
    assert read_hosts(tmp_path / "hosts") == read_hosts(tmp_path) == {}
    assert ip_address("10.1.1.1") not in read_hosts(tmp_path)
