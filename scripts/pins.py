"""The pins of versions.yml: how old they are, and their digests.

scripts/pins.py age       warns of each that was chosen more than a year ago; never fails a check
scripts/pins.py digests   writes each tag's digest behind it, all or none
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

VERSIONS = Path("versions.yml")
OLD = timedelta(days=365)
_PIN = re.compile(
    r"^ +(?:image|BASE): (?P<tag>[\w./-]+:[\w.-]+)(?P<digest>@sha256:[0-9a-f]{64})? +# chosen (?P<day>\S+):"
)
_ASK = (
    ("docker", "buildx", "imagetools", "inspect", "--format", "{{.Manifest.Digest}}"),
    ("skopeo", "inspect", "--format", "{{.Digest}}"),
)
"""Programs that ask the registry that they are set up for; the first that is there and answers is believed."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One image of others."""

    tag: str
    chosen: date


def pins(text: str) -> Iterator[Pin]:
    """All pins of the file. `SystemExit` where an image has no day or another form."""
    for line in text.splitlines():
        if re.match(r" +(image|BASE): ", line):
            found = _PIN.match(line)
            if found is None:
                sys.exit(f"{VERSIONS}: {line.strip()!r} is not NAME:TAG and, behind it, # chosen YYYY-MM-DD: why")
            yield Pin(found["tag"], date.fromisoformat(found["day"]))


def warnings(text: str, today: date) -> list[str]:
    """A sentence for each pin that is older than a year."""
    return [
        f"warning: {pin.tag} was chosen on {pin.chosen}, more than a year ago: read its changelog, choose anew"
        for pin in pins(text)
        if today - pin.chosen > OLD
    ]


def digest_of(tag: str) -> str | None:
    """What the registry says; None where nobody answers."""
    for command in _ASK:
        if shutil.which(command[0]) is None:
            continue
        name = f"docker://{tag}" if command[0] == "skopeo" else tag
        done = subprocess.run([*command, name], capture_output=True, text=True, check=False, timeout=60)
        answer = done.stdout.strip()
        if done.returncode == 0 and re.fullmatch(r"sha256:[0-9a-f]{64}", answer):
            return answer
    return None


def with_digests(text: str) -> str:
    """The file with each tag's digest. `SystemExit` where one has no answer: then nothing is to be changed."""
    for pin in pins(text):
        digest = digest_of(pin.tag)
        if digest is None:
            sys.exit(f"no registry answers for {pin.tag} (docker buildx or skopeo, and a network, are needed): "
                     f"{VERSIONS} is as it was")  # fmt: skip
        text = re.sub(rf"{re.escape(pin.tag)}(@sha256:[0-9a-f]{{64}})?(?= )", f"{pin.tag}@{digest}", text)
    return text


def main() -> None:
    """The command."""
    text = VERSIONS.read_text(encoding="utf-8")
    match sys.argv[1:]:
        case ["age"]:
            for sentence in warnings(text, datetime.now(UTC).date()):
                print(sentence)
        case ["digests"]:
            VERSIONS.write_text(with_digests(text), encoding="utf-8")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
