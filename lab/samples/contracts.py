"""One point under one contract whose terms a test writes as `contracts.yml` does, and the statement of its month."""

from collections.abc import Sequence
from typing import Any

from lab.samples.accounting import APRIL, FEE, WITA
from lab.samples.evidence import Recorded
from pantau.inventory import Assignment, Contract, Hotspot, Inventory, Isp, Kecamatan, MaintenanceWindow
from pantau.reports.accounting import Month
from pantau.reports.statement import Evidence, Statement, make_statement, survey

TERMS: dict[str, object] = {"method": "R2", "sla_ratio": "0.98"}


def inventory_of(windows: Sequence[MaintenanceWindow] = (), **terms: Any) -> Inventory:
    """Point P-1 of contract k, all of 2024 unless `terms` say otherwise."""
    base: dict[str, object] = {"id": "k", "kecamatan": "maesa", "isp": "telkom"}
    base |= {"start": "2024-01-01", "end": "2025-01-01", **TERMS}
    point = {"id": "P-1", "name": "Titik 1", "address": "10.77.0.1", "kecamatan": "maesa", "isp": "telkom"}
    row = {"hotspot": "P-1", "contract": "k", "start": "2024-01-01", "monthly_fee": str(FEE)}
    return Inventory(
        isps=(Isp(id="telkom", name="Telkom"),),
        kecamatan=(Kecamatan(id="maesa", name="Maesa"),),
        contracts=(Contract.model_validate({**base, **terms}),),
        hotspots=(Hotspot.model_validate(point),),
        assignments=(Assignment.model_validate(row),),
        maintenance=tuple(windows),
    )


def month_of(
    evidence: Evidence, month: Month = APRIL, windows: Sequence[MaintenanceWindow] = (), **terms: Any
) -> Statement:
    """The statement of its month."""
    return make_statement("k", survey(inventory_of(windows, **terms), evidence, month, WITA))


def window(start: str, end: str, name: str = "w") -> MaintenanceWindow:
    """Maintenance of P-1 that was announced on the first day of March; times as ``04-10 10:00``."""
    announced = {"scope": "hotspot", "target": "P-1", "reason": "Router", "approved_by": "Diskominfo"}
    times = {"start": f"2024-{start}", "end": f"2024-{end}", "filed_at": "2024-03-01 00:00"}
    return MaintenanceWindow.model_validate({"id": name, **announced, **times})


def recorded(*stretches: object) -> Recorded:
    """Evidence about P-1."""
    return Recorded({"P-1": list(stretches)})  # type: ignore[arg-type]
