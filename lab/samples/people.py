"""People of an office with keys that were made for a test, and the way of a decision to its two signatures."""

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pantau.inventory import Person
from pantau.journal import (
    OFFICE,
    DecisionList,
    Event,
    ListItem,
    Store,
    approve_by_key,
    approve_by_scan,
    digest_of_list,
    list_text,
    propose_list,
)
from pantau.people import sign

_NS = 1_000_000_000


def make_key(folder: Path, name: str) -> Path:
    """A private key in `folder`; its public half lies beside it, as ssh-keygen has it."""
    file = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    return file


def public_line(key: Path) -> str:
    """What people.yml has of a key."""
    return " ".join(key.with_suffix(".pub").read_text(encoding="utf-8").split()[:2])


@dataclass(frozen=True)
class Office:
    """Ani and Budi have keys, Citra has none, Dedi is of an ISP."""

    folder: Path
    keys: dict[str, Path]

    @property
    def people(self) -> tuple[Person, ...]:
        """As the inventory has them."""
        ani, budi, dedi = (public_line(self.keys[name]) for name in ("ani", "budi", "dedi"))
        return (
            Person(id="ani", name="Ani Lumentut", office="Diskominfo", role="Kepala Seksi", key=ani),
            Person(id="budi", name="Budi Wowor", office="Kecamatan Maesa", role="PPTK", side="kecamatan", key=budi),
            Person(id="citra", name="Citra Rumagit", office="Kecamatan Maesa", role="Camat", side="kecamatan"),
            Person(id="dedi", name="Dedi", office="Telkom", role="NOC", side="isp", key=dedi),
        )

    @property
    def file(self) -> str:
        """people.yml."""
        lines = (
            f"  - {{id: {one.id}, name: {one.name}, office: {one.office}, role: {one.role}, side: {one.side}"
            + (f', key: "{one.key}"}}' if one.key else "}")
            for one in self.people
        )
        return "people:\n" + "\n".join(lines) + "\n"

    def signature(self, text: bytes, person: str) -> bytes:
        """A person's signature under a text."""
        file = self.folder / f"{digest_of_list(text)}-{person}"
        file.write_bytes(text)
        made = sign(file, self.keys[person]).read_bytes()
        file.with_name(f"{file.name}.sig").unlink()
        return made

    def approval(self, text: bytes, person: str, recorded_ns: int) -> Event:
        """A person approves a list: with a key, or who has none on paper."""
        digest = digest_of_list(text)
        if person not in self.keys:
            return approve_by_scan(digest, person, digest, recorded_ns)
        key = public_line(self.keys[person])
        return approve_by_key(digest, person, key, self.signature(text, person), recorded_ns)


def open_office(folder: Path) -> Office:
    """An office with new keys in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    return Office(folder, {name: make_key(folder, name) for name in ("ani", "budi", "dedi")})


def list_of(items: Sequence[ListItem], month: str = "2024-04", zone: str = "Asia/Makassar") -> bytes:
    """The text of a list with these items, proposed by Ani."""
    return list_text(DecisionList(month, "", zone, "ani", 1_714_500_000, f"1:{64 * '0'}", None, tuple(items)))


def decided(
    store: Store,
    office: Office,
    text: bytes,
    by: Sequence[str] = ("ani", "budi"),
    at_ns: int | None = None,
    records: Sequence[bytes] = (),
) -> list[int]:
    """Propose a list that concerns all time, with the records that it names, and approve it; the entries' numbers.

    The store is the office's.
    """
    assert store.source == OFFICE
    now_ns = time.time_ns() if at_ns is None else at_ns
    events = [propose_list(text, (0, None), now_ns, records)]
    events += [office.approval(text, person, now_ns + number * _NS) for number, person in enumerate(by, 1)]
    return [entry.number for entry in store.append(events)]
