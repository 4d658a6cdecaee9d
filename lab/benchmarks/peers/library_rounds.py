"""Rounds of one library: the job as JSON on standard input, what came of it on standard output."""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aioping
import icmplib

Round = Callable[[list[str], float], Awaitable[list[float | None]]]


async def _icmplib(addresses: list[str], timeout_seconds: float) -> list[float | None]:
    hosts = await icmplib.async_multiping(addresses, count=1, interval=0, timeout=timeout_seconds, privileged=True)
    return [host.rtts[0] / 1000 if host.is_alive else None for host in hosts]


async def _aioping(addresses: list[str], timeout_seconds: float) -> list[float | None]:
    async def one(address: str) -> float | None:
        try:
            rtt: float = await aioping.ping(address, timeout=timeout_seconds)
        except (TimeoutError, OSError):
            return None
        return rtt

    return await asyncio.gather(*map(one, addresses))


async def _run(job: dict[str, Any]) -> dict[str, list[float | None]]:
    once: Round = {"icmplib": _icmplib, "aioping": _aioping}[job["library"]]
    rtts: dict[str, list[float | None]] = {address: [] for address in job["addresses"]}
    began = time.monotonic()
    for number in range(job["rounds"]):
        await asyncio.sleep(max(began + number * job["interval"] - time.monotonic(), 0))
        for address, rtt in zip(job["addresses"], await once(job["addresses"], job["timeout"]), strict=True):
            rtts[address].append(rtt)
    return rtts


def main() -> None:
    """One job."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    job = json.load(sys.stdin)
    before = resource.getrusage(resource.RUSAGE_SELF)
    rtts = asyncio.run(_run(job))
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"rtts": rtts, "cpu_seconds": spent, "resident_bytes": _largest_bytes()}))


def _largest_bytes() -> int:
    """This program's own: ru_maxrss begins with what the parent had when it forked."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
