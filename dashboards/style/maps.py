"""The map of the hotspots."""

from grafanalib import core

from dashboards import extra, states
from dashboards import queries as q
from dashboards.style.basics import PanelBasics
from dashboards.style.queries import ask


class MapPanels(PanelBasics):
    """Makes it."""

    def map(self, id_: int, where: core.GridPos, selector: str = "") -> extra.Geomap:
        """A dot for each hotspot: colour and shape tell its state; the dead lie above the living."""
        _ = self.text
        shown = tuple(reversed(states.SHOWN))
        layers = [
            extra.Markers(
                name=self.state_name(state),
                ref_id=state.label,
                color=state.colour,
                symbol=dot.symbol,
                size=dot.radius_pixels,
                opacity=dot.opacity,
            )
            for state, dot in ((state, states.dot(state)) for state in shown)
        ]
        queries = [ask(q.hotspots_in_state(s.value, selector), s.label, table=True) for s in shown]
        numbers = [{"targetField": name, "destinationType": "number"} for name in ("latitude", "longitude")]
        converted = extra.Transformation("convertFieldType", {"conversions": numbers, "fields": {}})
        place = self.place
        names = extra.Outlines(name="kecamatan", source=place.labels_url(), color="text", text_field="name")
        return extra.Geomap(
            **self.frame(
                id_,
                where,
                _("Map"),
                _("Each hotspot by state: {states}. Point at a dot for its name.").format(
                    states=", ".join(self.state_name(state) for state in states.SHOWN)
                ),
                queries,
                transformations=[converted],
            ),
            field=self.fields("short", mappings=[self.state_mapping()]),
            layers=[*layers, names],
            tiles=place.tiles,
            attribution=place.attribution,
        )
