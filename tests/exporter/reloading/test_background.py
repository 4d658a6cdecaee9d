"""Work that hangs is left to itself: it is said so, nothing waits for it, and it holds up no stop."""

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from exporter import reloading
from exporter.background import Background, StillBusyError
from exporter.reloading import Loader
from pantau.clock import ManualClock
from pantau.errors import ConfigurationError
from pantau.inventory import Configuration
from tests.patience import PATIENCE_SECONDS, promptly, until

ROOT = Path(__file__).parents[3]


async def test_what_work_returns_and_raises_comes_back() -> None:
    """Also a `TimeoutError` of its own, which is not ours."""
    background: Background[int] = Background("test")

    def fail(error: Exception) -> int:
        raise error

    assert await background.run(lambda: 7, 10) == 7
    for error in (ValueError(), MemoryError(), TimeoutError(), OSError(110, "Connection timed out")):
        with pytest.raises(type(error)) as caught:
            await background.run(lambda error=error: fail(error), 10)  # type: ignore[misc]
        assert caught.value is error
    assert not background.busy


async def test_a_cancellation_that_comes_as_the_work_ends_is_one() -> None:
    """Whoever waits is cancelled, though the result is there: a stop that is swallowed would be none."""
    background: Background[int] = Background("test")
    waiting = asyncio.create_task(background.run(lambda: 7, 10))
    await until(lambda: not background.busy)
    time.sleep(0.05)  # noqa: ASYNC251 - the loop must not turn: the result waits to be set
    asyncio.get_running_loop().call_soon(waiting.cancel)
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_work_that_hangs_is_left_and_is_alone() -> None:
    """The loop goes on; other work waits until it has ended, and then works as ever."""
    background: Background[int] = Background("test")
    ends = threading.Event()
    with pytest.raises(StillBusyError):
        await background.run(lambda: int(ends.wait()), 0.02)
    with promptly(1.0), pytest.raises(StillBusyError):
        await background.run(lambda: 1, 10)
    ends.set()
    await until(lambda: not background.busy)
    assert await background.run(lambda: 2, 10) == 2


def test_a_process_ends_though_its_work_hangs() -> None:
    """Neither the loop's end nor the interpreter's waits for the thread."""
    program = (
        "import asyncio, time\nfrom exporter.background import Background\n"
        "async def main():\n"
        "    try:\n        await Background('x').run(lambda: time.sleep(600), 0.05)\n"
        "    except Exception as error:\n        print(type(error).__name__)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "StillBusyError\n", "")


async def test_a_disk_that_does_not_answer_is_a_failed_reload_that_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was known of the files stays known, and the cause is told once."""
    ends = threading.Event()
    monkeypatch.setattr(reloading, "LOAD_SECONDS", 0.02)

    def hang(*_: object, **__: object) -> Configuration:
        ends.wait()
        raise ConfigurationError([])

    monkeypatch.setattr(reloading, "load", hang)
    loader = Loader(tmp_path / "pantau.yml", ManualClock(), {tmp_path / "pantau.yml": 4})
    for _ in range(2):
        with pytest.raises(StillBusyError) as caught:
            await loader.load()
        loader.failed(caught.value)
        assert (loader.may_pass, loader.stamps) == (True, {tmp_path / "pantau.yml": 4})
        assert [problem.partition(": ")[2][:11] for problem in loader.problems] == ["is not read"]
    ends.set()


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), MemoryError(), OverflowError("x")])
async def test_what_no_file_tells_of_is_tried_again(error: Exception, tmp_path: Path) -> None:
    """A disk error may pass, and nothing will change when it does; a mistake in a file is waited for."""
    loader = Loader(tmp_path / "pantau.yml", ManualClock())
    loader.failed(error)
    assert loader.may_pass
    loader.succeeded()
    assert (loader.may_pass, loader.problems) == (False, ())
    with pytest.raises(ConfigurationError) as caught:
        await loader.load()
    loader.failed(caught.value)
    assert not loader.may_pass
