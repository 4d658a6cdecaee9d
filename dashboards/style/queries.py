"""How a panel asks: the data source, what is so now, and how it went."""

from typing import Any

from dashboards import extra

SOURCE = extra.DataSource("prometheus", "${datasource}")


def ask(expression: str, ref: str = "A", legend: str | None = None, *, table: bool = False) -> extra.Query:
    """What is so now; `table` for labels as columns."""
    return extra.Query(expr=expression, ref_id=ref, source=SOURCE, legend=legend, instant=True, table=table)


def ask_rows(*expressions: str) -> list[extra.Query]:
    """What is so now, with labels as columns: the answers `A`, `B` and so on of one table."""
    return [ask(expression, ref, table=True) for ref, expression in zip("ABCDEFGHI", expressions, strict=False)]


def follow(expression: str, ref: str = "A", legend: str | None = None, **more: Any) -> extra.Query:
    """How it went over the time range."""
    return extra.Query(expr=expression, ref_id=ref, source=SOURCE, legend=legend, **more)
