"""The marks over every graph: what explains a bend in a line without a look elsewhere."""

from dashboards import extra, states
from dashboards import queries as q
from dashboards.extra import core
from dashboards.style.basics import PanelBasics
from dashboards.style.queries import SOURCE


class Marks(PanelBasics):
    """Makes them."""

    def marks(self) -> core.Annotations:
        """Each can be switched off above the dashboard."""
        _ = self.text
        rows = (
            (_("Wide faults"), q.OUTAGES, states.BAD, "{{alertname}}", "{{isp}} {{kecamatan}}"),
            (_("Maintenance"), q.MAINTENANCE, states.ACCENT, "{{window}}", ""),
            (_("We did not see"), q.BLIND_SPELLS, states.MUTED, _("We did not see"), ""),
            (_("New configuration"), q.RELOADS, states.OTHER, _("New configuration"), ""),
            (_("New release"), q.RELEASES, states.GOOD, "{{version}}", ""),
        )
        return core.Annotations(
            list=[
                extra.Annotation(name=name, expr=expr, source=SOURCE, color=color, title=title, text=text)
                for name, expr, color, title, text in rows
            ]
        )
