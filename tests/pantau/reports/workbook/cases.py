"""Statements for workbooks: points with given minutes down, under a contract with any terms."""

from collections.abc import Sequence
from dataclasses import dataclass

from lab.samples.accounting import WITA, point
from lab.samples.evidence import Recorded
from pantau.inventory import Assignment, Contract, Hotspot, Inventory, Isp, Kecamatan
from pantau.reports import accounting
from pantau.reports.accounting import Month
from pantau.reports.causes import OutageDecision
from pantau.reports.edition import Comparison, Difference, Edition, WitnessRow
from pantau.reports.statement import Statement, make_statement, survey
from pantau.reports.statement.rows import Ratio


@dataclass(frozen=True)
class Case:
    """A point's month, in minutes."""

    down: int
    excluded: int = 0
    unseen: int = 0
    fee: int = 500_000
    sla: str | None = None
    accepted: str | None = None
    name: str = ""


def statement_of(
    month: Month,
    cases: Sequence[Case],
    days: Sequence[int] = (0,),
    decided: Sequence[OutageDecision] = (),
    **terms: object,
) -> Statement:
    """One contract over all of `month` unless `terms` say otherwise; down at the beginning of each of `days`.

    What is down to the month's last second answers in the next, unless it is down for longer: that is undecided.
    """
    base: dict[str, object] = {"id": "k", "kecamatan": "maesa", "isp": "telkom", "agreement_number": "PKS/1"}
    base |= {"start": "2023-01-01", "end": "2026-01-01", "method": "R3", "sla_ratio": "0.98"}
    given = {name: value for name, value in {**base, **terms}.items() if value is not None}
    points = [f"P-{number}" for number in range(1, len(cases) + 1)]
    inventory = Inventory(
        isps=(Isp(id="telkom", name="Telkom"),),
        kecamatan=(Kecamatan(id="maesa", name="Maesa"),),
        contracts=(Contract.model_validate(given),),
        hotspots=tuple(_hotspot(name, case) for name, case in zip(points, cases, strict=True)),
        assignments=tuple(_assignment(name, case) for name, case in zip(points, cases, strict=True)),
    )
    start, end = month.span(WITA)
    evidence = Recorded(
        {
            name: point(
                [(start + 86_400 * day, start + 86_400 * day + 60 * case.down) for day in days if case.down],
                over=(start, end + 2 * 86_400),
                unseen=[(end - 60 * case.unseen, end)] if case.unseen else [],
            )
            for name, case in zip(points, cases, strict=True)
        },
        excluded=[
            (
                name,
                accounting.ExclusionClaim(f"#{number}", (start, start + 60 * case.excluded), "kahar", "BA/1", "Camat"),
            )
            for number, (name, case) in enumerate(zip(points, cases, strict=True), start=1)
            if case.excluded
        ],
        decided=decided,
    )
    return make_statement("k", survey(inventory, evidence, month, WITA))


def _hotspot(name: str, case: Case) -> Hotspot:
    return Hotspot.model_validate(
        {
            "id": name,
            "name": case.name or f"Titik {name}",
            "address": f"10.77.1.{name[2:]}",
            "kecamatan": "maesa",
            "isp": "telkom",
            "kelurahan": "Bitung Tengah",
            "category": "rt_lingkungan",
        }
    )


def _assignment(name: str, case: Case) -> Assignment:
    row = {"hotspot": name, "contract": "k", "start": "2023-01-01", "monthly_fee": str(case.fee)}
    row |= {"sla_ratio": case.sla} if case.sla else {}
    row |= {"accepted": case.accepted} if case.accepted else {}
    return Assignment.model_validate(row)


EDITION = Edition(
    number="k/2024-04/2",
    status="draft",
    version=2,
    made_at=1_714_700_000,
    software="pantau 1",
    journal_entry=7,
    journal_hash="ab" * 32,
    data_sha256="cd" * 32,
    supersedes=1,
    differences=(Difference("points[P-1].charged_seconds", "0", "60"), Difference("trend[2024-03].points", None, "1")),
    comparison=Comparison(
        "http://localhost:9090",
        1_714_700_000,
        Ratio(1, 1000, "0.1000"),
        (
            WitnessRow("P-1", 60, 600, 61, 600, Ratio(1, 600, "0.1667"), agrees=False, reason='=HYPERLINK("x")'),
            WitnessRow("P-2", 0, 600, None, None, None, agrees=False, reason=""),
        ),
    ),
)
