"""The bars that Pantau sets itself, each with what was measured and whether it holds."""

from collections.abc import Callable, Iterator
from typing import Any

Results = list[dict[str, Any]]
Judged = tuple[str, str, str, str]


def judge(results: dict[str, Any]) -> list[Judged]:
    """(row, bar, measured, holds) for every bar whose row has been measured."""
    found: list[Judged] = []
    for name, judges in _JUDGES.items():
        if name in results["rows"]:
            found += judges(results["rows"][name]["results"])
    if "soak" in results:
        found += _soak(results["soak"])
    return found


def _verdict(row: str, bar: str, measured: str, holds: bool) -> Judged:
    return row, bar, measured, "holds" if holds else "**missed**"


def _false(rows: Results) -> Iterator[Judged]:
    ours = [row for row in rows if row["peer"] == "pantau"]
    probes = sum(row["requests"] + row["requests_to_dead"] for row in ours)
    losses, ups = (sum(row[key] for row in ours) for key in ("false_losses", "false_ups"))
    largest = max(row["targets"] for row in ours)
    bar = "0 in every row, up to 60,000 targets at 10 s"
    measured = f"{losses} and {ups} of {probes} probes, up to {largest} targets"
    silent = [f"{row['targets']} each {row['interval_seconds']:g} s" for row in ours if row["silent"]]
    measured += f"; too busy to tell at {', '.join(dict.fromkeys(silent))}" if silent else ""
    yield _verdict("false loss, false up", bar, measured, losses + ups == 0)
    for size, limit in ((1000, 120), (60_000, 800)):
        memory = [row["resident_bytes"] / 1e6 for row in ours if row["targets"] == size]
        if memory:
            yield _verdict(f"memory, {size} hotspots", f"<= {limit} MB", f"{max(memory):.0f} MB", max(memory) <= limit)


def _rtt(rows: Results) -> Iterator[Judged]:
    limits = {"idle": 50, "scrape": 50, "cpu": 200, "delayed": 50}
    for row in rows:
        if row["peer"] == "pantau":
            limit, measured = limits[row["condition"]], f"{row['p99_of_size']:.1f} us"
            yield _verdict(
                f"RTT error, {row['condition']}", f"p99 <= {limit} us", measured, row["p99_of_size"] <= limit
            )


def _cost(rows: Results) -> Iterator[Judged]:
    limits = {(1000, "fping"): 1.0, (1000, "smokeping_prober"): 1 / 20, (10_000, "fping"): 0.6}
    for row in rows:
        if (row["rate"], row["peer"]) == (1000, "pantau"):
            memory = row["resident_bytes"] / 1e6
            yield _verdict("memory, 1000 hotspots each second", "<= 120 MB", f"{memory:.0f} MB", memory <= 120)
        limit = limits.get((row["rate"], row["peer"]))
        if limit is not None:
            ratio = row["pantau_ratio"]["median"]
            bar = f"<= {limit:g} x {row['peer']}"
            yield _verdict(f"cost at {row['rate']} probes/s", bar, f"{ratio:.2f} x", ratio <= limit)


def _stack(rows: Results) -> Iterator[Judged]:
    ratio = rows[0]["ratio"]
    yield _verdict("the stack's cost", "<= 1/10 of blackbox_exporter's", f"1/{1 / ratio:.1f}", ratio <= 0.1)


def _exposition(rows: Results) -> Iterator[Judged]:
    least = min(row["faster"] for row in rows if "faster" in row)
    yield _verdict("exposition", ">= 15 x faster than generate_latest", f"{least:.1f} x at the least", least >= 15)
    for row in rows:
        if "scrape_seconds" in row:
            took, share = row["scrape_seconds"]["median"], row["lateness_share_within_50_ms"]
            measured = f"{took:.2f} s; {share:.2%} of probes within 50 ms"
            bar = "60,000 in <= 2 s, probes' lateness p99 <= 50 ms"
            yield _verdict(f"a scrape of {row['hotspots']}", bar, measured, took <= 2 and share >= 0.99)


def _detection(rows: Results) -> Iterator[Judged]:
    for row in rows:
        interval, name = row["interval_seconds"], f"detection, {row['settings']} settings"
        median, greatest = row["median"], row["greatest"]
        limits = (interval / 2 + 4, interval + 6)
        yield _verdict(name, f"median <= interval/2 + 4 s = {limits[0]:g} s", f"{median:.2f} s", median <= limits[0])
        yield _verdict(name, f"max <= interval + 6 s = {limits[1]:g} s", f"{greatest:.2f} s", greatest <= limits[1])


def _lengths(rows: Results) -> Iterator[Judged]:
    for row in rows:
        worst, mean, name = max(-row["least"], row["greatest"]), row["mean"], f"outage length error, {row['settings']}"
        limit = row["interval_seconds"]
        yield _verdict(f"{name} settings", f"<= {limit:g} s each", f"{worst:.2f} s at most", worst <= limit)
        yield _verdict(f"{name} settings", "mean within 0.5 s", f"{mean:+.2f} s", abs(mean) <= 0.5)


def _soak(found: dict[str, Any]) -> Iterator[Judged]:
    measured = {
        "no_scrape_failed": ("none", f"{found['failed_scrapes']} of {found['scrapes']}"),
        "no_slot_skipped": ("none", f"{found['skipped_slots']:g}"),
        "memory_flat": ("within 5 % after warm-up", f"{found['memory_growth_ratio']:+.1%}"),
        "no_descriptor_leaked": ("none left", f"{found['descriptors_left'] - found['descriptors_calm']:+d}"),
        "lateness_p99": ("p99 <= 50 ms", f"{found['probes_within_50_ms']:.2%} of probes within 50 ms"),
        "no_wrong_verdict": ("none", f"{found['wrong_count']} beside {found['cuts']} cuts"),
    }
    for name, holds in found["bars"].items():
        yield _verdict(f"soak, {name.replace('_', ' ')}", *measured[name], holds)


_JUDGES: dict[str, Callable[[Results], Iterator[Judged]]] = {
    "false_loss": _false,
    "rtt_error": _rtt,
    "cost": _cost,
    "stack_cost": _stack,
    "exposition": _exposition,
    "detection": _detection,
    "outage_length": _lengths,
}
