"""Probes wait while a reload is applied: what each row adds to that is little."""

import gc
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from exporter import monitor
from exporter.kinds import plan_of
from exporter.monitor import Monitor, PreparedReload
from exporter.planning.plan import Plan
from exporter.probing.icmp.flights import FlightTable
from exporter.probing.names.written import WrittenAddresses
from exporter.reloading import Loader
from exporter.rollback import _Memory
from exporter.scheduling import slots
from exporter.scheduling.slots import phases_ns
from exporter.verdicts.events import Event
from exporter.verdicts.kind import JudgedKind, judged_kinds
from pantau.inventory import Configuration, load
from pantau.inventory.addresses import parse_ip
from tests.exporter.test_new_kind import City
from tests.sources import ROOT


def test_the_texts_and_numbers_of_rows_are_not_walked_through() -> None:
    """They cannot change; the containers that hold them are put back as they were all the same."""
    texts, rows = [f"h{row}" for row in range(1000)], {f"h{row}": row for row in range(1000)}
    assert [list(_Memory()._keep(held)) for held in (texts, rows, tuple(texts))] == [[], [], []]
    memory = _Memory()
    memory.remember((texts, rows))
    texts.clear()
    rows["new"] = 1
    memory.restore()
    assert len(texts) == len(rows) == 1000


def test_an_address_that_was_read_once_is_known() -> None:
    """The loading thread has read it before the loop asks."""
    first = parse_ip("10.77.0.1")
    assert parse_ip("10.77.0." + str(1)) is first


def test_a_load_makes_no_cycles() -> None:
    """What is loaded and not used is gone without a look at all objects; nor does a plan hold itself."""
    settings = ROOT / "examples" / "bitung" / "pantau.yml"
    load(settings)  # what is made once, is
    gc.collect()
    gc.disable()
    try:
        configuration = load(settings)
        plan_of(configuration, configuration.digest)
        del configuration
        assert gc.collect() == 0
    finally:
        gc.enable()


async def test_no_cycles_are_looked_for_during_a_reload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look stops all threads, those that probe too; afterwards they are looked for as before, whatever came."""
    city, looked_for, real = City(tmp_path), list[bool](), Loader.load

    async def noted(self: Loader) -> Configuration:
        looked_for.append(gc.isenabled())
        if len(looked_for) > 1:
            raise OSError("gone")
        return await real(self)

    monkeypatch.setattr(Loader, "load", noted)
    for problems in (0, 1):
        assert len(await city.exporter.reload()) == problems
        assert gc.isenabled()
    assert looked_for == [False, False]


async def test_what_needs_nothing_of_the_present_is_made_in_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan, what becomes of its rows, and the judges of its kinds: what is left for the loop is to swap them."""
    city, made_in, real = City(tmp_path), list[threading.Thread](), judged_kinds

    def noted(plan: Plan) -> dict[str, JudgedKind]:
        made_in.append(threading.current_thread())
        return real(plan)

    monkeypatch.setattr(monitor, "judged_kinds", noted)
    city.write({"another": "another"})
    assert await city.exporter.reload() == []
    assert city.monitor.plan.ids == ("another",)
    assert len(made_in) == 1
    assert made_in[0] is not threading.main_thread()


async def test_addresses_are_read_and_slots_laid_out_in_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop does that for the few canaries alone."""
    city = City(tmp_path)
    on_loop: list[int] = []

    def noted(real: Callable[..., object]) -> Callable[..., object]:
        def make(texts: Sequence[str | None], *more: object) -> object:
            if threading.current_thread() is threading.main_thread():
                on_loop.append(len(texts))
            return real(texts, *more)

        return make

    monkeypatch.setattr(WrittenAddresses, "of", noted(WrittenAddresses.of))
    monkeypatch.setattr(slots, "phases_ns", noted(phases_ns))
    city.write({f"h{row}": f"Titik {row}" for row in range(300)})
    assert await city.exporter.reload() == []
    assert len(city.monitor.plan.ids) == 300
    assert len(on_loop) == 2
    assert max(on_loop) <= 3


async def test_what_was_loaded_is_looked_through_before_the_loop_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the first look for cycles after the reload goes through all of it, while the probes that waited leave."""
    city, young, real = City(tmp_path), list[int](), Monitor.reload

    def noted(self: Monitor, after: Plan | PreparedReload) -> list[Event]:
        young.append(len(gc.get_objects(generation=0)))
        return real(self, after)

    monkeypatch.setattr(Monitor, "reload", noted)
    city.write({f"h{row}": f"Titik {row}" for row in range(2000)})
    assert await city.exporter.reload() == []
    assert len(young) == 1
    assert young[0] < 1000


def test_a_reload_writes_into_no_other_array_of_the_probes_in_flight() -> None:
    """Those that are put back if it fails are all that it changes."""
    table = FlightTable(16)
    table.admit(np.arange(4, dtype=np.int32), np.ones(4, np.int64), np.ones((4, 2), np.uint64), 9, 0)
    before = {name: value.copy() for name, value in vars(table).items() if isinstance(value, np.ndarray)}
    memory = _Memory()
    memory.remember(table)
    table.retarget(np.array([-1, 0, 1, 2], np.int32))
    changed = {name for name, value in before.items() if (getattr(table, name) != value).any()}
    assert changed == set(FlightTable.CHANGED_BY_RELOAD)
    memory.restore()
    assert all((getattr(table, name) == value).all() for name, value in before.items())
