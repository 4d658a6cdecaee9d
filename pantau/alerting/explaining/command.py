"""`pantau alerts explain`: finds the subject in the inventory, asks both programs, prints."""

from datetime import datetime
from pathlib import Path

from rich.console import Console

from pantau.alerting.errors import AlertingError
from pantau.alerting.explaining.alertmanager import Alertmanager
from pantau.alerting.explaining.asking import HttpSource
from pantau.alerting.explaining.explanation import explain as explained
from pantau.alerting.explaining.prometheus import Prometheus
from pantau.alerting.explaining.screen import shown
from pantau.alerting.explaining.subject import find_subject
from pantau.inventory import load

_NOT_ALL = 2


async def explain(text: str, settings: Path, prometheus: str, alertmanager: str, console: Console) -> int:
    """Print it; 0, or 2 if Alertmanager could not be asked. Raises `AlertingError` if Prometheus could not."""
    configuration = load(settings)
    subject = find_subject(text, configuration.inventory)
    now = datetime.now(configuration.settings.zone)
    with (
        HttpSource("Prometheus", prometheus, "--prometheus") as rules,
        HttpSource("Alertmanager", alertmanager, "--alertmanager") as routes,
    ):
        explanation = await explained(subject, Prometheus(rules), await _routes(routes), now)
    console.print(shown(explanation))
    return 0 if explanation.trouble is None else _NOT_ALL


async def _routes(source: HttpSource) -> Alertmanager | str:
    """Half an explanation is better than none: what the rules say is shown without Alertmanager too."""
    try:
        return await Alertmanager.ask(source)
    except AlertingError as error:
        return str(error)
