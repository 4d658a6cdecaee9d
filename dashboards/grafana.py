"""A running Grafana: what somebody changed in it by hand, and how to put ours in. The only file that knows its client.

Its errors become `DashboardError` here, each with the sentence that the person at the keyboard needs.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from grafana_client.api import GrafanaApi
from grafana_client.client import GrafanaClientError, GrafanaException

from dashboards.building import rendered
from dashboards.place import SETTINGS
from pantau.errors import DashboardError
from pantau.texts import LANGUAGES

FOLDER_UID, FOLDER_TITLE = "pantau", "Pantau"

_Answer = TypeVar("_Answer")
_GRAFANAS_OWN = frozenset({"id", "version"})
"""What Grafana counts by itself in every dashboard that it stores."""


def diff(
    grafana_url: str, token_file: Path | None = None, language: str = LANGUAGES[0], settings: Path = SETTINGS
) -> list[str]:
    """What is otherwise in that Grafana than in the code; each a sentence with dashboard and place.

    Only what the code sets is compared: Grafana adds its defaults to all that it saves. Raises `DashboardError` if it
    cannot be asked.
    """
    grafana = _connect(grafana_url, token_file)
    found: list[str] = []
    for uid, text in rendered(language, settings):
        running = _stored(grafana, grafana_url, uid)
        if running is None:
            found.append(f"{uid}: is not in {grafana_url}; run `pantau dashboards push`")
        else:
            found += [f"{uid}: {difference}" for difference in differences(json.loads(text), running)]
    return found


def push(
    grafana_url: str, token_file: Path | None = None, language: str = LANGUAGES[0], settings: Path = SETTINGS
) -> list[str]:
    """Put every dashboard into the folder Pantau of that Grafana, over what is there; returns their uids.

    `token_file` holds a service account's token. `DashboardError` if Grafana refuses one or cannot be reached.
    """
    grafana = _connect(grafana_url, token_file)
    _ask(grafana_url, lambda: _ensure_folder(grafana))
    written = []
    for uid, text in rendered(language, settings):
        message = {"dashboard": json.loads(text), "folderUid": FOLDER_UID, "overwrite": True, "message": "pantau push"}
        _ask(grafana_url, partial(grafana.dashboard.update_dashboard, message))
        written.append(uid)
    return written


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    """Where `theirs` says something else than `ours`, by the names of panels and keys."""
    yield from _compare("", {k: v for k, v in ours.items() if k not in _GRAFANAS_OWN | {"panels"}}, theirs)
    running = {panel["id"]: panel for panel in theirs.get("panels", [])}
    for panel in ours["panels"]:
        name = f"panel {panel['id']} ({panel['title']})"
        if panel["id"] not in running:
            yield f"{name}: was deleted"
        else:
            yield from _compare(name, panel, running[panel["id"]])
    ids = {panel["id"] for panel in ours["panels"]}
    for id_, panel in running.items():
        if id_ not in ids:
            yield f"panel {id_} ({panel.get('title', '')}): was added"


def _compare(where: str, ours: Any, theirs: Any) -> Iterator[str]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            yield from _compare(f"{where}.{key}" if where else key, value, theirs.get(key))
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _compare(f"{where}[{index}]", mine, other)
    elif ours != theirs and (ours or theirs):
        yield f"{where}: {_short(ours)} here, {_short(theirs)} there"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."


def _connect(url: str, token_file: Path | None) -> Any:
    """The client: untyped, like all that it answers."""
    try:
        token = token_file.read_text(encoding="utf-8").strip() if token_file else None
    except OSError as error:
        raise DashboardError(f"{token_file}: cannot be read ({error.strerror}); put the token in this file") from error
    client: Any = GrafanaApi
    return client.from_url(url, credential=token)


def _ensure_folder(grafana: Any) -> None:
    try:
        grafana.folder.get_folder(FOLDER_UID)
    except GrafanaClientError as error:
        if error.status_code != 404:
            raise
        grafana.folder.create_folder(FOLDER_TITLE, uid=FOLDER_UID)


def _stored(grafana: Any, url: str, uid: str) -> dict[str, Any] | None:
    def get() -> dict[str, Any] | None:
        try:
            dashboard: dict[str, Any] = grafana.dashboard.get_dashboard(uid)["dashboard"]
        except GrafanaClientError as error:
            if error.status_code == 404:
                return None
            raise
        return dashboard

    return _ask(url, get)


def _ask(url: str, question: Callable[[], _Answer]) -> _Answer:
    """Grafana's answer; its refusals and silences as `DashboardError`."""
    try:
        return question()
    except GrafanaException as error:
        if error.status_code in {401, 403}:
            raise DashboardError(
                f"{url}: refuses us ({error.message}); give a token that may edit, in a file"
            ) from error
        provisioned = "provisioned" in str(error.message)
        cure = "; it is provisioned from files: build, and let Grafana read them" if provisioned else ""
        raise DashboardError(f"{url}: {error.message}{cure}") from error
    except OSError as error:  # the client lets its HTTP library's own errors through
        raise DashboardError(f"{url}: cannot be reached; check the address and whether Grafana runs") from error
