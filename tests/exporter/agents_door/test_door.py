"""A real door, its process and all: what it lets in, what it refuses, and that neither end survives the other."""

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from exporter.probing.agent.beats import LateMinute, Minute
from pantau.agents.tokens import token_of
from tests.exporter.agents_door.knocking import (
    BOOT,
    KEY,
    answer_to,
    beats_of,
    chunked,
    open_door,
    plan_in,
    request_of,
    until_answered,
)
from tests.patience import until

FIRST = {
    "boot": BOOT,
    "seq": 7,
    "uptime": 120,
    "clients": 3,
    "rx_bytes": 2**63,
    "tx_bytes": 5,
    "portal": "ok",
    "dns": "fail",
    "gateway_rtt": 0.001,
    "internet_rtt": 0.03,
    "loss": 0,
    "version": "sh-1.0",
    "sent": 12,
}


async def test_a_heartbeat_comes_through_once(tmp_path: Path) -> None:
    """With all that it says; the same body again changes nothing, nor does one with a lower number."""
    async with open_door(plan_in(tmp_path, {"BTG-1": 1})) as door:
        assert await answer_to(door, request_of("BTG-1", FIRST)) == 200
        assert await answer_to(door, request_of("BTG-1", FIRST)) == 409
        assert await answer_to(door, request_of("BTG-1", FIRST | {"seq": 6})) == 409
        late = [{"age": 61, "portal": "isolir", "boot": BOOT, "seq": 6}, {"age": 90_000.5}]
        assert await answer_to(door, request_of("BTG-1", {"boot": BOOT, "seq": 8, "late": late})) == 200
        first, second = await beats_of(door, 2)
        assert first.minute == Minute(120, 3, 2**63, 5, "ok", "fail", 0.001, 0.03, 0.0)
        assert (first.hotspot, first.version, first.verified) == ("BTG-1", "sh-1.0", True)
        assert second.late == (LateMinute(61, Minute(portal="isolir")),)
        await until(lambda: (door.counts["taken"], door.counts["replay"]) == (2, 2))
        state = door.heard["BTG-1"].state
        assert state.heard_ns - state.boot_ns > 119_000_000_000


REFUSED = [
    (request_of("BTG-1", FIRST, token="pantau1-" + "0" * 64), 401),
    (request_of("BTG-1", FIRST, token=token_of(KEY, "BTG-2", 1)), 401),
    (request_of("BTG-1", FIRST, token=""), 401),
    (request_of("BTG-1", FIRST, token="\xff" * 64), 401),
    (request_of("BTG-1", FIRST, generation=2), 401),
    (request_of("BTG-9", FIRST), 401),
    (request_of("../BTG-1", FIRST), 401),
    (request_of("BTG-1", b"x" * 5000), 413),
    (chunked("BTG-1", b"x" * 5000), 413),
    (request_of("BTG-1", FIRST, method="GET"), 404),
    (request_of("BTG-1", FIRST, path="/metrics"), 404),
    (b"POST /agent/v1/BTG-1 HTTP/1.1\r\n" + b"X: y\r\n" * 100_000, 400),
    (b"\x16\x03\x01\x00\xff" + bytes(200), 400),
    (b"GET / HTTP/9.9\r\n\r\n", 400),
]
"""Requests, and what they are answered."""


async def test_what_is_none_of_ours_is_refused(tmp_path: Path) -> None:
    """Another's token, a revoked one, a point that is not there, what is too large or no HTTP: nothing comes in."""
    async with open_door(plan_in(tmp_path, {"BTG-1": 1, "BTG-2": 1})) as door:
        assert [await answer_to(door, one) for one, _ in REFUSED] == [status for _, status in REFUSED]
        assert await answer_to(door, request_of("BTG-2", {})) == 200
        (beat,) = await beats_of(door, 1)
        assert beat.hotspot == "BTG-2"


async def test_a_generation_revokes_and_keys_overlap(tmp_path: Path) -> None:
    """By a new plan alone, while the door stays open; a token of the key before is taken as long as that is listed."""
    plan = plan_in(tmp_path, {"BTG-1": 1})
    async with open_door(plan) as door:
        assert await answer_to(door, request_of("BTG-1", {})) == 200
        (tmp_path / "new").write_bytes(b"another key, and long enough")
        files = (str(tmp_path / "new"), *plan.key_files)
        door.configure(replace(plan, key_files=files, points={"BTG-1": 2}))
        await until_answered(door, request_of("BTG-1", {}), 401)
        assert await answer_to(door, request_of("BTG-1", {}, generation=2)) == 200
        by_new = token_of(b"another key, and long enough", "BTG-1", 2)
        assert await answer_to(door, request_of("BTG-1", {}, token=by_new)) == 200


