"""prometheus.yml and alertmanager.yml, copied for a run: ports that moved, paths made absolute, waits shortened.

The only place of the stack that knows YAML. Everything else in the two files stays as the operator wrote it.
"""

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pantau.alerting.secret_files import Placing, write_privately
from pantau.inventory import format_duration, parse_duration
from pantau.stack.errors import StackError
from pantau.stack.notices import SECOND

_LOCAL = re.compile(r"\b(localhost|127\.0\.0\.1):(\d{1,5})\b")
_LONGEST_WAIT = 15
JOB = "pantau"
"""The exporter's, as rules know it."""
_OWN_DISCOVERY = re.compile(r"http://(localhost|127\.0\.0\.1):\d{1,5}/sd/")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A faster beat than the shipped one, for those who watch: nobody looks at a demo for five minutes."""

    seconds: float
    """Prometheus scrapes and evaluates once in so long; rule groups with an interval of their own keep it."""

    @property
    def longest_wait_seconds(self) -> float:
        """No notification waits longer for others of its group, or for the next word about it."""
        return _LONGEST_WAIT * self.seconds


@dataclass(frozen=True, slots=True)
class Copies:
    """Writes the copies into `directory`. `moved` maps a usual port to the one that is used in its place."""

    root: Path
    directory: Path
    moved: Mapping[int, int]
    rhythm: Rhythm | None
    config: Path | None = None
    """The settings, beside which alertmanager.yml lies; those below the root if not given."""
    reads_secret_files: bool = True
    """Whether Alertmanager is new enough to; an older one is given the values themselves."""
    exporter: Mapping[str, Any] = field(default_factory=dict)
    """What Prometheus needs to ask the exporter, beside its address: scheme, certificates, password."""
    warn: Callable[[str], None] = warnings.warn
    """Told of each secret that cannot be read."""

    def prometheus(self) -> Path:
        """The copy of prometheus.yml, of target files where a port moved, and where it stands."""
        content = _mapping(self.root / "prometheus.yml")
        if self.rhythm is not None:
            _quicken_prometheus(content.setdefault("global", {}), self.rhythm)
        content["rule_files"] = [str(self.root / pattern) for pattern in content.get("rule_files") or ()]
        for scraping in content.get("scrape_configs") or ():
            self._let_in(scraping)
        alertmanagers = (content.get("alerting") or {}).get("alertmanagers") or ()
        for discovering in (*(content.get("scrape_configs") or ()), *alertmanagers):
            for discovery in discovering.get("file_sd_configs") or ():
                discovery["files"] = [str(self._targets(self.root / name)) for name in discovery["files"]]
        file = self.directory / "prometheus.yml"
        self.directory.mkdir(parents=True, exist_ok=True)
        write_privately(file, _text(content))  # it may hold a password
        return file

    def alertmanager(self) -> Path:
        """The copy of the alertmanager.yml beside the settings, else of config's; for us alone: it may hold a token."""
        original = self.root / "config" / "alertmanager.yml"
        if self.config is not None and (own := self.config.parent / "alertmanager.yml").is_file():
            original = own
        placing = Placing(original.parent, inline=not self.reads_secret_files)
        content = placing.placed(_mapping(original))
        content["receivers"] = self._readdressed(content.get("receivers"))
        if self.rhythm is not None:
            _quicken_route(content.get("route") or {}, self.rhythm.longest_wait_seconds)
        file = self.directory / "alertmanager.yml"
        self.directory.mkdir(parents=True, exist_ok=True)
        write_privately(file, _text(content))
        for sentence in placing.sentences:
            self.warn(sentence)
        return file

    def _let_in(self, scraping: dict[str, Any]) -> None:
        """Have a job that scrapes the exporter, or asks it for targets, speak as it does; what is written stays."""
        if scraping.get("job_name") == JOB and "scheme" not in scraping:
            scraping.update({key: value for key, value in self.exporter.items() if key not in scraping})
        for discovery in scraping.get("http_sd_configs") or ():
            url = str(discovery.get("url", ""))
            if not _OWN_DISCOVERY.match(url):
                continue
            rest = {key: value for key, value in self.exporter.items() if key != "scheme"}
            discovery.update({key: value for key, value in rest.items() if key not in discovery})
            scheme = self.exporter.get("scheme", "http")
            discovery["url"] = f"{scheme}://{self._readdressed(url.partition('://')[2])}"

    def _targets(self, file: Path) -> Path:
        """The file itself, so that Prometheus follows its edits, or a copy where a port in it moved."""
        if not file.is_file():
            return file  # a pattern, or a file that comes later
        content = _read(file)
        readdressed = self._readdressed(content)
        return file if readdressed == content else self._write(f"targets/{file.name}", readdressed)

    def _readdressed(self, value: Any) -> Any:
        """`value` with every address of this machine on a moved port put right, at any depth."""
        if isinstance(value, str):
            return _LOCAL.sub(lambda match: f"{match[1]}:{self.moved.get(int(match[2]), match[2])}", value)
        if isinstance(value, list):
            return [self._readdressed(item) for item in value]
        if isinstance(value, dict):
            return {key: self._readdressed(item) for key, item in value.items()}
        return value

    def _write(self, name: str, content: Any) -> Path:
        file = self.directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_text(content), encoding="utf-8")
        return file


def _text(content: Any) -> str:
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    return f"# Made by `pantau demo` or `pantau up`; edit the original.\n{text}"


def _quicken_prometheus(settings: dict[str, Any], rhythm: Rhythm) -> None:
    beat = format_duration(rhythm.seconds)
    settings["scrape_interval"] = settings["evaluation_interval"] = beat
    if _longer(settings.get("scrape_timeout", "10s"), rhythm.seconds):
        settings["scrape_timeout"] = beat


def _quicken_route(route: dict[str, Any], longest_seconds: float) -> None:
    """Shorten what is longer, in this route and all below it; a trial at night shows its tickets too."""
    route.pop("active_time_intervals", None)
    if route.get("receiver") == SECOND:
        return  # it waits for somebody to acknowledge, not for others of its group
    for key in ("group_wait", "group_interval"):
        if _longer(route.get(key, "0s"), longest_seconds):
            route[key] = format_duration(longest_seconds)
    for child in route.get("routes") or ():
        _quicken_route(child, longest_seconds)


def _longer(text: str, seconds: float) -> bool:
    """Whether the duration exceeds `seconds`. What we cannot read stays: its owner will say what is wrong with it."""
    try:
        return parse_duration(text) > seconds
    except ValueError:
        return False


def _mapping(file: Path) -> dict[str, Any]:
    content = _read(file)
    if not isinstance(content, dict):
        raise StackError(f"{file}: is not a mapping of keys to values")
    return content


def _read(file: Path) -> Any:
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise StackError(f"{file}: cannot be read ({error.strerror})") from error
    except yaml.YAMLError as error:
        raise StackError(f"{file}: is not YAML: {error}") from error
