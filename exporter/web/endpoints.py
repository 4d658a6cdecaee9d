"""The small endpoints: the page, whether we live, reload, what is known of one hotspot, targets of others."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from exporter.web.page import render_page
from exporter.web.state import WebState

_PAGE_SECONDS = 0.25
"""The page is drawn so often at most, however many ask."""


class Coalesced:
    """Runs one thing for all who ask at the same time: those who ask while it runs share the next run."""

    def __init__(self, work: Callable[[], Awaitable[list[str]]]) -> None:
        self._work = work
        self._turn = asyncio.Lock()
        self._asked = self._done = 0
        """By number: the run that whoever asks now will share, and the last that has begun."""
        self._result: list[str] = []

    async def run(self) -> list[str]:
        """What a run brings that began after the call."""
        self._asked += 1
        mine = self._asked
        async with self._turn:
            if self._done < mine:
                self._done = self._asked
                self._result = await self._work()
            return self._result


class Endpoints:
    """Over a running exporter. ``/-/reload`` is there only with `lifecycle`."""

    def __init__(self, state: WebState, *, lifecycle: bool) -> None:
        self._state, self._lifecycle = state, lifecycle
        self._reload = Coalesced(lambda: state.reload())
        self._page, self._page_at = "", float("-inf")

    @property
    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return [
            web.get("/", self.page),
            web.get("/-/healthy", self.healthy),
            web.get("/-/ready", self.ready),
            web.post("/-/reload", self.reload),
            web.put("/-/reload", self.reload),
            web.get("/api/hotspots/{hotspot}", self.hotspot),
            web.get("/sd/{job}", self.discovery),
        ]

    async def page(self, _request: web.Request) -> web.Response:
        """The page."""
        now = asyncio.get_running_loop().time()
        if now - self._page_at >= _PAGE_SECONDS:
            self._page = render_page(self._state.overview(), ready=self._state.ready())
            self._page_at = now
        return web.Response(text=self._page, content_type="text/html", charset="utf-8")

    async def healthy(self, _request: web.Request) -> web.Response:
        """The process answers."""
        return web.Response(text="sehat / healthy\n")

    async def ready(self, _request: web.Request) -> web.Response:
        """Whether the first round is complete."""
        if self._state.ready():
            return web.Response(text="siap / ready\n")
        return web.Response(
            status=503,
            text="belum siap: putaran probe pertama belum selesai / "
            "not ready: the first round of probes is not complete yet\n",
        )

    async def reload(self, _request: web.Request) -> web.Response:
        """Load settings and inventory anew."""
        if not self._lifecycle:
            return web.Response(status=403, text="lifecycle API is not enabled: --web.enable-lifecycle, or SIGHUP\n")
        problems = await self._reload.run()
        if problems:
            return web.Response(status=400, text="".join(f"{problem}\n" for problem in problems))
        return web.Response(text="dimuat ulang / reloaded\n")

    async def hotspot(self, request: web.Request) -> web.Response:
        """What is known of one."""
        found = self._state.hotspot(request.match_info["hotspot"])
        if found is None:
            return web.json_response({"error": "no such hotspot in the running inventory"}, status=404)
        return web.json_response(found)

    async def discovery(self, request: web.Request) -> web.Response:
        """Targets for another exporter."""
        found = await self._state.discovery(request.match_info["job"])
        if found is None:
            return web.json_response({"error": "no such job in sd of the running settings"}, status=404)
        return web.Response(body=found, content_type="application/json", charset="utf-8")
