"""What a Grafana server tells its frontend before anything is drawn: settings, plugins, user, the page itself."""

import json
from pathlib import Path
from typing import Any

from lab.history.prometheus import PrometheusServer

Json = dict[str, Any]
NAME, UID = "Prometheus", "prometheus"
_SWITCHED_ON = (
    *("dashboardScene", "dashboardSceneForViewers", "dashboardSceneSolo", "tableNextGen", "timeRangeProvider"),
    "localeFormatPreference",
)
_OFF: Json = {"enabled": False}


def page(public: Path, prometheus: PrometheusServer, theme: str, timezone: str) -> str:
    """The HTML that starts the frontend."""
    manifest = json.loads((public / "build" / "assets-manifest.json").read_text(encoding="utf-8"))["entrypoints"]
    scripts, styles = manifest["app"]["assets"]["js"], manifest["app"]["assets"].get("css", [])
    themes = {name: manifest[name]["assets"]["css"][0] for name in ("dark", "light")}
    data = {
        "user": _user(theme, timezone),
        "settings": settings(public, prometheus),
        "navTree": [{"id": "home", "text": "Home", "icon": "home-alt", "url": "/"}],
        "assets": themes
        | {"jsFiles": [{"filePath": one} for one in scripts], "cssFiles": [{"filePath": one} for one in styles]},
    }
    written = json.dumps(data).replace("</", "<\\/")
    links = "".join(f'<link rel="stylesheet" href="{one}"/>' for one in (*styles, themes[theme]))
    return (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"/><base href="/"/>{links}</head>'
        f'<body class="theme-{theme} app-grafana"><div class="preloader"></div><div id="reactRoot"></div>'
        f"<script>window.grafanaBootData={written};window.__grafana_boot_data_promise=Promise.resolve();"
        "window.__grafana_load_failed=()=>{document.title='FAILED'};</script>"
        + "".join(f'<script src="{one}" defer></script>' for one in scripts)
        + "</body></html>"
    )


def _user(theme: str, timezone: str) -> Json:
    return {
        "isSignedIn": True,
        "id": 1,
        "uid": "viewer",
        "login": "viewer",
        "name": "viewer",
        "email": "viewer@localhost",
        "orgCount": 1,
        "orgId": 1,
        "orgName": "Main Org.",
        "orgRole": "Viewer",
        "isGrafanaAdmin": False,
        "theme": theme,
        "lightTheme": theme == "light",
        "timezone": timezone,
        "weekStart": "",
        "helpFlags1": 0,
        "locale": "id-ID",
        "regionalFormat": "id-ID",
        "language": "en-US",
        "gravatarUrl": "",
        "authenticatedBy": "",
        "permissions": {"dashboards:read": True, "datasources:query": True, "folders:read": True},
        "analytics": {"identifier": ""},
    }


def settings(public: Path, prometheus: PrometheusServer) -> Json:
    """The answer of `/api/frontend/settings`: what the frontend asks for, everything that calls out switched off."""
    panels, sources = (_plugins(public, kind) for kind in ("panel", "datasource"))
    return {
        "defaultDatasource": NAME,
        "datasources": _datasources(sources, prometheus),
        "panels": {id_: {**meta, "hideFromList": False, "sort": 1} for id_, meta in panels.items()},
        "buildInfo": {"version": "12.0.0", "versionString": "Grafana", "env": "production", "edition": "Open Source"}
        | {"commit": "", "buildstamp": 0, "latestVersion": "", "hasUpdate": False, "hideVersion": True},
        "licenseInfo": {"enabledFeatures": {}, "edition": "Open Source", "expiry": 0, "stateInfo": "", "slug": ""},
        "featureToggles": dict.fromkeys(_SWITCHED_ON, True),
        "geomapDefaultBaseLayerConfig": {"type": "xyz", "config": {"url": "/public/img/none.png", "attribution": ""}},
        "unifiedAlerting": {"minInterval": "10s", "alertStateHistoryBackend": "", "recordingRulesEnabled": False},
        "unifiedAlertingEnabled": True,
        "dateFormats": {
            "fullDate": "YYYY-MM-DD HH:mm:ss",
            "useBrowserLocale": False,
            "defaultTimezone": "browser",
            "defaultWeekStart": "browser",
            "interval": {
                "millisecond": "HH:mm:ss.SSS",
                "second": "HH:mm:ss",
                "minute": "HH:mm",
                "hour": "MM/DD HH:mm",
                "day": "MM/DD",
                "month": "YYYY-MM",
                "year": "YYYY",
            },
        },
        **dict.fromkeys(
            ("grafanaJavascriptAgent", "sentry", "caching", "recordedQueries", "reporting", "analytics"), _OFF
        ),
        "auth": {},
        "oauth": {},
        "apps": {},
        "azure": {},
        "reportingStaticContext": {},
        "namespace": "default",
        "appUrl": "/",
        "appSubUrl": "",
        "minRefreshInterval": "5s",
        "rudderstackWriteKey": "",
        "panelSeriesLimit": 0,
        "pluginsToPreload": [],
        "dashboardPerformanceMetrics": [],
        "disableFrontendSandboxForPlugins": [],
        "regionalFormat": "id-ID",
        "liveEnabled": False,
        "exploreEnabled": False,
        "publicDashboardsEnabled": False,
        "listDashboardScopesEndpoint": "",
        "listScopesEndpoint": "",
        "sharedWithMeFolderUID": "",
        "rootFolderUID": "",
    }


def _datasources(plugins: Json, prometheus: PrometheusServer) -> Json:
    own = {
        "id": 1,
        "uid": UID,
        "type": "prometheus",
        "name": NAME,
        "access": "proxy",
        "isDefault": True,
        "meta": plugins["prometheus"],
        "module": plugins["prometheus"]["module"],
        "readOnly": True,
        "preload": False,
        "url": "/api/datasources/proxy/1",
        "jsonData": {"httpMethod": "POST", "timeInterval": "15s"},
    }
    own["jsonData"] = {**own["jsonData"], "directUrl": prometheus.url}
    built_in = {
        meta["name"]: {"type": "datasource", "name": meta["name"], "meta": meta, "jsonData": {}, "isDefault": False}
        | ({"id": -1, "uid": "grafana"} if meta["id"] == "grafana" else {})
        for meta in plugins.values()
        if meta.get("builtIn")
    }
    return {NAME: own, **built_in}


def _plugins(public: Path, kind: str) -> Json:
    found = {}
    for path in sorted((public / "app" / "plugins" / kind).glob("*/plugin.json")):
        meta = json.loads(path.read_text(encoding="utf-8"))
        folder = path.parent.name
        meta["info"] = {"logos": {"small": "", "large": ""}, "author": {}, "links": [], **meta.get("info", {})}
        meta |= {"module": f"core:plugin/{folder}", "baseUrl": f"public/app/plugins/{kind}/{folder}"}
        meta |= {"signature": "internal", "loadingStrategy": "script", "aliasIDs": [], "state": meta.get("state", "")}
        meta |= {"angular": {"detected": False, "hideDeprecation": False}}
        found[meta["id"]] = meta
    return found
