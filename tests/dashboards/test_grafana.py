"""A running Grafana, played by a small server: what was changed in it, what is put into it, what it refuses."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dashboards import DASHBOARDS, rendered
from dashboards.grafana import diff, push
from pantau.errors import DashboardError

TOKEN = "glsa_made_up"


class Grafana(ThreadingHTTPServer):
    """Keeps dashboards and folders in memory and answers as Grafana's API does."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.dashboards: dict[str, dict[str, Any]] = {}
        self.folders: list[str] = []
        self.refusal: tuple[int, str] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    """One request to `Grafana`."""

    server: Grafana

    def log_message(self, *_ignored: object) -> None:
        """Say nothing."""

    def _send(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _allowed(self) -> bool:
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._send(401, {"message": "Unauthorized"})
            return False
        return True

    def do_GET(self) -> None:
        """Folders and dashboards by uid."""
        uid = self.path.rsplit("/", 1)[1]
        known = self.server.dashboards if "/dashboards/" in self.path else dict.fromkeys(self.server.folders)
        if not self._allowed():
            return
        if uid in known:
            self._send(200, {"dashboard": known[uid]})
        else:
            self._send(404, {"message": "not found"})

    def do_POST(self) -> None:
        """A new folder, or a dashboard over the one that was there."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._allowed():
            return
        if self.path == "/api/folders":
            self.server.folders.append(body["uid"])
        elif self.server.refusal is not None:
            self._send(self.server.refusal[0], {"message": self.server.refusal[1]})
            return
        else:
            assert body["folderUid"] in self.server.folders
            assert body["overwrite"] is True
            self.server.dashboards[body["dashboard"]["uid"]] = body["dashboard"] | {"id": 7, "version": 3}
        self._send(200, {})


@pytest.fixture
def grafana() -> Iterator[Grafana]:
    """An empty Grafana that listens on loopback."""
    server = Grafana()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def token(tmp_path: Path) -> Path:
    """A file with the token that `Grafana` takes."""
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n", encoding="utf-8")
    return path


def test_push_makes_the_folder_and_puts_every_dashboard_into_it(grafana: Grafana, token: Path) -> None:
    """After a push that Grafana has what the code says, and a diff finds nothing."""
    assert push(grafana.url, token) == list(DASHBOARDS)
    assert grafana.folders == ["pantau"]
    ours = {uid: json.loads(text) | {"id": 7, "version": 3} for uid, text in rendered()}
    assert grafana.dashboards == ours
    assert diff(grafana.url, token) == []
    assert push(grafana.url, token) == list(DASHBOARDS)
    assert grafana.folders == ["pantau"]


def test_diff_says_what_was_changed_by_hand(grafana: Grafana, token: Path) -> None:
    """A changed title and query, a deleted and an added panel and a missing dashboard; not what Grafana adds itself."""
    push(grafana.url, token)
    wall = grafana.dashboards["pantau-kota"]
    wall["panels"][0]["title"] = "Online"
    wall["panels"][0]["targets"][0]["expr"] = "up"
    wall["panels"][0]["pluginVersion"] = "11.6.0"
    wall["panels"][1]["id"] = 99
    wall["liveNow"] = False
    del grafana.dashboards["pantau-sla"]
    assert diff(grafana.url, token) == [
        'pantau-kota: panel 1 (Persentase titik online).targets[0].expr: "(city:hotspot_up:ratio and on () '
        'city:hotspot_up:count >= 0.5 * sum(city:hot... here, "up" there',
        'pantau-kota: panel 1 (Persentase titik online).title: "Persentase titik online" here, "Online" there',
        "pantau-kota: panel 2 (Titik menurut status): was deleted",
        "pantau-kota: panel 99 (Titik menurut status): was added",
        f"pantau-sla: is not in {grafana.url}; run `pantau dashboards push`",
    ]


def test_a_wrong_token_is_said(grafana: Grafana, tmp_path: Path) -> None:
    """What Grafana does not let us do is one sentence with the cure."""
    wrong = tmp_path / "wrong"
    wrong.write_text("nonsense", encoding="utf-8")
    expected = f"{grafana.url}: refuses us (Unauthorized); give a token that may edit, in a file"
    with pytest.raises(DashboardError) as refused:
        push(grafana.url, wrong)
    assert str(refused.value) == expected
    with pytest.raises(DashboardError) as refused:
        diff(grafana.url)
    assert str(refused.value) == expected


def test_a_missing_token_file_is_said(tmp_path: Path) -> None:
    """The file is named before anybody is asked."""
    path = tmp_path / "token"
    with pytest.raises(DashboardError) as missing:
        diff("http://127.0.0.1:9", path)
    assert str(missing.value) == f"{path}: cannot be read (No such file or directory); put the token in this file"


def test_provisioned_dashboards_are_explained(grafana: Grafana, token: Path) -> None:
    """Grafana refuses to save what it reads from files; the sentence says what to do instead."""
    grafana.refusal = (400, "Cannot save provisioned dashboard")
    with pytest.raises(DashboardError, match=r"it is provisioned from files: build, and let Grafana read them$"):
        push(grafana.url, token)


def test_a_grafana_that_is_not_there_is_said() -> None:
    """No address, no trace of the HTTP library: one sentence."""
    with pytest.raises(DashboardError) as silent:
        diff("http://127.0.0.1:9")
    assert str(silent.value) == "http://127.0.0.1:9: cannot be reached; check the address and whether Grafana runs"
