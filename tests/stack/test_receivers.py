"""`pantau alertmanager test`: a real Alertmanager, the shipped words, a mailbox, a webhook, a stand-in of Telegram."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from pantau.alerting import build, build_with_secrets
from pantau.alerting.testing import DeliveryReply, send_test
from tests.ops.test_watchdog import TOKEN as WATCHDOG_TOKEN
from tests.ops.test_watchdog import Running, settings
from tests.pantau.alerting.amtool import ROOT, accepted
from tests.programs import require_program
from tests.stack.office.sinks import Sinks, open_sinks

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

TOKEN = "123456:made-up-token"
SETTINGS = "inventory: [isps.yml, kecamatan.yml, hotspots.csv]\nvantage: {canaries: [{name: a, address: 192.0.2.1}]}\n"


class Telegram:
    """As much of its Bot API as one message needs."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.port = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        """It answers on a port of the loopback while the context lasts."""
        api = self

        class Answer(BaseHTTPRequestHandler):
            """Knows one token and one chat."""

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path != f"/bot{TOKEN}/sendMessage":
                    self._say(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
                elif asked["chat_id"] != "-42":
                    self._say(400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"})
                else:
                    api.texts.append(asked["text"])
                    self._say(200, {"ok": True, "result": {"message_id": 7, "chat": {"id": -42}}})

            def _say(self, status: int, answer: dict[str, Any]) -> None:
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_ignored: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class Desk:
    """A configuration whose receivers lead to the sinks."""

    def __init__(self, folder: Path, sinks: Sinks, telegram: Telegram, watchdog_port: int) -> None:
        self.sinks, self.telegram = sinks, telegram
        self.settings = folder / "pantau.yml"
        self.settings.write_text(SETTINGS, "utf-8")
        (folder / "secrets").mkdir()
        (folder / "secrets" / "telegram_token").write_text(TOKEN, "utf-8")
        (folder / "secrets" / "watchdog_token").write_text(WATCHDOG_TOKEN, "utf-8")
        (folder / "kecamatan.yml").write_text("kecamatan: [{id: maesa, name: Maesa}]\n", "utf-8")
        isp = {"id": "telkom", "name": "Telkom", "contacts": [{"kind": "telegram", "value": "-42"}]}
        other = {"id": "biznet", "name": "Biznet", "contacts": [{"kind": "telegram", "value": "-1"}]}
        (folder / "isps.yml").write_text(yaml.safe_dump({"isps": [isp, other]}), "utf-8")
        (folder / "hotspots.csv").write_text("id,name,address,kecamatan,isp\nh1,Satu,192.0.2.9,maesa,telkom\n", "utf-8")
        base = yaml.safe_load((ROOT / "config" / "alertmanager" / "base.yml").read_text("utf-8"))
        base["global"]["smtp_smarthost"] = f"127.0.0.1:{sinks.smtp_port}"
        base["contacts"]["telegram"]["api_url"] = f"http://127.0.0.1:{telegram.port}"
        mail = {"to": "noc@office.example", **base["contacts"]["email"]}
        web = {"url": f"http://127.0.0.1:{sinks.web_port}/alerts"}
        for receiver in base["receivers"]:
            if receiver["name"] == "page":
                receiver |= {"email_configs": [mail], "webhook_configs": [web]}
            if receiver["name"] == "watchdog":
                bearer = {"authorization": {"credentials_file": "/etc/alertmanager/secrets/watchdog_token"}}
                beat = {"url": f"http://127.0.0.1:{watchdog_port}/beat", "send_resolved": False}
                receiver["webhook_configs"] = [{**beat, "http_config": bearer}]
            if receiver["name"] == "ticket":
                receiver["webhook_configs"] = [{"url": f"http://127.0.0.1:{telegram.port}/no-such-place"}]
        words = folder / "alertmanager"
        words.mkdir()
        for file in (ROOT / "config" / "alertmanager").glob("*.tmpl"):
            (words / file.name).write_bytes(file.read_bytes())
        (words / "base.yml").write_text(yaml.safe_dump(base, sort_keys=False), "utf-8")
        self.configuration = folder / "alertmanager.yml"
        build(self.settings)

    def send(self, receiver: str) -> list[DeliveryReply]:
        """What came back."""
        return send_test(require_program("prometheus-alertmanager"), self.configuration, receiver)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """With every sink open."""
    telegram = Telegram()
    outside = tmp_path_factory.mktemp("outside")
    with open_sinks() as sinks, telegram.open():
        way = f"[page.sms]\nkind = http\nto = 62811\nurl = http://127.0.0.1:{sinks.web_port}/send\n"
        watchdog = Running(settings(outside, ways=way + 'body = {"target": "{to}", "message": "{text}"}\n'))
        try:
            yield Desk(tmp_path_factory.mktemp("desk"), sinks, telegram, watchdog.port)
        finally:
            watchdog.close()


def test_the_outside_watchdog_is_tried_to_its_end(desk: Desk) -> None:
    """The beat is heard, and the watchdog's own gateway gets a page that says of itself that it is a test."""
    (answer,) = desk.send("watchdog")
    assert answer.taken, answer.said
    assert desk.sinks.messages[-1][1] == {
        "target": "62811",
        "message": "UJI COBA / TEST: penjaga luar Kota sampai kepada Anda.",
    }


def test_a_mail_and_a_webhook_are_really_sent(desk: Desk) -> None:
    """Both have taken it; the mail says in its subject that it is a test, in the words of the shipped templates."""
    assert [str(answer) for answer in desk.send("page")] == [
        "webhook[0]: taken by the other end",
        "email[0]: taken by the other end",
    ]
    (mail,) = desk.sinks.mails
    assert mail.recipient == "noc@office.example"
    assert mail.subject.startswith("Uji coba Pantau dari ")
    assert "bukan gangguan / a test, no fault" in mail.text
    assert desk.sinks.messages[-1][1]["commonLabels"]["test"] == "true"


def test_telegram_works_with_debians_alertmanager(desk: Desk) -> None:
    """0.25 reads no token from a file and is given it; a chat that there is not is told in Telegram's own words."""
    assert [str(answer) for answer in desk.send("isp-telkom")] == ["telegram[0]: taken by the other end"]
    (text,) = desk.telegram.texts
    assert text.startswith("Uji coba Pantau dari ")
    (refused,) = desk.send("isp-biznet")
    assert not refused.taken
    assert "chat not found" in refused.said


def test_what_the_other_end_refuses_is_told(desk: Desk) -> None:
    """The status of a webhook that wants none of it."""
    (refused,) = desk.send("ticket")
    assert not refused.taken
    assert "401" in refused.said


def test_the_file_with_secrets_is_one_that_debians_alertmanager_takes(desk: Desk, tmp_path: Path) -> None:
    """From any folder; the built file, which is in git, holds no token."""
    own = tmp_path / "own.yml"
    assert build_with_secrets(desk.settings, own).notes == ()
    accepted(own)
    assert TOKEN in own.read_text("utf-8")
    assert TOKEN not in desk.configuration.read_text("utf-8")
