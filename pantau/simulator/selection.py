"""Which hotspots an event means: the conditions of its `HotspotSelection`, looked up in the city's inventory."""

from collections.abc import Iterable, Sequence

import numpy as np

from exporter.probing.outcome import Bool, Int64, Uint64
from pantau.errors import Problem
from pantau.inventory.source import Step
from pantau.inventory.wording import did_you_mean, quote
from pantau.simulator.events import HotspotSelection
from pantau.simulator.hotspots import Hotspots, ward_name
from pantau.simulator.randomness import draw_at, word_of
from pantau.simulator.scenario import Scenario


class Selector:
    """Selects rows of `hotspots`; what it cannot find it keeps as a problem of the scenario's file."""

    def __init__(self, hotspots: Hotspots, scenario: Scenario, keys: Uint64) -> None:
        self._hotspots = hotspots
        self._scenario = scenario
        self._keys = keys
        self._row = {identifier: index for index, identifier in enumerate(hotspots.ids)}
        self.problems: list[Problem] = []
        self.dead: Bool = np.zeros(len(hotspots), np.bool_)
        """Hotspots that never answer: a random choice leaves them out, for an event would have no effect on them."""
        self._kill()

    def select(self, where: HotspotSelection, path: tuple[Step, ...], salt: str) -> Int64:
        """The rows that `where` means, ascending; `path` leads to it in the file, `salt` makes its chance its own."""
        before = len(self.problems)
        selected = np.ones(len(self._hotspots), np.bool_)
        hotspots = self._hotspots
        for name, column in (("isp", hotspots.isp), ("kecamatan", hotspots.kecamatan), ("access", hotspots.access)):
            wanted = getattr(where, name)
            if wanted is not None:
                selected &= self._having(column, wanted, (*path, name))
        if where.kelurahan is not None:
            ward = ward_name(hotspots.ward_names, where.kelurahan)
            selected &= self._having(hotspots.kelurahan, ward, (*path, "kelurahan"))
        if where.agent:
            selected &= self._with_agent((*path, "agent"))
        if where.uplink is not None:
            selected &= self._mask(self._carried_by(where.uplink, (*path, "uplink")))
        if where.hotspots:
            selected &= self._mask(self._rows(where.hotspots, (*path, "hotspots")))
        if len(self.problems) > before:
            return np.empty(0, np.int64)
        if where.random is not None:
            return self._choose(where.random, selected & ~self.dead, (*path, "random"), salt)
        if not selected.any():
            self._complain(path, "no active hotspot fulfils all these conditions; drop one of them")
        return np.flatnonzero(selected)

    def _kill(self) -> None:
        dead = self._scenario.dead
        if dead is None:
            return
        everyone = np.ones(len(self._hotspots), np.bool_)
        if dead.count is not None:
            rows = self._choose(dead.count, everyone, ("dead", "count"), "dead")
        else:
            rows = np.array(self._rows(dead.hotspots, ("dead", "hotspots")), np.int64)
        self.dead = self._mask(rows)

    def _mask(self, rows: Sequence[int] | Int64) -> Bool:
        mask = np.zeros(len(self._hotspots), np.bool_)
        mask[np.asarray(rows, np.int64)] = True
        return mask

    def _having(self, column: Sequence[str], wanted: str, path: tuple[Step, ...]) -> Bool:
        mask = np.array([value.casefold() == wanted.casefold() for value in column], np.bool_)
        if not mask.any():
            self._unknown("no active hotspot has", wanted, column, path)
        return mask

    def _with_agent(self, path: tuple[Step, ...]) -> Bool:
        mask = np.array(self._hotspots.agents or (False,) * len(self._hotspots), np.bool_)
        if not mask.any():
            self._complain(path, "no active hotspot has an agent; give the scenario agents:")
        return mask

    def _carried_by(self, uplink: str, path: tuple[Step, ...]) -> list[int]:
        rows = self._hotspots.carried_by(uplink)
        if not rows:
            known = {*self._hotspots.uplinks, *self._hotspots.upstream}
            self._unknown("no active hotspot hangs on", uplink, known, path)
        return rows

    def _rows(self, identifiers: Sequence[str], path: tuple[Step, ...]) -> list[int]:
        for index, identifier in enumerate(identifiers):
            if identifier not in self._row:
                self._unknown("no active hotspot is", identifier, self._row, (*path, index))
        return [self._row[identifier] for identifier in identifiers if identifier in self._row]

    def _choose(self, count: int, among: Bool, path: tuple[Step, ...], salt: str) -> Int64:
        """The `count` rows with the smallest numbers: adding a hotspot changes the choice by one at most."""
        rows = np.flatnonzero(among)
        if len(rows) < count:
            self._complain(path, f"{count} are wanted but only {len(rows)} are there; lower it")
            return rows
        order = np.argsort(draw_at(self._keys[rows], word_of(salt) >> 1), kind="stable")
        chosen: Int64 = np.sort(rows[order[:count]])
        return chosen

    def _unknown(self, saying: str, wanted: str, known: Iterable[str], path: tuple[Step, ...]) -> None:
        choices = sorted({choice for choice in known if choice})
        self._complain(path, f"{saying} {quote(wanted)}; {did_you_mean(wanted, choices)}")

    def _complain(self, path: tuple[Step, ...], message: str) -> None:
        self.problems.append(self._scenario.problem(path, message))
