"""The map of the hotspots."""

from dashboards import extra, states
from dashboards import queries as q
from dashboards.extra import core
from dashboards.style.basics import PanelBasics
from dashboards.style.links import dashboard_link
from dashboards.style.queries import ask
from dashboards.style.thresholds import SHARE_STEPS

SHARE_REF = "share"


class MapPanels(PanelBasics):
    """Makes it."""

    def map(self, id_: int, where: core.GridPos, selector: str = "") -> extra.Geomap:
        """A dot for each hotspot: colour and shape tell its state; the dead lie above the living.

        Each kecamatan has its outline, its name, and a disc in the colour of its share online, which leads to its page.
        """
        _ = self.text
        place = self.place
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
        discs = extra.Markers(
            name=_("Share online"),
            ref_id=SHARE_REF,
            color="text",
            symbol="circle",
            size=18,
            opacity=0.35,
            by_value=True,
        )
        queries = [ask(q.hotspots_in_state(s.value, selector), s.label, table=True) for s in shown]
        queries.append(ask(q.share_at(place.labels, selector), SHARE_REF, table=True))
        numbers = [{"targetField": name, "destinationType": "number"} for name in ("latitude", "longitude")]
        converted = extra.Transformation("convertFieldType", {"conversions": numbers, "fields": {}})
        outlines = extra.Outlines(name="kecamatan", source=place.outlines_url(), color="text", text_field="name")
        return extra.Geomap(
            **self.frame(
                id_,
                where,
                _("Map"),
                _(
                    "Each hotspot by state: {states}. The disc of a kecamatan is its share online; a click leads on."
                ).format(states=", ".join(self.state_name(state) for state in states.SHOWN)),
                queries,
                transformations=[converted],
            ),
            field=self.fields("none", mappings=[self.state_mapping()]),
            overrides=[self._disc()],
            layers=[outlines, discs, *layers],
            tiles=place.tiles,
            attribution=place.attribution,
        )

    def _disc(self) -> extra.Override:
        to_kecamatan = dashboard_link(
            self.text("Open the dashboard"), "pantau-kecamatan", {"kecamatan": "${__field.labels.kecamatan}"}
        )
        return extra.Override(
            SHARE_REF,
            {
                "unit": "percentunit",
                "decimals": 0,
                "mappings": [],
                "thresholds": {"mode": "absolute", "steps": list(SHARE_STEPS)},
                "links": [to_kecamatan],
            },
            "byFrameRefID",
        )
