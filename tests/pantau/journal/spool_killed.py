"""Fills a spool in a child that is killed at a random instant, again and again: the body of `test_spool_kill`.

    python -m tests.pantau.journal.spool_killed FOLDER KILLS SEED

Each child opens the spool as the exporter does, then adds batches without pause and says after each how many events it
has added in all. Now and then it clears the spool first, as after a recovery. Prints one line of JSON: what was said to
be safe but is not there, and what is there but was never given.
"""

import json
import os
import random
import sys
from functools import partial
from pathlib import Path

from lab.samples.journal import down
from pantau.journal.spool import Spool
from tests.pantau.journal.killing import kill_one
from tests.pantau.journal.spooling import waiting

BATCHES = 100_000


def write(file: Path, run: int, told: int) -> None:
    """What a child does until it is killed."""
    chance = random.Random(run)
    spool = Spool(file)
    if run % 5 == 0:
        spool.clear()
    number = 0
    for _ in range(BATCHES):
        count = chance.randint(1, 30)
        batch = [down(f"run{run}-{number + place}", number + place) for place in range(1, count + 1)]
        number += count
        spool.add(run, waiting(batch))
        os.write(told, f"{number}\n".encode())


def main(folder: Path, kills: int, seed: int) -> None:
    """Kill so many, and look after each at what is there."""
    chance = random.Random(seed)
    file, faults = folder / "spool.jsonl", list[object]()
    safe: list[str] = []
    for run in range(1, kills + 1):
        said = kill_one(partial(write, file, run), chance.uniform(0.0, 0.02))
        safe = [] if run % 5 == 0 else safe
        there = [one.event.subject for one in Spool(file).read()]
        own = [f"run{run}-{number}" for number in range(1, len(there) - len(safe) + 1)]
        if there != safe + own or len(own) < said:
            faults.append([run, said, there[-3:]])
        safe = there
    torn = len(list(folder.glob("*.damaged-*")))
    print(json.dumps({"kills": kills, "events": len(safe), "torn": torn, "faults": faults}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
