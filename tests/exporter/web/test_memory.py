"""What a scrape has taken of memory is given back when nobody reads it any more."""

import gc

import pytest

from exporter.web import rendering, scrapes
from tests.exporter.web.conftest import RawClient
from tests.exporter.web.running import FakeState
from tests.patience import until

STUCK = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"


class Noted(rendering.Rendering):
    """Known to the test."""

    made: list["Noted"]

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0
        self.made.append(self)

    def add(self, chunk: bytes) -> None:
        """As ever."""
        self.bytes += len(chunk)
        super().add(chunk)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Noted]:
    """All renderings, as they are made."""
    found = list[Noted]()
    monkeypatch.setattr(rendering, "Rendering", Noted)
    monkeypatch.setattr(Noted, "made", found, raising=False)
    return found


async def test_who_is_cut_off_holds_no_answer(
    raw_client: RawClient, state: FakeState, made: list[Noted], monkeypatch: pytest.MonkeyPatch
) -> None:
    """His traceback holds what he read until cycles are looked for: a crowd of them would hold all their answers."""
    monkeypatch.setattr(scrapes, "SCRAPE_SECONDS", 0.3)
    monkeypatch.setattr(rendering, "_FRESH_SECONDS", 0.1)
    state.labels = FakeState(3000).labels
    gc.disable()
    try:
        await raw_client(STUCK)
        await until(lambda: made and not made[0].readers and made[0].done)
        await until(lambda: not made[0].chunks)
    finally:
        gc.enable()
    assert made[0].bytes > 65_536


async def test_an_answer_is_kept_while_it_is_fresh(
    raw_client: RawClient, made: list[Noted], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes within a second of it may be given it."""
    monkeypatch.setattr(scrapes, "SCRAPE_SECONDS", 0.05)
    monkeypatch.setattr(rendering, "_FRESH_SECONDS", 600.0)
    await raw_client(STUCK)
    await until(lambda: made and not made[0].readers and made[0].done)
    assert len(b"".join(made[0].chunks)) == made[0].bytes > 0
