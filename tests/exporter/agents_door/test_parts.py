"""The door's parts, each alone: what is a heartbeat, what comes after what, how often, and how long."""

import asyncio
import json
import socket
from contextlib import suppress
from ipaddress import ip_address

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.agents_door.gate import Answer, Gate
from exporter.agents_door.order import Order, facts_of, orders_of
from exporter.agents_door.wire import Heartbeat, read_body, read_query
from exporter.listening.connections import Connections, by_client
from exporter.listening.limits import Buckets, client_of
from exporter.listening.room import ConnectionLimits
from exporter.probing.agent.beats import Minute
from pantau.agents.tokens import token_of
from tests.patience import PATIENCE_SECONDS

BOOT = "0123456789abcdef"
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
NAMES = st.sampled_from([*Heartbeat.model_fields, "sent", "age", "__class__"])


@given(st.binary(max_size=300))
def test_bytes_are_a_heartbeat_or_none(body: bytes) -> None:
    """Whatever they are."""
    assert read_body(body) is None or isinstance(read_body(body), Heartbeat)


@settings(max_examples=50)
@given(st.dictionaries(NAMES, VALUES, max_size=12))
def test_what_is_read_is_within_its_bounds(told: dict[str, object]) -> None:
    """Of any JSON under the right names, by POST or GET."""
    by_get = {name: str(value) for name, value in told.items()}
    for beat in (read_body(json.dumps(told).encode()), read_query(by_get)):
        if beat is None:
            continue
        minute = beat.minute()
        assert (beat.boot is None) == (beat.seq is None)
        assert beat.boot is not None or (minute == Minute() and beat.late == ())
        assert minute.portal in (None, "ok", "redirect", "isolir", "fail")
        assert minute.loss is None or 0 <= minute.loss <= 1
        assert all(value is None or 0 <= value < 2**64 for value in (minute.uptime, minute.clients, minute.rx_bytes))


WRONG = (
    *('"loss":1.5', '"loss":NaN', '"portal":"OK"', '"clients":"3"', '"clients":true', '"seq":1.5', '"rx_bytes":1e30'),
    *(f'"rx_bytes":{2**64}', '"uptime":-1', '"internet_rtt":61', '"late":[{}]', '"late":[{"age":-1}]'),
    *('"version":"<script>"', '"late":[' + ",".join(['{"age":1}'] * 241) + "]"),
)
"""Fields that no agent of ours sends so."""


@pytest.mark.parametrize(
    "body",
    [
        *(b"[" * 5000, b'{"a":' * 5000, b"null", b"[]", b'"x"', b"\xff\xfe", b'{"boot":"' + b"a" * 70 + b'","seq":1}'),
        *(b'{"clients":1}', b'{"boot":"0123456789abcdef"}', b'{"seq":1}', b'{"boot":"XYZ456789","seq":1}'),
        *(f'{{"boot":"{BOOT}","seq":1,{wrong}}}'.encode() for wrong in WRONG),
    ],
)
def test_what_is_no_heartbeat(body: bytes) -> None:
    """Nested without end, of another type, beyond its bounds, or without its place in the order."""
    assert read_body(body) is None


def test_what_is_unknown_is_passed_over() -> None:
    """An agent may be newer than its server; one that says nothing is there."""
    newer = read_body(json.dumps({"boot": BOOT, "seq": 1, "clients": 2, "mood": {"is": ["good"]}}).encode())
    assert newer is not None
    assert newer.minute() == Minute(clients=2)
    assert read_body(b"") == Heartbeat()


@given(
    st.lists(st.tuples(st.sampled_from(["a" * 8, "b" * 8, "c" * 8]), st.integers(0, 5)), max_size=40),
    st.integers(0, 40),
)
def test_no_body_is_believed_twice(told: list[tuple[str, int]], restart: int) -> None:
    """In whatever order they come, also over a restart: each is believed at most once, and no boot comes back."""
    orders, believed = {"h": Order()}, []
    for number, (boot, seq) in enumerate(told):
        if number == restart:
            orders = {"h": Order(), **orders_of(json.loads(json.dumps(facts_of(orders))))}
        if orders["h"].rises(boot, seq):
            orders["h"].note(boot, seq)
            believed.append((boot, seq))
    assert len(believed) == len(set(believed))
    boots = [boot for boot, _ in believed]
    assert len(set(boots)) == sum(first != second for first, second in zip([None, *boots], boots, strict=False))


@given(st.lists(st.tuples(st.floats(0, 10), st.sampled_from("ab")), max_size=60))
def test_nobody_gets_more_than_his_rate(calls: list[tuple[float, str]]) -> None:
    """What is taken is never more than the bucket and what has flowed in; another one's calls cost nothing."""
    buckets, taken, now = Buckets(1.0, 3.0), {"a": 0, "b": 0}, 0.0
    for passed, name in calls:
        now += passed
        taken[name] += buckets.take(name, now)
    assert all(count <= 3 + now + 1e-6 for count in taken.values())
    assert taken["b"] or "b" not in [name for _, name in calls]


def test_a_fine_is_paid_also_from_an_empty_bucket() -> None:
    """Whoever goes on guessing is heard once in eleven seconds, not once a second; what he owes has an end."""
    buckets, heard = Buckets(1.0, 20.0), 0
    for second in range(1100):
        if buckets.take("a", float(second)):
            heard += 1
            buckets.fine("a", float(second), 10.0)
    assert 100 <= heard <= 1100 // 11 + 3
    for _ in range(9):
        buckets.fine("b", 0.0, 10.0)
    assert [buckets.has("b", now) for now in (20.9, 21.1)] == [False, True]


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
    ],
)
def test_a_client_is_an_address_or_its_network(address: str, client: str) -> None:
    """Whoever has one IPv6 address has 2^64 of them."""
    assert client_of(address) == str(ip_address(client))


def test_a_token_is_of_one_hotspot_and_generation() -> None:
    """No other key, hotspot or generation makes the same, and what is shown in place of one is refused."""
    gate = Gate(per_token=30, per_address=1000)
    keys = (b"k" * 32, b"old" * 11)
    gate.admit({"h1": 1, "h11": 1}, keys)
    right = [token_of(key, "h1", 1) for key in keys]
    others = [token_of(keys[0], "h1", 11), token_of(keys[0], "h11", 1), token_of(b"x" * 32, "h1", 1)]
    wrong = [f"Bearer {token}" for token in (*others, "", "é" * 64, right[0][:-1])]
    assert [gate.knows("h1", f"Bearer {token}", "a", 0.0) for token in right] == [None, None]
    for shown in (*wrong, right[0], f"Basic {right[0]}", "", "Bearer"):
        assert gate.knows("h1", shown, "a", 0.0) is Answer.TOKEN


async def test_a_connection_ends_whatever_it_does() -> None:
    """One that says nothing, one that never ends its head, one that never ends its body: each in its time."""
    late: list[int] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        await request.read()
        return web.Response()

    limits, rates = ConnectionLimits(16, 16, life_seconds=0.5), [by_client(Buckets(1000, 1000))]
    connections = Connections(limits, rates, lambda: None, lambda: late.append(1))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        port = listener.getsockname()[1]
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(connections.serve([listener], web.Server(answer), lambda: None))
            for said in (b"", b"POST / HTTP/1.1\r\nX: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(said)
                async with asyncio.timeout(PATIENCE_SECONDS):
                    with suppress(ConnectionResetError):
                        assert await reader.read() == b""
                writer.transport.abort()
            serving.cancel()
    assert len(late) == 3
