"""Tables in Markdown for each row of the benchmark."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Rows = list[dict[str, Any]]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def spread(value: dict[str, float], digits: int = 1) -> str:
    """A median with its least and greatest."""
    if value["repeats"] == 1:
        return f"{value['median']:.{digits}f}"
    return f"{value['median']:.{digits}f} ({value['least']:.{digits}f} to {value['greatest']:.{digits}f})"


def _cost(rows: Rows) -> str:
    return table(
        ("probes/s", "prober", "CPU us a probe", "Pantau / it", "sent of wanted", "lost", "MiB"),
        [
            (
                f"{row['rate']}",
                row["peer"],
                spread(row["microseconds"]),
                spread(row["pantau_ratio"], 2) if "pantau_ratio" in row else "",
                f"{row['sent_ratio']:.0%}",
                f"{row['lost_ratio']:.1%}",
                f"{row['resident_bytes'] / 2**20:.0f}",
            )
            for row in rows
        ],
    )


def _false_loss(rows: Rows) -> str:
    return (
        table(
            ("targets", "each", "dead", "prober", "probes", "false loss", "false up", "sent of wanted", "MiB"),
            [
                (
                    f"{row['targets']}",
                    f"{row['interval_seconds']:g} s",
                    f"{row['dead']}",
                    row["peer"],
                    _sent(row),
                    _part(row["false_losses"], row["requests"]),
                    _part(row["false_ups"], row["requests_to_dead"]),
                    f"{(row['requests'] + row['requests_to_dead']) / max(row['wanted'], 1):.0%}",
                    f"{row['resident_bytes'] / 2**20:.0f}",
                )
                for row in rows
            ],
        )
        + "\nPantau's probes that it called inconclusive itself: "
        + f"{sum(row['inconclusive'] for row in rows if row['peer'] == 'pantau')}.\n"
    )


def _sent(row: dict[str, Any]) -> str:
    return "too busy to tell" if row["silent"] else f"{row['requests'] + row['requests_to_dead']}"


def _part(wrong: int, of: int) -> str:
    return "" if not of else "0" if not wrong else f"{wrong} ({wrong / of:.1%})"


def _rtt(rows: Rows) -> str:
    return table(
        ("condition", "prober", "probes", "median us", "p99 us", "least us", "greatest us"),
        [
            (
                row["condition"],
                row["peer"],
                f"{row['probes']}",
                *(f"{row[key]:.1f}" for key in ("median", "p99_of_size", "least", "greatest")),
            )
            for row in rows
        ],
    )


def _stack(rows: Rows) -> str:
    keys = ("cpu_seconds_a_minute", "prober_cpu_seconds_a_minute", "prometheus_cpu_seconds_a_minute")
    return table(
        ("stack", "CPU s a minute", "prober", "Prometheus", "samples a minute", "MB a minute"),
        [
            (
                row["stack"],
                *(f"{row[key]:.2f}" for key in keys),
                f"{row['samples_a_minute']:.0f}",
                f"{row['bytes_a_minute'] / 1e6:.1f}",
            )
            for row in rows
        ],
    )


def _exposition(rows: Rows) -> str:
    compared = [row for row in rows if "faster" in row]
    scraped = [row for row in rows if "scrape_seconds" in row]
    return table(
        ("hotspots", "MB", "Pantau ms", "generate_latest ms", "times faster"),
        [
            (
                f"{row['hotspots']}",
                f"{row['bytes'] / 1e6:.1f}",
                spread(row["pantau_milliseconds"], 0),
                spread(row["generate_latest_milliseconds"], 0),
                f"{row['faster']:.1f}",
            )
            for row in compared
        ],
    ) + "".join(
        f"\nOver HTTP, gzip, {row['hotspots']} hotspots probed each 10 s: {spread(row['scrape_seconds'], 2)} s "
        f"a scrape, one after the other; {row['lateness_share_within_50_ms']:.2%} of probes "
        "left within 50 ms of their slot.\n"
        for row in scraped
    )


def _detection(rows: Rows) -> str:
    return table(
        ("settings", "interval", "timeout", "cuts", "least s", "median s", "p99 s", "greatest s", "wrongly down"),
        [
            (
                f"{row['settings']}{row['more']}",
                f"{row['interval_seconds']:g} s",
                f"{row['timeout_seconds']:g} s",
                f"{row['cuts']}",
                *(f"{row[key]:.2f}" for key in ("least", "median", "p99", "greatest")),
                f"{row['wrongly_down']}",
            )
            for row in rows
        ],
    )


def _lengths(rows: Rows) -> str:
    return table(
        (
            "settings",
            "outages",
            "interval",
            "mean s",
            "means of each 200",
            "least s",
            "least, over 14 s",
            "greatest s",
            "not seen",
        ),
        [
            (
                row["settings"],
                f"{row['outages']}",
                f"{row['interval_seconds']:g} s",
                f"{row['mean']:+.2f}",
                spread(row["means"], 2),
                *(f"{row[key]:+.2f}" for key in ("least", "least_of_those_over_14_s", "greatest")),
                f"{row['missed']}, the longest {row['longest_missed']:.1f} s",
            )
            for row in rows
        ],
    )


def soak(found: dict[str, Any]) -> str:
    """What was done to the exporter, and how it bore it."""
    counters = ", ".join(f"`pantau_{name}` {float(value):.0f}" for name, value in found["counters"].items())
    machine, unplaced, seconds = found["machine"], found["failed_scrapes"], found["seconds"]
    memory = f"{found['early_bytes'] >> 20} to {found['late_bytes'] >> 20} MiB"
    done = f"{found['hotspots']} hotspots each 10 s, {found['cuts']} cuts of 2 to 60 s"
    return f"""## The soak

{machine["date"]}, {seconds / 60:.0f} minutes, load average at the end {machine["load_at_start"]:.1f}:
{done}, a reload each minute, forged replies at 5000/s, {found["scrapes"]} scrapes,
of which {unplaced} got no place beside the hostile client's {found["hostile_rounds"]} rounds of 107 connections.
CPU {found["cpu_share"]:.0%} of a core, memory {memory}. Wrong verdicts: {found["wrong_count"]}
(among them each cut of more than {found["detection_seconds"]:.0f} s that was not found).
A hotspot was called unknown {found["unknown_count"]} times; {found["unseen_cuts"]} cuts were not found because of that.
Counted: {counters}.
"""


SECTIONS: dict[str, tuple[str, Callable[[Rows], str]]] = {
    "cost": ("Cost", _cost),
    "false_loss": ("False loss, false up", _false_loss),
    "rtt_error": ("RTT against the capture", _rtt),
    "stack_cost": ("The stack's cost: 1000 hotspots each 15 s", _stack),
    "exposition": ("Exposition", _exposition),
    "detection": ("Detection: from the cut to `hotspot_up 0`", _detection),
    "outage_length": ("The length of an outage against the script", _lengths),
}
