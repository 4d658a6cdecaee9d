"""A scenario over a modelled city: which alerts may fire, from when to when, and promtool as the judge."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.rules.checking import RULES
from tests.rules.observed import City

FILES = ("causes.yml", "hotspots.yml", "pantau.yml")
"""promtool evaluates every group at each step, so those of hours are left out."""
EVALUATION_SECONDS = 4
OTHERS = "Watchdog|AlertmanagerDown"
"""Alerts of parts that the modelled city does not have."""
ABOUT = "alertname, severity, isp, kecamatan, uplink, hotspot, window, reason"
FIRING = f'group by ({ABOUT}) (ALERTS{{alertstate="firing", alertname!~"{OTHERS}"}})'
EVER = f'group by ({ABOUT}) (count_over_time(ALERTS{{alertstate="firing", alertname!~"{OTHERS}"}}[2h]))'


@dataclass(frozen=True)
class Expected:
    """One alert: not before `fault`, at the latest from `by` on, until `heal`, at the latest to `end`. Seconds."""

    alert: str
    about: dict[str, str]
    fault: float
    by: float
    heal: float = 1e9
    end: float = 1e9
    severity: str = "page"

    @property
    def labels(self) -> str:
        """As promtool writes them."""
        labels = {"alertname": self.alert, "severity": self.severity, **self.about}
        return "{" + ", ".join(f'{name}="{value}"' for name, value in labels.items()) + "}"

    def uncertain(self, time: float) -> bool:
        """Whether it may fire or not at `time`."""
        return self.fault <= time < self.by or self.heal <= time < self.end


def written(
    city: City, expected: list[Expected], files: Sequence[str] = FILES, step: int = EVALUATION_SECONDS
) -> dict[str, Any]:
    """The file for `promtool test rules`; all these rule files are evaluated every `step` seconds."""
    return {
        "rule_files": [str(RULES / name) for name in files],
        "evaluation_interval": f"{step}s",
        "tests": [
            {
                "interval": "10s",
                "input_series": [{"series": name, "values": values} for name, values in city.series().items()],
                "promql_expr_test": list(_questions(city, expected, step)),
            }
        ],
    }


def _questions(city: City, expected: list[Expected], step: int) -> Iterator[dict[str, Any]]:
    for time in range(step, city.seconds - 20, step):
        if not any(one.uncertain(time) for one in expected):
            firing = [one for one in expected if one.by <= time < one.heal]
            yield _question(FIRING, time, firing)
    yield _question(EVER, (city.seconds - 20) // step * step, expected)


def _question(expression: str, time: int, expected: list[Expected]) -> dict[str, Any]:
    return {
        "expr": expression,
        "eval_time": f"{time}s",
        "exp_samples": [{"labels": one.labels, "value": 1} for one in expected],
    }


def save(
    city: City,
    expected: list[Expected],
    folder: Path,
    files: Sequence[str] = FILES,
    step: int = EVALUATION_SECONDS,
) -> Path:
    """Write it into `folder`."""
    path = folder / "scenario.test.yml"
    path.write_text(yaml.safe_dump(written(city, expected, files, step), width=10_000), encoding="utf-8")
    return path
