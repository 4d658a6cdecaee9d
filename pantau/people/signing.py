"""Signatures by OpenSSH (`ssh-keygen -Y`, PROTOCOL.sshsig): made by people on their own machines, verified here.

The real tool does the cryptography; nothing of it is written here. A signature is of one namespace, so that one under a
list can be used for nothing else, and one that was made for something else is none under a list.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from pantau.errors import JournalError

NAMESPACE = "pantau"
_SIGNER = "signer"
"""The name in the file of allowed signers, which is made for one question and has one line."""
_SECONDS = 20.0
_LARGEST_BYTES = 65_536


def check_signature(text: bytes, signature: bytes, key: str) -> bool:
    """Whether `signature` was made under `text` by the key of this line.

    Raises `JournalError`, with its cure, where the tool is missing or does not end.
    """
    if not key or "\n" in key or len(signature) > _LARGEST_BYTES:
        return False
    with tempfile.TemporaryDirectory(prefix="pantau-") as folder:
        allowed, made = Path(folder, "allowed"), Path(folder, "signature")
        # The option keeps the same key from vouching for another namespace (ssh-keygen(1), ALLOWED SIGNERS).
        allowed.write_text(f'{_SIGNER} namespaces="{NAMESPACE}" {key}\n', encoding="utf-8")
        made.write_bytes(signature)
        done = _run(["-Y", "verify", "-f", str(allowed), "-I", _SIGNER, "-n", NAMESPACE, "-s", str(made)], given=text)
    return done.returncode == 0


def sign(text: Path, key: Path) -> Path:
    """Sign a file with a private key, as a person does with the command that `outage propose` prints."""
    done = _run(["-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(text)])
    if done.returncode != 0:
        raise JournalError(f"ssh-keygen did not sign {text}: {done.stderr.decode(errors='replace').strip()}")
    return text.with_name(f"{text.name}.sig")


def _run(arguments: list[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # Without an agent and in plain words: nothing but the files named here decides.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SSH_")} | {"LC_ALL": "C"}
    try:
        return subprocess.run(
            ["ssh-keygen", *arguments],
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env=environment,
        )
    except FileNotFoundError as error:
        raise JournalError("ssh-keygen is missing, which signatures need: install Debian's openssh-client") from error
    except subprocess.TimeoutExpired as error:
        raise JournalError(f"ssh-keygen did not end within {_SECONDS:.0f} s; try it by hand") from error
