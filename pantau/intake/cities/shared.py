"""The files of `config/` that are the same in every city but for its zone and name: copies of this project's own."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from zoneinfo import ZoneInfo

from pantau.intake.cities.plan import CityPlan
from pantau.intake.cities.zones import fixed_offset_seconds

_SHIPPED = files("pantau.intake") / "shipped"
_LOCATION = re.compile(r"(location: )[A-Za-z_]+/[A-Za-z_/]+( +#.*)?")
_SHIFTED = re.compile(r'\(\.Add \d+\)(\.UTC\.Format "[^"]*" }}) [A-Z]+')
_SHIFT_REMARK = re.compile(r"[A-Z]+ is UTC[+-]\d+ all year: \d+ h in nanoseconds\.")
_SENDER = re.compile(r'(define "pantau\.sender" }})[^{]*')
ROOT = "prometheus.yml"
"""What lies beside `config/`, not in it."""


@cache
def shipped_files() -> Mapping[str, str]:
    """The copies as they are, of no city: by path below the folder of the configuration."""
    return {path: file.read_text(encoding="utf-8") for path, file in _walk(_SHIPPED, "")}


def shared_files(plan: CityPlan) -> dict[str, str]:
    """By path below the folder of the configuration; `prometheus.yml` beside it."""
    texts = dict(shipped_files())
    base, times, links = "alertmanager/base.yml", "alertmanager/pantau.tmpl", "alertmanager/links.tmpl"
    texts[base] = _LOCATION.sub(rf"\g<1>{plan.zone}", texts[base])
    texts[base] = re.sub(r"^(  language: )\w+", rf"\g<1>{plan.language}", texts[base], flags=re.MULTILINE)
    texts[times] = _local(texts[times], plan.zone)
    texts[links] = _SENDER.sub(lambda found: f"{found[1]}Pantau, {plan.name}", texts[links])
    return texts


def _local(text: str, zone: str) -> str:
    """The moment of a message in the city's time; in UTC where its clocks change, for a template knows no zones."""
    seconds = fixed_offset_seconds(zone)
    name = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(zone)).tzname() or "" if seconds is not None else "UTC"
    seconds = seconds or 0
    label = name if name.isalpha() else f"UTC{seconds / 3600:+g}"
    text = _SHIFT_REMARK.sub(f"{label} is {seconds / 3600:+g} h to UTC all year, in nanoseconds.", text)
    return _SHIFTED.sub(lambda found: f"(.Add {seconds * 1_000_000_000}){found[1]} {label}", text)


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            yield from _walk(one, f"{path}{one.name}/")
        elif one.name != "__init__.py":
            yield f"{path}{one.name}", one
