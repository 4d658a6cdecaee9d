"""Several contracts side by side: by kecamatan, by ISP, and, of the city, where it stands on its way to 100 %.

A recap is made anew by each run over the same contracts; what binds are the editions that it names.
"""

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from pantau.reports.publishing.city_progress import city_progress_of
from pantau.reports.publishing.edition_store import EditionStore
from pantau.reports.publishing.issuing import ContractResult, Provenance
from pantau.reports.publishing.request import ReportRequest
from pantau.reports.statement import Survey, as_data
from pantau.reports.statement.rows import Ratio

_SECONDS = (
    "contract_seconds",
    "off_hours_seconds",
    "unobserved_seconds",
    "excluded_seconds",
    "charged_seconds",
    "assessed_seconds",
)
_RUPIAH = ("gross", "restitution", "held", "payable")


def put_recap(
    request: ReportRequest, found: Survey, provenance: Provenance, outcomes: Sequence[ContractResult]
) -> Path:
    """Write the recap of these contracts; returns its folder."""
    data = recap_of(request, found, provenance, outcomes)
    files = {"recap.json": (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()}
    if "xlsx" in request.formats:
        from pantau.reports.workbook.recap import recap_workbook

        files[f"rekap-{request.scope}-{request.month}.xlsx"] = recap_workbook(data, request.language)
    store = EditionStore(request.output / str(request.month) / f"_{request.scope}", kept="recap")
    with store.held():
        return store.replace(files)


def recap_of(
    request: ReportRequest, found: Survey, provenance: Provenance, outcomes: Sequence[ContractResult]
) -> dict[str, Any]:
    """The recap's data, as JSON holds them. Sums of money are `None` where one contract has none."""
    rows = [_row(one) for one in outcomes]
    data = {
        "month": str(request.month),
        "scope": request.scope,
        "timezone": found.zone.key,
        "currency": found.measuring.told.currency,
        "district": found.measuring.told.district,
        "currency_digits": found.measuring.told.currency_digits,
        "made_at": request.made_at,
        "software": provenance.software,
        "journal_entry": provenance.journal_entry,
        "journal_hash": provenance.journal_hash,
        "contracts": rows,
        "by_kecamatan": _grouped("kecamatan", rows),
        "by_isp": _grouped("isp", rows),
        "total": _sums(rows),
    }
    return data | ({"city": city_progress_of(found)} if request.scope == "kota" else {})


def _row(one: ContractResult) -> dict[str, Any]:
    edition, summary, payment = one.edition, as_data(one.summary), as_data(one.payment)
    return {
        "contract": one.contract,
        "kecamatan": one.kecamatan,
        "isp": one.isp,
        "report": edition.number if edition else None,
        "status": edition.status if edition else "refused",
        "data_sha256": edition.data_sha256 if edition else None,
        "note": one.note,
        "points": summary["points"],
        "lines": summary["lines"],
        "standings": summary["standings"],
        **{name: summary[name] for name in (*_SECONDS, "availability", "coverage")},
        **{name: payment[name] for name in (*_RUPIAH, "penalty")},
    }


def _grouped(name: str, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    groups = sorted({row[name] for row in rows})
    return [{name: group, **_sums([row for row in rows if row[name] == group])} for group in groups]


def _sums(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    def whole(name: str) -> int:
        return sum(row[name] for row in rows)

    seconds = {name: whole(name) for name in _SECONDS}
    owed = seconds["contract_seconds"] - seconds["off_hours_seconds"]
    return {
        "contracts": len(rows),
        "points": whole("points"),
        "standings": _standings(rows),
        **seconds,
        "availability": _rest(seconds["charged_seconds"], seconds["assessed_seconds"]),
        "coverage": _rest(seconds["unobserved_seconds"], owed),
        **{name: None if any(row[name] is None for row in rows) else whole(name) for name in _RUPIAH},
        "penalty": whole("penalty"),
    }


def _standings(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows:
        for name, count in row["standings"].items():
            sums[name] = sums.get(name, 0) + count
    return dict(sorted(sums.items()))


def _rest(part: int, whole: int) -> Any:
    return as_data(Ratio.of(1 - Fraction(part, whole))) if whole else None
