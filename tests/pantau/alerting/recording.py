"""Recorded answers of Prometheus and Alertmanager, to be changed by a test before they are given."""

import copy
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pantau.alerting.explaining.alertmanager import Alertmanager
from pantau.alerting.explaining.explanation import Explanation
from pantau.alerting.explaining.explanation import explain as explained
from pantau.alerting.explaining.prometheus import Prometheus
from pantau.alerting.explaining.subject import find_subject
from pantau.inventory import Inventory

RECORD: dict[str, Any] = json.loads((Path(__file__).with_name("recorded") / "indosat.json").read_text(encoding="utf-8"))
MOMENT = datetime.fromisoformat(RECORD["moment"]).astimezone(ZoneInfo("Asia/Makassar"))


def vector(value: float, **labels: str) -> dict[str, Any]:
    """An instant vector of one series."""
    return {"data": {"resultType": "vector", "result": [{"metric": labels, "value": [0, str(value)]}]}}


class Recording:
    """Gives the recorded answers; what was not recorded fails the test, but for a question that a test has answered."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = copy.deepcopy(RECORD["answers"])

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The answer as it was given."""
        return self.answers[path + (f"?{params['query']}" if params else "")]

    def answer(self, query: str, answer: dict[str, Any]) -> None:
        """Answer this query so."""
        self.answers[f"api/v1/query?{query}"] = answer

    def raised(self, alert: str, place: str) -> dict[str, Any]:
        """The alert of Prometheus that names the place, to be changed."""
        groups = self.answers["api/v1/rules"]["data"]["groups"]
        alerts = [one for group in groups for rule in group["rules"] for one in rule["alerts"]]
        return _one(alerts, alert, place)

    def held(self, alert: str, place: str) -> dict[str, Any]:
        """The same as Alertmanager holds it."""
        return _one(self.answers["api/v2/alerts"], alert, place)

    def configure(self, text: str) -> None:
        """Let Alertmanager run on this configuration."""
        self.answers["api/v2/status"]["config"]["original"] = text

    async def explain(self, text: str, inventory: Inventory, now: datetime = MOMENT) -> Explanation:
        """The explanation of a subject."""
        alertmanager = await Alertmanager.ask(self)
        return await explained(find_subject(text, inventory), Prometheus(self), alertmanager, now)


def _one(alerts: list[dict[str, Any]], alert: str, place: str) -> dict[str, Any]:
    (found,) = (one for one in alerts if one["labels"]["alertname"] == alert and place in one["labels"].values())
    return found
