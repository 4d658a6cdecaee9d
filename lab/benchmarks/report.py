"""docs/benchmarks.md out of the figures: the bars and whether they hold, a table for each row, the plots."""

import json
from pathlib import Path
from typing import Any

from lab.benchmarks import tables
from lab.benchmarks.bars import judge
from lab.benchmarks.plots import draw

_HEAD = """# Side by side

What a probe costs, how often it is wrong and how far its RTT is off: Pantau and its peers, the same targets in the same
network namespaces (a veth between the probers and the city), one after the other. `sudo make bench` makes all of this
anew, `ROWS=cost,rtt_error` parts of it, `QUICK=1` a short form. The figures are those of
[benchmarks.json](benchmarks.json); this file is written from them.
"""

_NOTES = """## How to read this

- *RTT.* Pantau's RTT runs from the kernel's transmit stamp to its receive stamp. The capture's tap sees a packet a
  moment before the driver stamps it, hence the median of one or two microseconds below the wire. fping prints three
  digits: at 100 ms and more its error is that of the rounding. smokeping_prober tells no single RTTs.
- *Cost.* Pantau's figure holds everything: the exporter's whole process, with one scrape in each measurement. fping's
  is the whole run, its start too; beyond 6500 probes a second it runs out of sequence numbers, so its runs there are of
  as many rounds as it can do. blackbox_exporter's is its own alone, without Prometheus' part. A prober that the machine
  cannot feed saves work: smokeping_prober at 1000/s copies each reply to each of its sockets until their buffers
  overflow, so with its losses beside it its figure is the least that it costs.
- *Cost by machine.* At 10,000/s most of it is the kernel's, and how dear a system call is decides the ratio. On the AMD
  EPYC fping needs 42 us a probe and we 16; on an Intel Xeon, before sends gathered 50 ms (then 40), fping needed 19 and
  we 17, a ratio of 0.93, and the bar was missed there. Of 14.4 us without scrapes 11.2 were the kernel's there: 0.6
  would leave nothing to our own code. To hold it there, the kernel would have to do less, the transmit stamps first.
- *Where a probe's time goes*, at 10,000/s without scrapes (`perf record -g`): 60 % in `sendmmsg`, of which half is the
  city itself, which answers in the sender's soft interrupt and is charged to whoever sends, fping too; 17 % in
  `recvmmsg`; 22 % is Python and numpy, about 10,600 instructions of ours against 26,000 of the kernel's. Where few
  probes leave, ticks are what costs: one that sends or reads takes some hundred numpy calls, half a millisecond and
  one, for four probes as for four hundred: then, slots lay on a grid that gathered some 120 probes. Now they are
  planned together as before and leave a burst at a time, which these figures do not have in them yet.
- *The stack's cost.* The columns are both together, the prober, Prometheus. Prometheus' own part is a thirteenth of
  what 1000 scrapes cost it. The prober's is 67 probes a second in two sends and two reads, and four scrapes a minute.
  On an Intel Xeon the same measurement was 1/10.4. With five sends and 25 wake-ups a second it was 1/5.1 on the EPYC.
  Now it is six sends, two readings and, all in all, nine wake-ups a second, which `tests/exporter/monitor/test_work.py`
  counts: beside other work, at the same time as the exporter of before, 0.52 s of CPU a minute where that took 0.85.
  On the EPYC 0.40 s of the prober's 0.66 are probing (ten wake-ups a second) and 0.26 the four scrapes, 65 ms each, of
  which rendering at its best is 11. To hold the bar on both, the prober would have to give up a tenth of its share.
- *The kernel's transmit stamps* are the exact way and cost 3300 instructions in the kernel and 1500 of ours, 15 % of a
  probe. Stamping every fourth packet and drawing a line between would save most of that; it is not done, for the RTT
  then is a guess wherever an interrupt comes between.
- *Memory.* 90 MB are Python and its libraries before the first hotspot (numpy 15, aiohttp 24, SQLAlchemy 13 of them);
  1000 hotspots and the copies of a scrape add 15 to 30. dnspython (3 MB) comes with the first name only.
- *A scrape of 60,000* is 258 MB of text. On the AMD EPYC rendering alone takes 0.8 s of its 1.24 s. On an Intel Xeon,
  with zlib in place of ISA-L, it was 1.7 s of 3.06 s, and the bar was missed there. On the EPYC zlib took 2.6 ns a
  byte, 0.7 s of such a scrape, and ISA-L takes 0.6 ns.
- *60,000 a second.* The exporter then has no time left to render its text within 30 s, so nothing is known of its
  probes; fping takes 4 to 5 s for what should be a round of one.
- *Detection.* With a timeout of 2 s and three confirmations a second apart, a verdict takes 2 + 2 + 2 = 6 s from the
  first unanswered probe, which itself leaves up to an interval after the cut: the median cannot be below interval/2 +
  6 s, and the greatest comes close to interval + 6 s. What is above that is our own: the tick in which a loss is seen
  and the canaries' word. A timeout of 1 s and confirmations half a second apart (*tight*) take 1 + 1 + 1 = 3 s and hold
  both bars; they are two lines of `pantau.yml`, and false alarms over satellite links are their price. The defaults
  stay.
- *Outage lengths.* An outage begins with the first unanswered probe and ends with the first answered one, each up to
  an interval after the truth, so the error has no bias. One that is over before the last confirmation is no outage at
  all: up to interval + 4 s (tight: + 2 s), and then its whole length is the error. To hold the bar for these too, a
  single lost probe would have to be an outage; each lost packet would then be charged to an ISP.
- *The soak's lateness.* One probe in ninety was once late by 50 to 100 ms, as often without the hostile client and
  without the forged replies as with both: confirmations and the end of a timeout waited for the next tick of 40 ms,
  which came a fraction of a millisecond too soon for them. They have ticks of their own since. On 30 November 2026
  11 % of the probes were late by more than 50 ms. A reload of 5000 rows held the loop for some 160 ms, and what waited
  leaves at the pace that a policer lets through, a tenth above the rate: then all that leave are late, for a second
  and more. The hostile client reloads too, 40 times a round, files that nobody has touched; each load and each plan
  are a thread that wants the interpreter as much as the loop does, and each full look for reference cycles holds both.
  Since then untouched files are not loaded (one that has just been changed is hashed), what needs nothing of the
  present is made in a thread, which looks itself through what it has made for cycles, and the loop gets the interpreter
  back from it within 0.2 ms: at 1 ms each call to the kernel cost the loop as much again. A reload takes the loop 25 ms
  of CPU where it took 48 to 105. By turns, two and a half minutes each: 98.3 % within 50 ms before the hashing, 99.7
  with it, all with 0.2 ms too; 20 minutes: 99.4 % (bar 99), at 31 % of a core.
  What is in force kept out of all later looks for cycles (`gc.freeze`) was tried: the memory grew by 66 %, to 777 MB,
  for what is garbage when it is frozen stays. That was taken back.
- *The soak's memory.* What grows is not kept: 24 reloads of 5000 hotspots with 18 scrapes each, in one process, end at
  a height that they have nearly reached after nine. With six threads that rendered scrapes the soak
  grew by 5.2 %, with two by 2.4 %; the loop had changed too, and neither was measured alone.
  Beside the hostile client it takes nearly twice as much as without it (280 and 157 MB): up to four answers of 20 MB
  are being read by somebody, and their pictures of the city with them.
- *Beside other work.* Lateness is what others' work spoils first: among a dozen busy processes on two cores, at equal
  rank with them, 84 % of the probes of 60,000 hotspots left within 50 ms while scrapes were rendered, and the same
  tick that takes 7 ms of CPU took 40 ms and more. `CPUWeight=` of the service, or `nice`, is the cure.
"""


