"""What the city tier needs of the machine: root, iproute2, nftables, and leave to make a network namespace."""

import os
import subprocess
import uuid

from tests.programs import cannot_run, require_program


def require_city() -> None:
    """Skip the calling test, or fail it if PANTAU_REQUIRE_ALL is 1, where no city can be built."""
    for program in ("ip", "nft", "tc", "setpriv"):
        require_program(program)
    if os.geteuid() != 0:
        cannot_run("the city tier makes network namespaces and needs root: sudo make test")
    name = f"pantau-try-{uuid.uuid4().hex[:8]}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode:
        cannot_run(f"no network namespace can be made here: {made.stderr.strip()}")
    subprocess.run(["ip", "netns", "delete", name], check=True)
