"""Writes a journal in a child that is killed at a random instant, again and again: the body of `test_kill`.

    python -m tests.pantau.journal.killed URL FOLDER KILLS SEED

Each child begins as the exporter does, then writes batches without pause and says the number of its last entry after
each commit. Prints one line of JSON: the kills, and what was said to be committed but is not there.
"""

import json
import os
import random
import sys
from functools import partial
from pathlib import Path

from lab.samples.journal import NOC, change, ns
from pantau.journal import Store
from pantau.journal.database import open_database, resolve_url
from pantau.journal.entries import start
from pantau.states import State
from tests.pantau.journal.killing import kill_one

HOTSPOTS = [f"titik-{number}" for number in range(40)]


def write(url: str, folder: Path, run: int, told: int) -> None:
    """What a child does until it is killed."""
    store = Store(url, folder, NOC)
    entries = store.append([start(ns(run * 1000), HOTSPOTS, [], {})])
    chance = random.Random(run)
    second = run * 1000.0
    while True:
        os.write(told, f"{entries[-1].number}\n".encode())
        second += 0.1
        batch = [change(name, second, State.UP, State.DOWN) for name in chance.sample(HOTSPOTS, chance.randint(1, 20))]
        entries = store.append(batch, alive_ns=ns(second), position=(run, int(second * 10)))


def main(url: str, folder: Path, kills: int, seed: int) -> None:
    """Kill so many, and look after each what is there."""
    import sqlalchemy as sa

    chance = random.Random(seed)
    lost = []
    for run in range(1, kills + 1):
        said = kill_one(partial(write, url, folder, run), chance.uniform(0.0, 0.03))
        engine = open_database(resolve_url(url, folder), create=False)
        with engine.connect() as connection:
            there = connection.execute(sa.text("SELECT max(number) FROM entries")).scalar() or 0
            known = connection.execute(sa.text("SELECT number FROM head")).scalar()
        engine.dispose()
        if there < said or known != there:
            lost.append([run, said, there, known])
    print(json.dumps({"kills": kills, "entries": there, "lost": lost}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
