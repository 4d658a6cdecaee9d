"""`python -m lab.month [PART]`: the whole month of 1000 hotspots, or of each PARTth, and its figures.

A quarter of an hour of a core of its own.
"""

import sys
import tempfile
import time
from pathlib import Path

from lab.history.prometheus import prometheus
from lab.month.judging import judge
from lab.month.playing import Player
from lab.month.story import WHOLE_SPAN, make_story
from lab.samples.accounting import WITA
from pantau.reports.accounting import local_day


def main(part: int = 1) -> int:
    """Play, judge, print; 1 where the report is not what the script says."""
    began = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        story = make_story(folder, WHOLE_SPAN, part=part, interval=120, step=20, scrape=240)
        with prometheus(folder / "prometheus") as running:
            player = Player(story, folder / "journal.sqlite", running)
            outcome = player.play(
                lambda at: print(f"{local_day(at, WITA)} {time.process_time() - began:.0f} s", file=sys.stderr)
            )
            played = time.process_time() - began
            judgement = judge(story, outcome, folder / "journal.sqlite", running.url)
        megabytes = (folder / "journal.sqlite").stat().st_size / 1e6
    figures = {
        "hotspots": len(story.before.inventory.active_hotspots),
        "moved": len(story.moved),
        **judgement.figures,
        "restarts": len(outcome.away),
        "scrapes": outcome.scrapes,
        "journal": f"{megabytes:.0f} MB",
        "CPU to play": f"{played:.0f} s",
        "CPU to report and compare": f"{time.process_time() - began - played:.0f} s",
    }
    for what, value in figures.items():
        print(f"{what}: {value}")
    for one in judgement.wrong:
        print(one)
    return 1 if judgement.wrong or judgement.open else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
