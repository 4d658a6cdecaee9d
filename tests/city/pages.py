"""The pages of a simulated city, as a program: one HTTP server for all addresses, whose file says who answers how.

    python -m tests.city.pages FILE

Each line of FILE is an address and a word: ``isolir`` redirects to the ISP's suspension page, ``mute`` says nothing.
All others have a page. It prints "ready" once it listens.
"""

import asyncio
import sys
from pathlib import Path

SUSPENDED = b"HTTP/1.1 302 Found\r\nLocation: http://isolir.kotanet.example/\r\nContent-Length: 0\r\n\r\n"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def words_of(file: Path) -> dict[str, str]:
    """What is written now."""
    return dict(line.split() for line in file.read_text(encoding="utf-8").splitlines())


async def main(file: Path) -> None:
    """Serve until it is killed."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        word = words_of(file).get(writer.get_extra_info("sockname")[0])
        await reader.readuntil(b"\r\n\r\n")
        if word == "mute":
            await reader.read()
        writer.write(SUSPENDED if word == "isolir" else PAGE)
        writer.close()

    async with await asyncio.start_server(handle, "0.0.0.0", 80):  # noqa: S104 - inside a namespace of its own
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
