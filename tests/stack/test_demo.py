"""The demo as a newcomer starts it: without root, beside programs that have its ports, with and without Prometheus."""

import json
import os
import re
import signal
import socket
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pantau.stack.ports import is_free
from tests.stack.ordinary_user import as_ordinary_user, own_directory
from tests.stack.running import RunningStack, require_stack, start_stack, wait_for, with_command_line

pytestmark = pytest.mark.stack

SCENARIO = str(Path(__file__).parent / "scenario.yml")
Start = Callable[..., RunningStack]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts demos of the tests' scenario as an ordinary user, each in a directory of its own; ends them."""
    with ExitStack() as cleanup:

        def begin(*options: str, path: str | None = None) -> RunningStack:
            parent = cleanup.enter_context(own_directory())
            arguments = ("demo", "--scenario", SCENARIO, *options)
            stack = start_stack(arguments, parent / "demo", as_ordinary_user(), path)
            cleanup.callback(stack.close)
            return stack

        yield begin


def _occupy(port: int, cleanup: ExitStack) -> None:
    """Listen on a port, unless somebody does already."""
    other = cleanup.enter_context(closing(socket.socket()))
    if is_free("127.0.0.1", port):
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()


def _port(address: str) -> int:
    port = urlsplit(address).port
    assert port is not None
    return port


def _is_quiet(stack: RunningStack, addresses: dict[str, str]) -> bool:
    """Whether nothing is left: no process that knows the directory, no listener."""
    return not with_command_line(str(stack.directory)) and all(
        is_free("127.0.0.1", _port(address)) for address in addresses.values()
    )


def test_the_demo_notifies_of_the_outage_and_leaves_no_process(start: Start) -> None:
    """With all usual ports taken, the page is printed within two minutes; Ctrl-C ends all with status 0 in 5 s."""
    require_stack()
    with ExitStack() as others:
        for port in (9810, 9090, 9093, 9811):
            _occupy(port, others)
        stack = start()
        stack.wait_for_output("▲ GANGGUAN (firing)  Satu ISP padam. (An ISP is down.)", 120)
        stack.wait_for_output("page · IspOutage · ISP indosat · umur (age) ", 2)
        # The page leaves as soon as three of five points are found down: how many those are is a matter of seconds.
        found = re.search(r"ISP Indosat: (\d+) dari 143 titik tidak menjawab", stack.output)
        assert found, stack.output
        assert 86 <= int(found[1]) <= 143
        stack.wait_for_output("✖ 143 down  ■ 0 unknown  active alerts: 1 page, 0 tickets", 15)
        addresses = stack.addresses
        assert list(addresses) == ["exporter", "alertmanager", "prometheus"]
        assert not {_port(address) for address in addresses.values()} & {9810, 9090, 9093, 9811}
        assert stack.end(signal.SIGINT) == 0
        assert stack.output.endswith("Everything is stopped.\n")
        assert _is_quiet(stack, addresses)
    assert [notification["status"] for notification in stack.notifications()] == ["firing"]


def test_without_prometheus_the_exporter_runs_alone(start: Start) -> None:
    """One line says how to get the rest; the city is watched all the same; SIGTERM ends it with status 0."""
    stack = start(path="/nonexistent")
    stack.wait_for_output("Stop: Ctrl-C", 20)
    advice = "not installed; to get the rest: sudo apt-get install prometheus prometheus-alertmanager"
    assert [line for line in stack.output.splitlines() if advice in line] == [
        f"The exporter runs alone: prometheus and prometheus-alertmanager {advice}"
    ]
    addresses = stack.addresses
    assert list(addresses) == ["exporter"]
    stack.wait_for_output("✖ 143 down  ■ 0 unknown\n", 40)
    assert stack.end(signal.SIGTERM) == 0
    assert _is_quiet(stack, addresses)


def _child(stack: RunningStack, mark: str) -> int:
    """The one process of this stack with that on its command line; others have the same port in their own networks."""
    (found,) = (one for one in with_command_line(mark) if _parent(one) == stack.process.pid)
    return found


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()[1])


def test_the_stack_survives_the_death_of_each_part(start: Start) -> None:
    """Killed, each is named in one line and runs again; the others are never touched; the end is as ever."""
    require_stack()
    stack = start()
    stack.wait_for_output("Stop: Ctrl-C", 20)
    addresses = stack.addresses
    marks = {
        "exporter": f"127.0.0.1:{_port(addresses['exporter'])}",
        "alertmanager": f"--storage.path={stack.directory}",
        "prometheus": f"--storage.tsdb.path={stack.directory}",
    }
    before = {name: _child(stack, mark) for name, mark in marks.items()}
    for process in before.values():
        os.kill(process, signal.SIGKILL)
    for name in marks:
        stack.wait_for_output(f"✖ {name:<12} was killed by SIGKILL; it is started again in 1s", 30)
        stack.wait_for_output(f"✔ {name:<12} runs again, ready after ", 30)
    after = {name: _child(stack, mark) for name, mark in marks.items()}
    assert not set(before.values()) & set(after.values())
    assert stack.output.count("was killed by SIGKILL") == 3
    assert not _is_quiet(stack, addresses)
    assert stack.end(signal.SIGTERM) == 0
    assert _is_quiet(stack, addresses)


def test_a_killed_stack_leaves_no_orphans(start: Start) -> None:
    """When it cannot end its processes, the kernel does."""
    require_stack()
    stack = start()
    stack.wait_for_output("Stop: Ctrl-C", 20)
    addresses = stack.addresses
    stack.process.kill()
    wait_for(lambda: _is_quiet(stack, addresses), 5, "the parts to end")


def test_what_the_exporter_cannot_do_reaches_the_user(start: Start) -> None:
    """A scenario that cannot be used: the exporter's own sentence, and its exit status."""
    stack = start("--no-prometheus", "--scenario", "nowhere")
    assert stack.ended(20) == 2
    assert "'nowhere' is neither a file nor a shipped scenario" in stack.output
    assert "Traceback" not in stack.output


def test_two_demos_do_not_share_a_directory(start: Start) -> None:
    """The second is told who has it, and the first goes on."""
    first = start("--no-prometheus")
    first.wait_for_output("Stop: Ctrl-C", 20)
    second = start_stack(("demo", "--no-prometheus"), first.directory, as_ordinary_user())
    assert second.ended(20) == 2
    assert f"a stack already runs in {first.directory} (process {first.process.pid})" in second.output
    second.close()
    with urllib.request.urlopen(f"{first.addresses['exporter']}-/healthy", timeout=5) as answer:  # noqa: S310 - our own loopback
        assert answer.status == 200
    assert json.loads((first.directory / ".pantau-demo").read_text()) == first.process.pid
