"""The families of the kinds of probes beside the pings, and of the checks of the service."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from exporter.metrics import families
from exporter.metrics.families import Family
from exporter.metrics.layout import Layout, render_family
from exporter.metrics.literals import escape
from exporter.verdicts.picture import CheckFigures, Snapshot


def render_checks(snapshot: Snapshot, texts: list[str], openmetrics: bool) -> Iterator[bytes]:
    """The families of the kinds of probes beside the pings; not even their heads where there are none."""
    services = [check for check in snapshot.checks if check.service]
    for family, checks, column in (
        (families.SERVICE_UP, services, _up_of),
        (families.CHECK_DURATION, snapshot.checks, _duration_of),
        (families.TLS_EXPIRY, [check for check in services if check.expiry_seconds is not None], _expiry_of),
    ):
        if checks:
            yield family.header(openmetrics).encode()
        for check in checks:
            yield from render_family(_check_layout(family, check, column(check)), snapshot, texts)


def _check_layout(family: Family, check: CheckFigures, values: NDArray[np.float64]) -> Layout:
    after = f',check="{escape(check.check)}"}} '
    return Layout(
        family,
        ((f"{family.name}{{", after),),
        lambda _, rows: (values[rows],),
        lambda _, rows: ~np.isnan(values[rows]),
    )


def _up_of(check: CheckFigures) -> NDArray[np.float64]:
    return np.where(check.up < 0, np.nan, check.up)


def _duration_of(check: CheckFigures) -> NDArray[np.float64]:
    return check.duration_seconds


def _expiry_of(check: CheckFigures) -> NDArray[np.float64]:
    return np.full(len(check.up), np.nan) if check.expiry_seconds is None else check.expiry_seconds
