"""`config/thresholds.yml`: which thresholds there are, of which kind, and what must hold between them.

The file holds the values and the reasons; a template that needs a new one has it added here too, by its kind.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pantau.alerting.rules.figures import Figure, FigureKind, parse
from pantau.errors import ConfigurationError, Problem
from pantau.inventory.source import Branch, decode
from pantau.inventory.wording import did_you_mean, quote
from pantau.inventory.yaml_source import parse_yaml

Thresholds = Mapping[str, Figure]
"""Every threshold by its name."""

KINDS: Mapping[str, FigureKind] = {
    # Outages and their causes
    "outage_opens": FigureKind.SHARE,
    "outage_closes": FigureKind.SHARE,
    "least_points": FigureKind.COUNT,
    "least_causes": FigureKind.COUNT,
    "uplink_opens": FigureKind.SHARE,
    "degraded_opens": FigureKind.SHARE,
    "degraded_closes": FigureKind.SHARE,
    "degraded_least_points": FigureKind.COUNT,
    "hold_wide": FigureKind.DURATION,
    "hold_degraded": FigureKind.DURATION,
    "afterglow": FigureKind.DURATION,
    "outage_gathers": FigureKind.SECONDS,
    "beat_interval": FigureKind.SECONDS,
    "beat_quiet": FigureKind.SECONDS,
    "beat_overdue": FigureKind.SECONDS,
    "beat_judged": FigureKind.SECONDS,
    "silent_page": FigureKind.SECONDS,
    "silent_together": FigureKind.SECONDS,
    "silent_ticket": FigureKind.SECONDS,
    "habit_lasts": FigureKind.DURATION,
    "degraded_gathers": FigureKind.DURATION,
    "resume_gap": FigureKind.NUMBER,
    "scrape_lasts": FigureKind.SECONDS,
    "vantage_scrapes": FigureKind.DURATION,
    # Single hotspots
    "overrun_grace": FigureKind.DURATION,
    "flapping_opens": FigureKind.COUNT,
    "flapping_closes": FigureKind.COUNT,
    "loss_high": FigureKind.SHARE,
    "loss_hold": FigureKind.DURATION,
    "quality_wide": FigureKind.SHARE,
    "rtt_factor": FigureKind.NUMBER,
    "rtt_least": FigureKind.SECONDS,
    "rtt_hold": FigureKind.DURATION,
    "rtt_hours": FigureKind.DURATION,
    "long_first": FigureKind.SECONDS,
    "long_second": FigureKind.SECONDS,
    "long_last": FigureKind.SECONDS,
    # Points that nobody would miss
    "unseen_long": FigureKind.SECONDS,
    "unseen_restart": FigureKind.SECONDS,
    "never_seen_hold": FigureKind.DURATION,
    # Ourselves
    "recovered_share": FigureKind.SHARE,
    "unknown_long": FigureKind.SECONDS,
    "evaluation_late": FigureKind.SECONDS,
    "sight_lasts": FigureKind.DURATION,
    "reload_hold": FigureKind.DURATION,
    "ready_hold": FigureKind.DURATION,
    "ready_share": FigureKind.SHARE,
    "skipped_share": FigureKind.SHARE,
    "lateness_p99": FigureKind.SECONDS,
    "unsent_share": FigureKind.SHARE,
    "degraded_sight": FigureKind.DURATION,
    "scrape_slow": FigureKind.SECONDS,
    "scrape_hold": FigureKind.DURATION,
    "inventory_share": FigureKind.SHARE,
    "alertmanager_hold": FigureKind.DURATION,
    "rules_hold": FigureKind.DURATION,
    "journal_hold": FigureKind.DURATION,
    "anchor_overdue": FigureKind.SECONDS,
    "anchor_hold": FigureKind.DURATION,
    # Agents
    "agents_door_hold": FigureKind.DURATION,
    "agents_page_hold": FigureKind.DURATION,
    "agents_hold": FigureKind.DURATION,
    "pings_hold": FigureKind.DURATION,
    "agent_silent": FigureKind.SECONDS,
    # Service
    "unserved_hold": FigureKind.DURATION,
    "unserved_page": FigureKind.SECONDS,
    "unserved_ticket": FigureKind.SECONDS,
    "isolated_closes": FigureKind.COUNT,
    "checked_lasts": FigureKind.DURATION,
    "tls_expiring": FigureKind.SECONDS,
    # Users
    "saturated_share": FigureKind.SHARE,
    "unused_long": FigureKind.SECONDS,
    # Contracts
    "burn_fast": FigureKind.NUMBER,
    "burn_middle": FigureKind.NUMBER,
    "burn_slow": FigureKind.NUMBER,
}

BELOW = (
    ("outage_closes", "outage_opens"),
    ("degraded_closes", "degraded_opens"),
    ("flapping_closes", "flapping_opens"),
    ("silent_page", "silent_ticket"),
    ("beat_quiet", "beat_interval"),
    ("beat_interval", "beat_overdue"),
    ("beat_overdue", "beat_judged"),
    ("unserved_page", "unserved_ticket"),
    ("isolated_closes", "least_points"),
    ("long_first", "long_second"),
    ("long_second", "long_last"),
    ("burn_slow", "burn_middle"),
    ("burn_middle", "burn_fast"),
)
"""The first must be less than the second, or the rules say something else than their words."""

_KEYS = ("value", "reason")


def read(file: Path) -> Thresholds:
    """Every threshold of the file. Raises `ConfigurationError` with all that is wrong in it."""
    try:
        text = decode(file.read_bytes(), file)
    except OSError as error:
        message = f"cannot be read ({error.strerror}); restore it, or name other settings with --config"
        raise ConfigurationError([Problem(file, 0, "", message)]) from error
    if not isinstance(text, str):
        raise ConfigurationError(text)
    root, problems = parse_yaml(text, file)
    found: dict[str, Figure] = {}
    if root is not None:
        problems += _strangers(root, file)
        for name, kind in KINDS.items():
            figure = _figure(root, name, kind, file)
            if isinstance(figure, Problem):
                problems.append(figure)
            else:
                found[name] = figure
        problems += _orders(root, found, file)
    if problems:
        raise ConfigurationError(problems)
    return found


def _strangers(root: Branch, file: Path) -> Iterator[Problem]:
    for name, line in root.lines.items():
        if name not in KINDS:
            yield Problem(file, line, name, f"is no threshold; {did_you_mean(name, KINDS)}")
            continue
        entry = root.get(name)
        inner = entry.lines if isinstance(entry, Branch) else {}
        for key, place in inner.items():
            if key not in _KEYS:
                yield Problem(file, place, f"{name}.{key}", f"is not known here; {did_you_mean(key, _KEYS)}")


def _figure(root: Branch, name: str, kind: FigureKind, file: Path) -> Figure | Problem:
    if name not in root.lines:
        return Problem(file, 0, name, f"is missing; write it with its value ({kind.value}) and its reason")
    line, entry = root.lines[name], root.get(name)
    if not isinstance(entry, Branch):
        return Problem(file, line, name, f"has no keys; write value ({kind.value}) and reason")
    for key in _KEYS:
        if not isinstance(entry.get(key), str):
            cure = kind.value if key == "value" else "why this value and no other"
            return Problem(
                file, entry.lines.get(key, line), f"{name}.{key}", f"is missing or no plain text; write {cure}"
            )
    try:
        return parse(name, kind, str(entry["value"]))
    except ValueError as error:
        return Problem(file, entry.lines["value"], f"{name}.value", f"{quote(entry['value'])} does not fit; {error}")


def _orders(root: Branch, found: Thresholds, file: Path) -> Iterator[Problem]:
    for low, high in BELOW:
        if low in found and high in found and found[low].number >= found[high].number:
            message = f"is {found[low].bare} and must be below {high}, which is {found[high].bare}; change one of them"
            yield Problem(file, root.lines[low], f"{low}.value", message)
