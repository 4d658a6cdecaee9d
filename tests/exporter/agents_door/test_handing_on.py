"""What the door's process hands on: heartbeats together, in their order, and nothing that is known to be lost."""

import asyncio
from typing import cast

from exporter.agents_door.process import _GATHER_SECONDS, _MOST_GATHERED, _MOST_WAITING, _Process


class Pipe:
    """The end of a pipe that somebody reads, or does not."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.unread = 0

    def write(self, data: bytes) -> None:
        """See `asyncio.WriteTransport`."""
        self.written.append(data)

    def get_write_buffer_size(self) -> int:
        """See `asyncio.WriteTransport`."""
        return self.unread


def opened() -> tuple[_Process, Pipe]:
    """A process, and what it writes to."""
    pipe = Pipe()
    return _Process(cast("asyncio.WriteTransport", pipe)), pipe


async def test_heartbeats_are_handed_on_together() -> None:
    """Nothing at once; all of them when the time is over, and then anew."""
    process, pipe = opened()
    for line in (b"1\n", b"2\n", b"3\n"):
        assert process._hand_on(line)
    assert pipe.written == []
    await asyncio.sleep(2 * _GATHER_SECONDS)
    assert pipe.written == [b"1\n2\n3\n"]
    process._hand_on(b"4\n")
    await asyncio.sleep(2 * _GATHER_SECONDS)
    assert pipe.written[1:] == [b"4\n"]


async def test_what_is_told_at_once_comes_behind_what_was_gathered() -> None:
    """Counts never come before the heartbeats that they count; an end leaves nothing behind, and says nothing twice."""
    process, pipe = opened()
    process._hand_on(b"beat\n")
    process._tell(b"counts\n")
    process._hand_on(b"last\n")
    process.flush()
    process.flush()
    assert pipe.written == [b"beat\n", b"counts\n", b"last\n"]


async def test_many_do_not_wait_and_what_nobody_reads_is_refused() -> None:
    """What is gathered is bounded in bytes; the agent keeps what is refused."""
    process, pipe = opened()
    line = b"x" * (_MOST_GATHERED // 2)
    assert process._hand_on(line)
    assert process._hand_on(line)
    assert pipe.written == [line + line]
    pipe.unread = _MOST_WAITING + 1
    assert not process._hand_on(b"more\n")
    process.flush()
    assert len(pipe.written) == 1
