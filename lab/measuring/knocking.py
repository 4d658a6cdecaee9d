"""Heartbeats as agents send them, each on a TLS connection of its own, and what a process has cost so far."""

import asyncio
import os
import ssl
import subprocess
from pathlib import Path

from pantau.agents.tokens import token_of

KEY = "0123456789abcdef" * 4
_PATIENCE_SECONDS = 10


def write_door_files(folder: Path) -> None:
    """The key of the tokens (``key``), and a certificate for localhost with its settings (``web.yml``)."""
    (folder / "key").write_text(KEY, encoding="ascii")
    (folder / "web.yml").write_text("tls_server_config: {cert_file: cert.pem, key_file: key.pem}\n", encoding="ascii")
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    made = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-days", "2")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    subprocess.run(["openssl", "req", "-x509", *key, *made, *subject], check=True, capture_output=True)


async def knock(port: int, tls: ssl.SSLContext, name: str, seq: int, token: str | None = None) -> None:
    """One heartbeat; with the hotspot's own token if none is given. What is refused the door counts."""
    shown = token or token_of(KEY.encode(), name, 1)
    body = f'{{"boot":"{"ab" * 8}","seq":{seq},"uptime":{seq},"clients":3,"portal":"ok","dns":"ok","loss":0.0}}'
    head = f"POST /agent/v1/{name} HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer {shown}\r\n"
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls, server_hostname="localhost")
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            await reader.read(64)
            writer.transport.abort()
    except (OSError, TimeoutError):
        pass


def cpu_seconds(pid: int) -> float:
    """What a process has used, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
