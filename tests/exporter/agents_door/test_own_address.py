"""Our own public address: what it finds can disprove the door, and never prove it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from exporter.agents_door.own_address import OwnAddress, PublicAddress
from tests.exporter.agents_door.test_tls import make_certificate
from tests.patience import until


class Knocker(OwnAddress):
    """One that knocks each 20 ms, and counts how often."""

    def __init__(self, url: str, ca: Path | None) -> None:
        self.knocks, self.heard_seconds = 0, 0.0
        self.address: PublicAddress | None = PublicAddress(url, None if ca is None else str(ca))
        super().__init__(self._count, lambda: self.heard_seconds, each_seconds=0.02)

    def _count(self) -> PublicAddress | None:
        self.knocks += 1
        return self.address

    async def after(self, knocks: int) -> bool:
        """Whether the door is disproved after so many more."""
        wanted = self.knocks + knocks + 1
        await until(lambda: self.knocks >= wanted)
        return self.disproved


@asynccontextmanager
async def knocking(knocker: Knocker) -> AsyncIterator[Knocker]:
    """It runs meanwhile."""
    task = asyncio.create_task(knocker.run())
    try:
        yield knocker
    finally:
        task.cancel()


@asynccontextmanager
async def server(folder: Path, port: int = 0) -> AsyncIterator[int]:
    """Something that speaks TLS with the certificate of `folder`, and is no door at all."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", port, ssl=context) as it:
        yield it.sockets[0].getsockname()[1]


async def test_that_it_answers_proves_nothing_and_that_it_does_not_disproves(tmp_path: Path) -> None:
    """Nobody is there: disproved, until it answers again or an agent has come meanwhile."""
    make_certificate(tmp_path)
    async with (
        server(tmp_path) as port,
        knocking(Knocker(f"https://localhost:{port}", tmp_path / "cert.pem")) as knocker,
    ):
        assert not await knocker.after(3)
    async with knocking(knocker):
        assert await knocker.after(3)
        async with server(tmp_path, port):
            assert not await knocker.after(3)
        assert await knocker.after(3)
        knocker.heard_seconds = asyncio.get_running_loop().time()
        assert not knocker.disproved
        assert not await knocker.after(3)


async def test_one_failure_disproves_nothing(tmp_path: Path) -> None:
    """A packet is lost now and then."""
    knocker = Knocker("https://127.0.0.1:9", None)
    async with knocking(knocker):
        await until(lambda: knocker.knocks == 1)
        assert not knocker.disproved
        assert await knocker.after(2)
        knocker.address = None
        assert not await knocker.after(1)


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_certificate_that_agents_refuse_disproves(tmp_path: Path, trusted: bool) -> None:
    """Whoever answers so is not heard by them, though the port is open."""
    ours, other = tmp_path / "ours", tmp_path / "other"
    for folder in (ours, other):
        folder.mkdir()
        make_certificate(folder)
    ca = (ours if trusted else other) / "cert.pem"
    async with server(ours) as port, knocking(Knocker(f"https://localhost:{port}", ca)) as knocker:
        assert await knocker.after(3) is not trusted
