"""Panels that show figures of one moment: numbers, tables, bars."""

from collections.abc import Sequence
from typing import Any

from dashboards import extra
from dashboards.extra import core
from dashboards.states import ground
from dashboards.style.basics import PanelBasics
from dashboards.style.columns import PanelColumn
from dashboards.style.thresholds import PLAIN


class FigurePanels(PanelBasics):
    """Makes them."""

    def number(
        self,
        id_: int,
        where: core.GridPos,
        title: str,
        description: str,
        queries: Sequence[extra.Query],
        *,
        unit: str = "none",
        decimals: int | None = None,
        steps: Sequence[extra.ThresholdStep] = PLAIN,
        mappings: Sequence[Any] = (),
        overrides: Sequence[extra.Override] = (),
        links: Sequence[core.DataLink] = (),
        no_value: str | None = None,
        **more: Any,
    ) -> extra.Stat:
        """One figure, or a few beside each other, large enough for the wall."""
        if more.get("color_mode") == "background":
            mappings = extra.grounded(mappings, ground)
        look = self.fields(unit, no_value, decimals=decimals, steps=steps, mappings=mappings, links=links)
        return extra.Stat(
            **self.frame(id_, where, title, description, queries), field=look, overrides=overrides, **more
        )

    def table(
        self,
        id_: int,
        where: core.GridPos,
        title: str,
        description: str,
        queries: Sequence[extra.Query],
        columns: Sequence[PanelColumn],
        *,
        sort: Sequence[tuple[str, bool]] = (),
        no_value: str | None = None,
        before: Sequence[extra.Transformation] = (),
        time_from: str | None = None,
        filterable: bool = False,
        as_file: str | None = None,
        numbers: Sequence[str] = (),
        unit: str = "none",
    ) -> extra.Table:
        """Rows of the instant answers, joined on the labels that they share; only `columns` show, in their order.

        `as_file` is the dashboard's uid where a click is to offer the rows as CSV: the file is the answer of the one
        query, with the headings and words of the table. `numbers` are the labels that are numbers.
        Each of several queries must be aggregated `by` its labels: a bare metric's `__name__` would let nothing join.
        """
        steps = [*before]
        if numbers:
            kinds = [{"targetField": name, "destinationType": "number"} for name in numbers]
            steps.append(extra.Transformation("convertFieldType", {"conversions": kinds, "fields": {}}))
        if len(queries) > 1:
            steps.append(extra.Transformation("merge", {}))
        steps.append(extra.Transformation("filterFieldsByName", {"include": {"names": [c.field for c in columns]}}))
        order = {column.field: index for index, column in enumerate(columns)}
        titles = {} if as_file else {column.field: column.title for column in columns}
        steps.append(
            extra.Transformation("organize", {"excludeByName": {}, "indexByName": order, "renameByName": titles})
        )
        return extra.Table(
            **self.frame(
                id_,
                where,
                title,
                description,
                queries,
                transformations=steps,
                timeFrom=time_from,
                links=[self.file_link(as_file, id_)] if as_file else [],
            ),
            field=self.fields(
                unit, no_value, custom={"align": "auto", "filterable": filterable, "inspect": False, "minWidth": 60}
            ),
            overrides=[
                column.override(order, self.text("Open the dashboard"), renamed=not as_file) for column in columns
            ],
            sort=sort,
        )

    def bars(
        self,
        id_: int,
        where: core.GridPos,
        title: str,
        description: str,
        queries: Sequence[extra.Query],
        *,
        unit: str,
        decimals: int | None = None,
        steps: Sequence[extra.ThresholdStep] = PLAIN,
        highest: float | None = None,
        mappings: Sequence[Any] = (),
        overrides: Sequence[extra.Override] = (),
        links: Sequence[core.DataLink] = (),
    ) -> extra.BarGauge:
        """A bar for each name, with its figure."""
        look = self.fields(unit, decimals=decimals, steps=steps, min=0, max=highest, mappings=mappings, links=links)
        return extra.BarGauge(**self.frame(id_, where, title, description, queries), field=look, overrides=overrides)
