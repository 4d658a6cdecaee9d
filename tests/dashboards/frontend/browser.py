"""A headless Chromium over its own debugging protocol: opens a page at a time of ours, tells what each panel shows.

It can reach the loopback alone; whatever else a page asks for is refused.
"""

import asyncio
import base64
import json
import re
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

_FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
_BROKEN = """(() => {
  if (!/unexpected error/i.test(document.body?.innerText ?? "")) return "";
  return [...document.querySelectorAll("details")].map(one => one.textContent).join(" ").slice(0, 300) || "no details";
})()"""
REST_SECONDS = 240
"""How long a page may take on a machine that has other work."""
_LISTENING = re.compile(r"listening on ws://([0-9.:]+)/")
_CLOCK = """(() => {
  const real = Date, offset = %d;
  window.Date = class extends real {
    constructor(...given) { if (given.length) super(...given); else super(real.now() + offset); }
    static now() { return real.now() + offset; }
  };
})();"""
"""So that "now" is the end of a history, whenever that was."""
_PANELS = """(() => {
  const shown = [];
  for (const item of document.querySelectorAll('[data-viz-panel-key], [data-panelid]')) {
    const key = item.getAttribute('data-panelid') || item.getAttribute('data-viz-panel-key').replace('panel-', '');
    if (shown.some(one => one.id == key) || !item.querySelector('section, .panel-container')) continue;
    const box = item.getBoundingClientRect();
    const body = item.querySelector('[data-testid="data-testid panel content"], .panel-content') || item;
    shown.push({
      id: Number(key), text: body.innerText.trim(), width: box.width, height: box.height,
      drawn: body.querySelectorAll('canvas, svg, table, [role="table"], [role="grid"]').length,
      failed: !!item.querySelector('[data-testid="data-testid Panel status error"], .panel-info-corner--error'),
      loading: !!item.querySelector('[aria-label="Panel loading bar"]'),
    });
  }
  return JSON.stringify(shown);
})()"""


@dataclass(frozen=True)
class ShownPanel:
    """One panel as it stands on the page."""

    id: int
    text: str
    drawn: int
    """Graphs, tables and drawings in it."""
    failed: bool
    """It has the mark of an error in its corner."""
    width: float
    height: float


@dataclass
class Browser:
    """One page of a running Chromium."""

    _socket: aiohttp.ClientWebSocketResponse
    _number: int = 0
    errors: list[str] = field(default_factory=list)
    """What no panel has caught: uncaught exceptions of the page."""

    async def open(
        self, url: str, now_seconds: float, width: int, height: int, busy: Callable[[], bool]
    ) -> list[ShownPanel]:
        """Open the page as if it were that time, and wait until it has come to rest: its panels.

        `busy` says whether it waits for an answer: until then a figure says that it has no data.
        """
        self.errors.clear()
        await self._ask("Page.enable")
        await self._ask("Runtime.enable")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self._ask("Emulation.setDeviceMetricsOverride", **size)
        script = _CLOCK % round((now_seconds - time.time()) * 1000)
        added = await self._ask("Page.addScriptToEvaluateOnNewDocument", source=script)
        await self._ask("Page.navigate", url=url)
        try:
            return await self._at_rest(busy)
        finally:
            await self._ask("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])

    async def picture(self) -> bytes:
        """What the page looks like now, as PNG."""
        taken = await self._ask("Page.captureScreenshot", format="png")
        return base64.b64decode(taken["data"])

    async def _at_rest(self, busy: Callable[[], bool]) -> list[ShownPanel]:
        """The same panels, with the same words, several looks in a row, and none of them loading."""
        before, same, panels, deadline = "", 0, [], time.monotonic() + REST_SECONDS
        while time.monotonic() < deadline:
            await asyncio.sleep(1.0)
            found = await self._ask("Runtime.evaluate", expression=_PANELS, returnByValue=True)
            now = found["result"].get("value", "[]")
            panels = json.loads(now)
            if not panels and (said := await self._broken()):
                raise RuntimeError(f"the page is broken: {said}")
            still = busy() or any(one["loading"] for one in panels)
            same = same + 1 if panels and now == before and not still else 0
            before = now
            if same >= 4:
                return [ShownPanel(**{name: one[name] for name in ShownPanel.__annotations__}) for one in panels]
        loading = [one["id"] for one in panels if one["loading"]]
        raise TimeoutError(f"the page does not come to rest; of {len(panels)} panels these still load: {loading}")

    async def _broken(self) -> str:
        """What the frontend says of itself where it has given up the whole page."""
        found = await self._ask("Runtime.evaluate", expression=_BROKEN, returnByValue=True)
        said: str = found["result"].get("value", "")
        return said

    async def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        while True:
            heard = await self._socket.receive_json(timeout=180)
            if heard.get("method") == "Runtime.exceptionThrown":
                self.errors.append(heard["params"]["exceptionDetails"].get("text", ""))
            if heard.get("id") == self._number:
                assert "error" not in heard, heard["error"]
                answer: dict[str, Any] = heard["result"]
                return answer


@asynccontextmanager
async def browser(program: str, folder: Path) -> AsyncIterator[Browser]:
    """Start one with a profile in `folder`, and end it."""
    command = [program, *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
    process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=PIPE)
    try:
        address = await asyncio.wait_for(_address(process), 60)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{address}/json/list") as answer:
                pages = [one for one in await answer.json() if one["type"] == "page"]
            async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=1 << 28) as socket:
                yield Browser(socket)
    finally:
        process.terminate()
        await process.wait()


async def _address(process: Process) -> str:
    """Where it listens, as it says at its start."""
    assert process.stderr is not None
    async for line in process.stderr:
        if found := _LISTENING.search(line.decode("utf-8", "replace")):
            return f"http://{found[1]}"
    raise ChildProcessError("Chromium has ended before it listened")