async def test_an_old_body_is_old_after_a_restart_too(tmp_path: Path) -> None:
    """Of the boot that was heard last, and of those before it; a new boot is welcome."""
    plan = plan_in(tmp_path, {"BTG-1": 1}, state_file=str(tmp_path / "data" / "agents.json"))
    bodies = [{"boot": boot * 8, "seq": seq} for boot, seq in (("aa", 5), ("bb", 1), ("bb", 2))]
    async with open_door(plan) as door:
        assert [await answer_to(door, request_of("BTG-1", body)) for body in bodies] == [200] * 3
        await beats_of(door, 3)
    async with open_door(plan) as door:
        assert [await answer_to(door, request_of("BTG-1", body)) for body in bodies] == [409] * 3
        assert await answer_to(door, request_of("BTG-1", {"boot": "cc" * 8, "seq": 0})) == 200
        assert door.last_heard_ns("BTG-1") is not None


async def test_a_door_that_is_killed_opens_again(tmp_path: Path) -> None:
    """And nobody who was heard before is believed a second time. When the exporter ends, its door ends with it."""
    async with open_door(plan_in(tmp_path, {"BTG-1": 1})) as door:
        assert await answer_to(door, request_of("BTG-1", FIRST)) == 200
        await beats_of(door, 1)
        process = door._process
        assert process is not None
        process.kill()
        await until(lambda: door._process not in (process, None) and door.port is not None)
        assert await answer_to(door, request_of("BTG-1", FIRST)) == 409
        assert door._process is not None
        pid = door._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_get_where_it_is_allowed(tmp_path: Path) -> None:
    """The same names in the query."""
    async with open_door(plan_in(tmp_path, {"BTG-1": 1}, allow_get=True)) as door:
        query = f"/agent/v1/BTG-1?boot={BOOT}&seq=3&clients=4&portal=ok&internet_rtt=0.02"
        assert await answer_to(door, request_of("BTG-1", b"", method="GET", path=query)) == 200
        (beat,) = await beats_of(door, 1)
        assert (beat.seq, beat.minute) == (3, Minute(clients=4, portal="ok", internet_rtt=0.02))


async def test_presence_and_how_often_a_token_may_come(tmp_path: Path) -> None:
    """Whoever has the token is there, whatever nonsense his device sends; beyond his number he is refused, he alone."""
    async with open_door(plan_in(tmp_path, {"BTG-1": 1, "BTG-2": 1}, limits={"per_token": 3})) as door:
        assert await answer_to(door, request_of("BTG-1", {"boot": BOOT, "seq": 1, "clients": -4})) == 400
        (beat,) = await beats_of(door, 1)
        assert (beat.boot, beat.minute) == (None, Minute())
        assert [await answer_to(door, request_of("BTG-1", {})) for _ in range(3)] == [200, 200, 429]
        assert await answer_to(door, request_of("BTG-2", {})) == 200


async def test_wrong_tokens_cost_their_address_ten_times_as_much(tmp_path: Path) -> None:
    """Then it is not even listened to: of ten a second, one is; two were there to begin with."""
    async with open_door(plan_in(tmp_path, {"BTG-1": 1}, limits={"per_address": 10})) as door:
        begun = time.monotonic()
        answers = [await answer_to(door, request_of("BTG-1", {}, token="guessed")) for _ in range(40)]
        took = time.monotonic() - begun
        assert answers[:2] == [401, 401]
        assert set(answers) == {401, None}
        assert answers.count(401) <= 2 + took + 1


async def test_no_more_connections_than_one_address_may_have(tmp_path: Path) -> None:
    """Those that say nothing hold no place beyond their number."""
    async with open_door(plan_in(tmp_path, {"BTG-1": 1}, limits={"connections_per_address": 4})) as door:
        assert door.port is not None
        idle = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(4)]
        await asyncio.sleep(0.2)
        assert await answer_to(door, request_of("BTG-1", {})) is None
        idle[0][1].transport.abort()
        await until_answered(door, request_of("BTG-1", {}), 200)
        for _, writer in idle:
            writer.transport.abort()
