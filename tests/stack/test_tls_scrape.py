"""A real Prometheus scrapes over TLS with a client's certificate and a password, and its own metrics say so."""

import asyncio
import json
import socket
import urllib.request
from pathlib import Path

import pytest

from exporter.web.server import WebOptions
from tests.exporter.web.running import FakeState, serving
from tests.exporter.web.test_tls import web_config
from tests.programs import require_program

pytestmark = pytest.mark.stack

__all__ = ["web_config"]

CONFIG = """\
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: pantau
    scheme: https
    tls_config: {{ca_file: server.pem, cert_file: client.pem, key_file: client.key, server_name: localhost}}
    basic_auth: {{username: prometheus, password: rahasia}}
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


def asked(port: int) -> str:
    """The health of the target, as Prometheus tells it; empty while it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/targets", timeout=5) as answer:
            targets = json.load(answer)["data"]["activeTargets"]
    except OSError:
        return ""
    return " ".join(f"{target['health']} {target['lastError']}".strip() for target in targets)


async def test_prometheus_scrapes_over_tls(web_config: Path, tmp_path: Path) -> None:
    """Up within seconds, and each scrape is counted as answered."""
    folder, state = web_config.parent, FakeState(3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        own = free.getsockname()[1]
    async with serving(state, options=WebOptions(web_config)) as (_, port):
        file = folder / "prometheus.yml"
        await asyncio.to_thread(file.write_text, CONFIG.format(port=port))
        storage = (f"--storage.tsdb.path={tmp_path / 'data'}", f"--web.listen-address=127.0.0.1:{own}")
        prometheus = await asyncio.create_subprocess_exec(
            str(require_program("prometheus")), f"--config.file={file}", *storage, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(60):
                while (told := await asyncio.to_thread(asked, own)) != "up":
                    assert prometheus.returncode is None, told
                    await asyncio.sleep(0.3)
        finally:
            prometheus.kill()
            await prometheus.wait()
    assert state.own.scrapes.by_code[200] >= 1
