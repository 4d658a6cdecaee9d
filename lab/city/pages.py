"""The page that agents know, and what an ISP shows in its place, as programs.

    python -m lab.city.pages known ADDRESS PORT       # the city's own page
    python -m lab.city.pages suspended ADDRESS PORT   # leads everybody to the suspension page

It prints "ready" once it listens.
"""

import asyncio
import sys

_ANSWERS = {
    "known": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\nConnection: close\r\n\r\npantau-ok",
    "suspended": (
        b"HTTP/1.1 302 Found\r\nLocation: http://isolir.kotanet.example/tagihan\r\nContent-Length: 0\r\n"
        b"Connection: close\r\n\r\n"
    ),
}


async def serve(answer: bytes, host: str, port: int) -> None:
    """Until it is killed."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # whoever asked is gone
        finally:
            writer.close()

    async with await asyncio.start_server(handle, host, port):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(_ANSWERS[sys.argv[1]], sys.argv[2], int(sys.argv[3])))
