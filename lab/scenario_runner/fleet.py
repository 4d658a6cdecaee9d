"""Agents of many hotspots in one process of the city's namespace: each beats once a minute at a second of its own.

`python -m lab.scenario_runner.fleet`: the first line of its input names the hotspots, each further one says of some
what their agents tell from now on. Of what an agent does (lab/city has real ones) this is the wire alone.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Literal
from zlib import crc32

from pantau.agents.tokens import token_of

INTERVAL_SECONDS = 60.0
KEY = "0123456789abcdef" * 4
PORT = 9812
"""The agents' own one is where the webhook listens that takes notifications."""
Says = Literal["ok", "isolir", "fail", "nothing"]
"""What a client gets; and nothing at all, whose line is cut."""


@dataclass
class Fleet:
    """The running process, as the scenario speaks to it."""

    pipe: IO[str]

    def begin(self, hotspots: Sequence[str]) -> None:
        """These have agents, and all is well with them."""
        self._write({"hotspots": list(hotspots)})

    def say(self, hotspots: Sequence[str], says: Says) -> None:
        """From now on this is what the agents of these tell; who has none is passed over."""
        self._write({"hotspots": list(hotspots), "says": says})

    def _write(self, words: object) -> None:
        self.pipe.write(json.dumps(words) + "\n")
        self.pipe.flush()


@dataclass
class _Agents:
    """What each agent tells."""

    says: dict[str, Says] = field(default_factory=dict)

    async def beat(self, hotspot: str) -> None:
        """Beat for ever; the first time within a few seconds, so that all are heard before the scenario begins."""
        token, boot = token_of(KEY.encode(), hotspot, 1), f"{crc32(hotspot.encode()):08x}"
        loop = asyncio.get_running_loop()
        due, seq = loop.time() + crc32(hotspot.encode()[::-1]) % 6000 / 100, 0
        await asyncio.sleep(crc32(hotspot.encode()) % 5000 / 1000)
        while True:
            seq += 1
            if self.says[hotspot] != "nothing":
                body = {"boot": boot, "seq": seq, "portal": self.says[hotspot], "dns": "ok", "clients": 3}
                heard = await _post(f"/agent/v1/{hotspot}", token, json.dumps(body).encode())
                if seq == 1 and not heard:  # the door is not open yet
                    seq = 0
                    await asyncio.sleep(2)
                    continue
            due += INTERVAL_SECONDS if due <= loop.time() else 0.0
            await asyncio.sleep(max(0.0, due - loop.time()))


async def _post(path: str, token: str, body: bytes) -> bool:
    """Whether anybody took it. What fails is lost, as with an agent that keeps no late minutes."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    except OSError:
        return False
    try:
        writer.write(head.encode() + body)
        answer = await asyncio.wait_for(reader.read(), 10)
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
    return answer.startswith(b"HTTP/1.1 2")


async def _run() -> None:
    agents = _Agents()
    reader = asyncio.StreamReader(limit=1_000_000)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    begun = json.loads(await reader.readline())
    async with asyncio.TaskGroup() as tasks:
        for hotspot in begun["hotspots"]:
            agents.says[hotspot] = "ok"
            tasks.create_task(agents.beat(hotspot))
        while line := await reader.readline():
            told = json.loads(line)
            agents.says |= {name: told["says"] for name in told["hotspots"] if name in agents.says}


if __name__ == "__main__":
    asyncio.run(_run())
