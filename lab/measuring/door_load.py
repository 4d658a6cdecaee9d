"""What the agents' door costs, and whom: `python -m lab.measuring.door_load`.

Two loads over loopback, each request on a connection of its own: the heartbeats of 12,000 agents (200 a second, with
TLS), and wrong tokens with TLS beside a flood of connections that say something in the clear. Printed are the door's
share of a core, its CPU time a heartbeat and a hostile request (which hardly hangs on what else the machine does), and
how late a timer of the exporter's event loop is meanwhile: by so much a probe would be.
"""

import argparse
import asyncio
import multiprocessing
import socket
import ssl
import struct
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from exporter.agents_door.door import Door
from exporter.probing.agent.beats import DoorPlan
from lab.measuring.knocking import cpu_seconds, knock, write_door_files

_POINTS = 1000
_TICK_SECONDS = 0.01
_LIMITS = {
    "body_bytes": 65_536,
    "per_token": 600,
    "per_address": 600,
    "connections": 1024,
    "connections_per_address": 512,
}


def main() -> None:
    """Measure both loads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each load")
    parser.add_argument("--floods", type=int, default=2, help="processes that connect as fast as they can")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_measure(Path(name), given.seconds, given.floods))


async def _measure(folder: Path, seconds: float, floods: int) -> None:
    write_door_files(folder)
    plan = DoorPlan(
        listen=("127.0.0.1", 0),
        key_files=(str(folder / "key"),),
        web_config=str(folder / "web.yml"),
        points={f"h{number}": 1 for number in range(_POINTS)},
        limits=_LIMITS,
        allow_get=False,
        late_seconds=86_400.0,
    )
    async with _open(plan) as (door, pid):
        for what, rate, hostile in (("nothing", 0, False), ("200 beats a second", 200, False), ("hostile", 500, True)):
            workers = 1 + floods if hostile else 1 if rate else 0
            shares = [
                (door.port or 0, str(folder / "cert.pem"), rate if worker == 0 else 0, hostile, seconds)
                for worker in range(workers)
            ]
            before, cpu = Counter(door.counts), cpu_seconds(pid)
            with multiprocessing.get_context("spawn").Pool(max(workers, 1)) as pool:
                sending = asyncio.create_task(asyncio.to_thread(pool.starmap, _send, shares))
                lags = await _lags(seconds, sending)
                sent = sum(sending.result())
            beats = len(door.take())
            used = cpu_seconds(pid) - cpu
            await asyncio.sleep(1.5)
            answers = {name: count for name, count in (Counter(door.counts) - before).items() if count}
            middle, high, most = lags[len(lags) // 2], lags[len(lags) * 99 // 100], lags[-1]
            each = f", {used / sent * 1000:.3f} ms CPU each" if sent else ""
            share = used / seconds
            rate_sent = f"{sent / seconds:.0f} sent a second"
            _tell(f"{what}: {rate_sent}{each}; door: {share:.1%} of a core, {beats} beats, {answers}")
            _tell(f"  a timer was late by {middle:.2f} ms in the median, {high:.2f} ms p99, {most:.2f} ms at most")


@asynccontextmanager
async def _open(plan: DoorPlan) -> AsyncIterator[tuple[Door, int]]:
    door = Door()
    door.configure(plan)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(door.run())
        while door.pid is None or not door.open:  # noqa: ASYNC110 - a process tells of it
            await asyncio.sleep(0.05)
        yield door, door.pid
        running.cancel()


async def _lags(seconds: float, sending: asyncio.Task[list[int]]) -> list[float]:
    """How late a timer was, in milliseconds, in order: for so long at least, and until all was sent."""
    loop, lags = asyncio.get_running_loop(), []
    end = loop.time() + seconds
    while loop.time() < end or not sending.done():
        due = loop.time() + _TICK_SECONDS
        await asyncio.sleep(_TICK_SECONDS)
        lags.append((loop.time() - due) * 1000)
    return sorted(lags)


def _send(port: int, certificate: str, rate: int, hostile: bool, seconds: float) -> int:
    """Send so many a second, in a process of its own; how many were. Hostile ones without a rate only connect."""
    if hostile and not rate:
        return _flood(port, seconds)
    return asyncio.run(_send_all(port, certificate, rate, hostile, seconds))


def _flood(port: int, seconds: float) -> int:
    """Connect, say something in the clear and be gone, as often as it goes."""
    sent, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(b"POST /agent/v1/h1 HTTP/1.1\r\nAuthorization: Bearer guessed\r\n\r\n")
        sent += 1
    return sent


async def _send_all(port: int, certificate: str, rate: int, hostile: bool, seconds: float) -> int:
    tls, sent, began = ssl.create_default_context(cafile=certificate), 0, time.monotonic()
    places = asyncio.Semaphore(400)
    async with asyncio.TaskGroup() as tasks:
        while (passed := time.monotonic() - began) < seconds:
            if sent >= passed * rate:
                await asyncio.sleep(0.002)
                continue
            await places.acquire()  # as fast as it goes, where that is slower
            tasks.create_task(_knock(port, tls, sent, hostile, places))
            sent += 1
    return sent


async def _knock(port: int, tls: ssl.SSLContext, number: int, hostile: bool, places: asyncio.Semaphore) -> None:
    try:
        await knock(port, tls, f"h{number % _POINTS}", number, "guessed" if hostile else None)
    finally:
        places.release()


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
