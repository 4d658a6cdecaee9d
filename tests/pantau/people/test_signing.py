"""Signatures by the real ssh-keygen, and a machine that lacks it."""

import subprocess
from pathlib import Path

import pytest

from lab.samples.people import make_key, public_line
from pantau.errors import JournalError
from pantau.people import check_signature, sign


def test_a_signature_is_of_its_text_its_key_and_this_use(tmp_path: Path) -> None:
    """Any of the three changed, and it is none."""
    key, other = make_key(tmp_path, "ani"), make_key(tmp_path, "budi")
    file = tmp_path / "list.txt"
    file.write_bytes(b"daftar\n")
    made = sign(file, key).read_bytes()
    assert check_signature(b"daftar\n", made, public_line(key))
    assert not check_signature(b"daftar\r\n", made, public_line(key))
    assert not check_signature(b"daftar\n", made, public_line(other))
    file.with_name("list.txt.sig").unlink()
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "git", file], check=True, capture_output=True)
    assert not check_signature(b"daftar\n", file.with_name("list.txt.sig").read_bytes(), public_line(key))


@pytest.mark.parametrize("key", ["", "x", "ssh-ed25519 AAAA", "ssh-ed25519 AAAA\n* ssh-ed25519 AAAA"])
def test_what_is_no_key_has_signed_nothing(key: str) -> None:
    """Nor can it bring a second line into the file of allowed signers."""
    assert not check_signature(b"x", b"y", key)


def test_a_machine_without_the_tool_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing program is no bad signature."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(JournalError, match=r"ssh-keygen is missing.*install Debian's openssh-client"):
        check_signature(b"x", b"y", "ssh-ed25519 AAAA")


def test_a_key_that_cannot_sign_is_told(tmp_path: Path) -> None:
    """In the tool's own words."""
    file = tmp_path / "list.txt"
    file.write_bytes(b"daftar\n")
    with pytest.raises(JournalError, match="ssh-keygen did not sign"):
        sign(file, tmp_path / "missing")
