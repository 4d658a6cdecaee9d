"""What a trial's Alertmanager reads: the office's configuration, in which all roads lead to one receiver. Pure."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pantau.alerting.errors import AlertingError

WATCHDOG = "Watchdog"
TEST_ALERT = "PantauTest"


def integrations(content: Mapping[str, Any], receiver: str) -> list[str]:
    """By which ways a receiver is told, as Alertmanager names them: `email[0]`, `webhook[0]`, `webhook[1]`.

    Raises `AlertingError` for a receiver that there is not, and for one that tells nobody.
    """
    names = {str(one["name"]): one for one in content.get("receivers") or ()}
    if receiver not in names:
        near = get_close_matches(receiver, names, 1)
        cure = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
        raise AlertingError(f"there is no receiver {receiver!r}: {cure}")
    found = list(_integrations(names[receiver]))
    if not found:
        raise AlertingError(
            f"receiver {receiver!r} tells nobody: give it email_configs, telegram_configs or webhook_configs in "
            "alertmanager/base.yml, then `pantau alertmanager build`"
        )
    return found


def _integrations(receiver: Mapping[str, Any]) -> Iterator[str]:
    for key, configs in receiver.items():
        if key.endswith("_configs"):
            yield from (f"{key.removesuffix('_configs')}[{number}]" for number in range(len(configs or ())))


def trial_of(content: Mapping[str, Any], receiver: str) -> dict[str, Any]:
    """The configuration of a trial: no hours, no inhibition, no other receiver."""
    kept = {key: value for key, value in content.items() if key in ("global", "templates")}
    # Longer than any trial: what failed is tried again for so long.
    kept["route"] = {"receiver": receiver, "group_wait": "0s", "group_interval": "5m", "repeat_interval": "24h"}
    kept["receivers"] = [one for one in content["receivers"] if one["name"] == receiver]
    return kept


def trial_alert(receiver: str, host: str) -> dict[str, Any]:
    """The alert. To the outside watchdog it is a beat that asks for a page: it shall be seen to page, too."""
    name = WATCHDOG if receiver == "watchdog" else TEST_ALERT
    sentence = f"Uji coba Pantau dari {host}, bukan gangguan / a test, no fault"
    return {
        "labels": {"alertname": name, "severity": "page", "scope": "pantau", "instance": host, "test": "true"},
        "annotations": {
            "summary": sentence,
            "what": sentence,
            "description": f"{sentence}. Pesan ini sampai: penerima '{receiver}' benar. / It came: '{receiver}' works.",
        },
    }
