"""The style as a whole: its panels, the variables that are chosen by, and the frame of a dashboard."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import extra
from dashboards import queries as q
from dashboards.extra import core
from dashboards.style.figures import FigurePanels
from dashboards.style.links import TAG, keep_choices
from dashboards.style.maps import MapPanels
from dashboards.style.marks import Marks
from dashboards.style.over_time import TimePanels
from dashboards.style.queries import SOURCE


class Style(FigurePanels, TimePanels, MapPanels, Marks):
    """The style in one language for one city: panels, variables and dashboards are made by its methods."""

    def navigation(self) -> core.DashboardLink:
        """The menu of all our dashboards, at the top of each."""
        return core.DashboardLink(
            asDropdown=True,
            icon="dashboard",
            includeVars=True,
            keepTime=True,
            tags=[TAG],
            title=self.text("Pantau"),
            tooltip=self.text("All dashboards of Pantau"),
            type="dashboards",
        )

    def alert_links(self) -> list[core.DataLink]:
        """From an alert's name to its runbook, where that is known, and to a silence for it alone."""
        found = []
        if self.place.runbooks:
            found.append(
                core.DataLink(self.text("Runbook"), f"{self.place.runbooks}${{__value.raw}}.md", isNewTab=True)
            )
        if self.place.alertmanager:
            alert = "alertname=%22${__value.raw}%22,{matcher}"
            silence = f"{self.place.alertmanager}/#/silences/new?filter=%7B{alert}%7D"
            found.append(core.DataLink(self.text("Acknowledge it (silence)"), silence, isNewTab=True))
        return found

    def choose_kecamatan(self, *, every: bool) -> extra.Variable:
        """Which kecamatan, by name; `every` offers all of them together."""
        return self._choose("kecamatan", self.text("Kecamatan"), self.place.kecamatan, every)

    def choose_isp(self, *, every: bool) -> extra.Variable:
        """Which ISP, by name; `every` offers all of them together."""
        return self._choose("isp", self.text("ISP"), self.place.isps, every)

    def _choose(self, name: str, label: str, of: Mapping[str, str], every: bool) -> extra.Variable:
        """One, several or all; `every`: all are chosen at first.

        Rows about all lead here with `q.EVERY`. Of a city without an inventory yet Prometheus is asked for the names.
        """
        if not of:
            return extra.Variable(
                name=name,
                label=label,
                source=SOURCE,
                query=f"query_result(max by ({name}, name) ({name}_info))",
                regex=f'/{name}="(?<value>[^"]+)".*name="(?<text>[^"]+)"/',
                multi=True,
                all_value=q.ANY,
                current={"text": [self.text("All")], "value": [extra.ALL]},
            )
        first, first_name = next(iter(of.items()))
        text, value = (self.text("All"), extra.ALL) if every else (first_name, first)
        return extra.Variable(
            name=name,
            label=label,
            query=",".join(f"{shown.replace(',', ' ').replace(':', ' ')} : {id_}" for id_, shown in of.items()),
            type="custom",
            multi=True,
            all_value=q.ANY,
            current={"text": [text], "value": [value]},
        )

    def choose_hotspot(self) -> extra.Variable:
        """Which hotspot of those chosen, by its name."""
        return extra.Variable(
            name="hotspot",
            label=self.text("Hotspot"),
            source=SOURCE,
            query=f"query_result({q.HOTSPOTS_TO_CHOOSE})",
            regex='/hotspot="(?<value>[^"]+)".*label="(?<text>[^"]+)"/',
        )

    def dashboard(
        self,
        uid: str,
        title: str,
        description: str,
        panels: Sequence[core.Panel],
        *,
        variables: Sequence[extra.Variable] = (),
        start: str = "now-24h",
        refresh: str = "1m",
        own_time: bool = False,
    ) -> extra.Dashboard:
        """A dashboard with the data source as its first variable and the menu of the others.

        With `own_time` what it says is always of the time from `start` on, whatever range the menu brings along: "month
        to date" over 24 hours would be a false budget.
        """
        source = extra.Variable(
            name="datasource",
            label=self.text("Data source"),
            query="prometheus",
            type="datasource",
            hide=2,
            current={"text": "Prometheus", "value": "prometheus"},
        )
        for panel in panels if own_time else ():
            if any(not query.instant or "$__range" in query.expr for query in panel.targets):
                if panel.timeFrom is not None:
                    continue
                panel.timeFrom = start
                # Beside the title of a small panel Grafana's own words for the time would leave nothing of it.
                panel.hideTimeOverride = isinstance(panel, extra.Stat)
        keep_choices([variable.name for variable in variables], panels)
        drawn: dict[str, Any] = {
            "uid": uid,
            "title": title,
            "description": description,
            "tags": [TAG],
            "panels": list(panels),
            "templating": core.Templating(list=[source, *variables]),
            "annotations": self.marks(),
            "links": [self.navigation()],
            "time": core.Time(start, "now"),
            "refresh": refresh,
            "timezone": self.place.timezone,
            "editable": False,
            "graphTooltip": 1,
        }
        return extra.Dashboard(**drawn)