DOCUMENTS = Path(__file__).resolve().parents[2] / "docs"
RESULTS = DOCUMENTS / "benchmarks.json"


def read_results(file: Path) -> dict[str, Any]:
    """The figures that are kept, none at first."""
    results: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {"rows": {}}
    return results


def write_results(results: dict[str, Any], file: Path) -> None:
    """Keep the figures, and write the document beside them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(results, indent=1) + "\n")
    write_document(results, file.parent)


def write_document(results: dict[str, Any], folder: Path) -> None:
    """`benchmarks.md` and its plots in `folder`."""
    rows = results["rows"]
    parts = [_HEAD, _machine(rows)]
    parts.append("## The bars\n\n" + tables.table(("row", "bar", "measured", ""), judge(results)))
    for name, (title, render) in tables.SECTIONS.items():
        if name in rows:
            parts.append(f"## {title}\n\n{render(rows[name]['results'])}")
    if "soak" in results:
        parts.append(tables.soak(results["soak"]))
    for title, file in draw(rows, folder / "images"):
        parts.append(f"![{title}](images/{file})\n")
    parts.append(_NOTES)
    (folder / "benchmarks.md").write_text("\n".join(parts), encoding="utf-8")


def _priority(machine: dict[str, Any]) -> str:
    nice = machine.get("nice", 0)
    return f"Beside other work; the whole run, all probers alike, at nice {nice}.\n" if nice else ""


def _machine(rows: dict[str, Any]) -> str:
    """A line for each kind of machine and priority that rows were measured at, then the versions and what else."""
    machines = [row["machine"] for row in rows.values()]
    if not machines:
        return ""
    last = max(machines, key=lambda machine: machine["date"])
    versions = ", ".join(f"{name} {number}" for name, number in last["versions"].items())
    quick = sorted(name for name, row in rows.items() if row["quick"])
    kinds = sorted({_kind(machine) for machine in machines})
    return (
        "".join(_measured({name: row for name, row in rows.items() if _kind(row["machine"]) == kind}) for kind in kinds)
        + f"{versions}.\n"
        + (f"Short form: {', '.join(quick)}.\n" if quick else "")
    )


def _kind(machine: dict[str, Any]) -> tuple[str, str, int]:
    """What a line is told for: rows that differ in it are not of one machine, or not of one priority."""
    return machine["processor"], machine["kernel"], machine.get("nice", 0)


def _measured(rows: dict[str, Any]) -> str:
    machines = sorted((row["machine"] for row in rows.values()), key=lambda machine: str(machine["date"]))
    first, last = machines[0], machines[-1]
    loads = sorted(machine["load_at_start"] for machine in machines)
    return (
        f"Measured {first['date']} to {last['date']} on {last['processors']} x {last['processor']}, "
        f"{last['memory_bytes'] >> 30} GiB, Linux {last['kernel']}, Python {last['python']}; load average at the start "
        f"of the rows {loads[0]:.1f} to {loads[-1]:.1f}: {', '.join(sorted(rows))}.\n" + _priority(first)
    )
