"""A running exporter as the server sees it, made by hand."""

import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exporter.metrics.own import OwnMetrics
from exporter.verdicts.picture import Snapshot
from exporter.web.server import WebOptions, build_door, serve
from exporter.web.state import CanaryShown, Overview, WebState
from lab.measuring.reference_exposition import make_labels, make_snapshot
from pantau.inventory.listening import Listen
from pantau.states import State

RELOADABLE = WebOptions(lifecycle=True)
"""A server whose reload may be asked for."""


@asynccontextmanager
async def serving(
    state: WebState, host: str = "127.0.0.1", port: int = 0, options: WebOptions = RELOADABLE
) -> AsyncIterator[tuple[str, int]]:
    """The server over `state`; where it listens."""
    async with serve(build_door(state, options), [Listen(host, port)]) as bound:
        yield bound


class FakeState:
    """A `WebState` of so many hotspots whose answers a test sets."""

    def __init__(self, hotspots: int = 3) -> None:
        self.own = OwnMetrics(version="1.2.3")
        self.own.canaries = {("gateway", ""): True}
        self.labels = make_labels(hotspots)
        self.is_ready = True
        self.problems: list[str] = []
        self.reloads = 0
        self.snapshots: list[weakref.ref[NDArray[np.int8]]] = []
        """One for each snapshot ever given out: dead once that snapshot is gone."""

    def snapshot(self) -> Snapshot:
        """A fresh one, that nobody here keeps."""
        snapshot = make_snapshot(self.labels)
        self.snapshots.append(weakref.ref(snapshot.up))
        return snapshot

    def ready(self) -> bool:
        """As set."""
        return self.is_ready

    async def reload(self) -> list[str]:
        """As set, and counted."""
        self.reloads += 1
        return self.problems

    def overview(self) -> Overview:
        """A quiet city."""
        return make_overview()

    def hotspot(self, identifier: str) -> dict[str, object] | None:
        """Only one is known."""
        return {"hotspot": "BTG-00001", "state": "up", "name": "Kafé"} if identifier == "BTG-00001" else None

    async def discovery(self, job: str) -> bytes | None:
        """Only one is known."""
        return b'[{"targets": ["10.77.0.1"], "labels": {"hotspot": "BTG-00001"}}]' if job == "snmp" else None


def make_overview(**changes: Any) -> Overview:
    """An overview in which all is well, but for the changes: fields of `Overview`, which takes no other."""
    well = Overview(
        version="1.2.3",
        vantage="noc-bitung",
        vantage_up=True,
        canaries=(CanaryShown("gateway", True),),
        engine="batch",
        socket="datagram",
        counts={State.UP: 942, State.DEGRADED: 21, State.DOWN: 34, State.UNKNOWN: 3},
        now_seconds=1_700_000_000.0,
        started_seconds=1_699_990_000.0,
        timezone=UTC,
        reload_successful=True,
        reload_seconds=1_699_995_000.0,
    )
    return replace(well, **changes)
