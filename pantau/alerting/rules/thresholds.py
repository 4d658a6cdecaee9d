"""`config/thresholds.yml`: which thresholds there are, of which kind, and what must hold between them.

The file holds the values and the reasons; a template that needs a new one has it added here too, by its kind.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pantau.alerting.rules.figures import Figure, Kind, parse
from pantau.errors import ConfigurationError, Problem
from pantau.inventory.source import Branch, decode
from pantau.inventory.wording import did_you_mean, quote
from pantau.inventory.yaml_source import parse_yaml

Thresholds = Mapping[str, Figure]
"""Every threshold by its name."""

KINDS: Mapping[str, Kind] = {
    # Outages and their causes
    "outage_opens": Kind.SHARE,
    "outage_closes": Kind.SHARE,
    "least_points": Kind.COUNT,
    "least_causes": Kind.COUNT,
    "uplink_opens": Kind.SHARE,
    "degraded_opens": Kind.SHARE,
    "degraded_closes": Kind.SHARE,
    "degraded_least_points": Kind.COUNT,
    "hold_wide": Kind.DURATION,
    "hold_degraded": Kind.DURATION,
    "afterglow": Kind.DURATION,
    "silent_page": Kind.SECONDS,
    "silent_ticket": Kind.SECONDS,
    "degraded_gathers": Kind.DURATION,
    "vantage_scrapes": Kind.DURATION,
    # Single hotspots
    "overrun_grace": Kind.DURATION,
    "flapping_opens": Kind.COUNT,
    "flapping_closes": Kind.COUNT,
    "loss_high": Kind.SHARE,
    "loss_hold": Kind.DURATION,
    "quality_wide": Kind.SHARE,
    "rtt_factor": Kind.NUMBER,
    "rtt_least": Kind.SECONDS,
    "rtt_hold": Kind.DURATION,
    "rtt_hours": Kind.DURATION,
    "long_first": Kind.SECONDS,
    "long_second": Kind.SECONDS,
    "long_last": Kind.SECONDS,
    # Ourselves
    "reload_hold": Kind.DURATION,
    "ready_hold": Kind.DURATION,
    "ready_share": Kind.SHARE,
    "skipped_share": Kind.SHARE,
    "lateness_p99": Kind.SECONDS,
    "degraded_sight": Kind.DURATION,
    "scrape_slow": Kind.SECONDS,
    "scrape_hold": Kind.DURATION,
    "inventory_share": Kind.SHARE,
    "alertmanager_hold": Kind.DURATION,
    "rules_hold": Kind.DURATION,
    "journal_hold": Kind.DURATION,
    # Contracts
    "burn_fast": Kind.NUMBER,
    "burn_middle": Kind.NUMBER,
    "burn_slow": Kind.NUMBER,
}

BELOW = (
    ("outage_closes", "outage_opens"),
    ("degraded_closes", "degraded_opens"),
    ("flapping_closes", "flapping_opens"),
    ("silent_page", "silent_ticket"),
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
    if isinstance(text, Problem):
        raise ConfigurationError([text])
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


def _figure(root: Branch, name: str, kind: Kind, file: Path) -> Figure | Problem:
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
