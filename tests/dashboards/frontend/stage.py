"""A server on the loopback with a built Grafana frontend, our dashboards, and one Prometheus as the data source.

It answers what the frontend needs to draw a dashboard, and everything else with nothing in it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from lab.history.prometheus import PrometheusServer
from pantau.prometheus import PrometheusError
from tests.dashboards.frontend import boot
from tests.dashboards.frontend.frames import answered

Json = dict[str, Any]
_LISTS = ("annotations", "folders", "alerts", "playlists", "teams", "plugins")


class Stage:
    """`public` is the built frontend's folder of that name; `drawn` are the dashboards by uid."""

    def __init__(self, public: Path, drawn: Mapping[str, Json], prometheus: PrometheusServer, theme: str) -> None:
        self._public, self._drawn, self._prometheus, self._theme = public, drawn, prometheus, theme
        self.failed: list[str] = []
        """Queries that Prometheus refused."""
        self._one_at_a_time = asyncio.Lock()
        self._unanswered = 0

    def busy(self) -> bool:
        """Whether a panel still waits for its answer."""
        return self._unanswered > 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Serve; gives the address."""
        app = web.Application(client_max_size=1 << 26)
        routes = app.router
        routes.add_static("/public", self._public)
        routes.add_get("/api/frontend/settings", self._settings)
        routes.add_get("/api/dashboards/uid/{uid}", self._dashboard)
        routes.add_get("/api/search", self._search)
        routes.add_post("/api/ds/query", self._query)
        for prefix in ("/api/datasources/uid/{uid}/resources/", "/api/datasources/proxy/1/"):
            routes.add_route("*", prefix + "{path:.+}", self._resource)
        routes.add_route("*", "/api/{rest:.*}", self._nothing)
        routes.add_route("*", "/apis/{rest:.*}", self._nothing)
        routes.add_get("/{rest:.*}", self._page)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            port = runner.addresses[0][1]
            yield f"http://127.0.0.1:{port}"
        finally:
            await runner.cleanup()

    async def _page(self, _request: web.Request) -> web.Response:
        zone = next(iter(self._drawn.values()))["timezone"]
        text = boot.page(self._public, self._prometheus, self._theme, zone)
        return web.Response(text=text, content_type="text/html")

    async def _settings(self, _request: web.Request) -> web.Response:
        return web.json_response(boot.settings(self._public, self._prometheus))

    async def _search(self, _request: web.Request) -> web.Response:
        """What the menu of all our dashboards asks for."""
        return web.json_response(
            [
                {"uid": uid, "title": one["title"], "url": f"/d/{uid}", "type": "dash-db", "tags": one["tags"]}
                for uid, one in self._drawn.items()
            ]
        )

    async def _dashboard(self, request: web.Request) -> web.Response:
        uid = request.match_info["uid"]
        if uid not in self._drawn:
            return web.json_response({"message": "not found"}, status=404)
        meta = {
            "type": "db",
            "slug": uid,
            "url": f"/d/{uid}",
            "version": 1,
            "provisioned": True,
            "folderTitle": "Pantau",
        }
        meta |= {"canSave": False, "canEdit": False, "canStar": False, "canAdmin": False, "canDelete": False}
        meta |= {"created": "2024-01-01T00:00:00Z", "updated": "2024-01-01T00:00:00Z"}
        # Asked once: on a busy machine a page that asks anew every half minute would never come to rest.
        once = {"id": 1, "version": 1, "refresh": ""}
        return web.json_response({"meta": meta, "dashboard": {**self._drawn[uid], **once}})

    async def _query(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._unanswered += 1
        try:
            return web.json_response({"results": await self._results(body)})
        finally:
            self._unanswered -= 1

    async def _results(self, body: Json) -> dict[str, Json]:
        results: dict[str, Json] = {}
        for query in body["queries"]:
            if "expr" not in query:
                results[query["refId"]] = {"frames": []}
                continue
            async with self._one_at_a_time:
                results[query["refId"]] = await asyncio.to_thread(
                    self._result, query, int(body["from"]), int(body["to"])
                )
        return results

    def _result(self, query: Json, from_ms: int, to_ms: int) -> Json:
        try:
            return {"status": 200, "frames": answered(self._prometheus, query, from_ms, to_ms)}
        except PrometheusError as error:
            self.failed.append(f"{query['refId']}: {error}: {query['expr']}")
            return {"status": 400, "error": str(error), "frames": []}

    async def _resource(self, request: web.Request) -> web.Response:
        """What variables ask: Prometheus' own API, as it is."""
        given = {**request.query, **(dict(await request.post()) if request.method == "POST" else {})}
        what = request.match_info["path"].removeprefix("api/v1/")
        if what != "query":
            return web.json_response({"status": "success", "data": []})
        async with self._one_at_a_time:
            data = await asyncio.to_thread(
                self._prometheus.ask, what, **{name: str(one) for name, one in given.items()}
            )
        return web.json_response({"status": "success", "data": data})

    async def _nothing(self, request: web.Request) -> web.Response:
        return web.json_response([] if request.path.split("/")[2] in _LISTS else {})
