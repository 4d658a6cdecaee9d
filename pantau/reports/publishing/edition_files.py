"""The files of one edition, as names and bytes: nothing here touches the disk."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from pantau.reports.annexes import table_files
from pantau.reports.edition import (
    Comparison,
    Difference,
    Edition,
    EditionAnchor,
    EditionHead,
    WitnessDecision,
    WitnessRow,
)
from pantau.reports.statement import Statement, as_data
from pantau.reports.statement.facts import facts_file
from pantau.reports.statement.rows import Ratio

FORMATS = ("pdf", "xlsx", "json", "csv")


def data_file(statement: Statement) -> bytes:
    """The statement as JSON: what the report's SHA-256 is of. It knows no edition, no language and no clock."""
    return _json(as_data(statement))


def edition_file(edition: Edition) -> bytes:
    """The edition as JSON."""
    return _json(as_data(edition))


def edition_of(content: bytes) -> Edition:
    """An edition from its JSON."""
    data: dict[str, Any] = json.loads(content)
    compared = data["comparison"]
    comparison = compared and Comparison(
        server=compared["server"],
        asked_at=compared["asked_at"],
        tolerance=Ratio(**compared["tolerance"]),
        rows=tuple(
            WitnessRow(
                **{
                    **row,
                    "difference": row["difference"] and Ratio(**row["difference"]),
                    "decision": _decision(row.get("decision")),
                }
            )
            for row in compared["rows"]
        ),
        tolerance_seconds=compared.get("tolerance_seconds"),
    )
    found = tuple(Difference(**one) for one in data["differences"])
    not_asked = _decision(data.get("not_asked"))
    heads = tuple(EditionHead(**one) for one in data.get("heads", ()))
    anchor = data.get("anchor") and EditionAnchor(**data["anchor"])
    further = {"differences": found, "comparison": comparison, "heads": heads, "anchor": anchor, "not_asked": not_asked}
    return Edition(**{**data, **further})


def _decision(data: Mapping[str, Any] | None) -> WitnessDecision | None:
    return data and WitnessDecision(**{**data, "approved_by": tuple(data["approved_by"])})  # type: ignore[return-value]


def common_files(
    statement: Statement, data: bytes, edition: Edition, annexes: Mapping[str, bytes], formats: Collection[str]
) -> dict[str, bytes]:
    """What has no language: the data (see `data_file`), the facts that are signed, and, if asked for, the annexes."""
    facts = facts_file(json.loads(data))
    files = {"data.json": data, "facts.json": facts, "edition.json": edition_file(edition)}
    if "csv" in formats:
        further = {**table_files(statement), **annexes}
        files |= {f"annexes/{name}": content for name, content in further.items()}
    return files


def rendered_files(statement: Statement, edition: Edition, language: str, formats: Collection[str]) -> dict[str, bytes]:
    """What people read, in their language."""
    name = f"laporan-{statement.parties.contract}-{statement.month}"
    files = {}
    # Each renderer is loaded where it is used: who wants the data alone waits for neither.
    if "xlsx" in formats:
        from pantau.reports.workbook import workbook

        files[f"{name}.xlsx"] = workbook(statement, edition, language)
    if "pdf" in formats:
        from pantau.reports.pdf import pdf

        files[f"{name}.pdf"] = pdf(statement, edition, language)
    return files


def _json(data: Mapping[str, Any]) -> bytes:
    """One field a line, and one row of a table a line: it can be read, and two versions compared line by line."""
    return (
        "{\n" + ",\n".join(f"{json.dumps(name)}: {_value(value)}" for name, value in data.items()) + "\n}\n"
    ).encode()


def _value(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in value) + "\n]"
    return json.dumps(value, ensure_ascii=False)
