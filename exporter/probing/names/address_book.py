"""Where every target is probed: written once for numbers, followed for names while everything else runs.

Rows are targets; a name's addresses are a `Name`, which of them a row is probed at an `Aim`. No I/O: look-ups are made
by `Lookups`, which tells the book what they brought. An address where nobody can be probed is none, wherever it comes
from, and says so once.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import structlog

from exporter.probing.addresses import Family, ProbedAddress, address_words
from exporter.probing.names.aim import SLOTS, Aim
from exporter.probing.names.name import Name
from exporter.probing.names.reach import ANYWHERE, Reach
from exporter.probing.names.resolver import Answer, Found
from exporter.probing.names.written import WrittenAddresses
from exporter.probing.outcome import CONCLUSIVE, Bool, Int32, Int64, Observations, Outcome, Uint64
from pantau.clock import Clock
from pantau.inventory.addresses import IpAddress

_SLOT_SHIFT = 60
"""A round's number travels with its probes through the engine, which only hands it back: above it, the slot. Numbers
count up from 1, or are monotonic nanoseconds, which reach this after 36 years."""
_NUMBER = (1 << _SLOT_SHIFT) - 1
assert SLOTS <= 1 << 63 - _SLOT_SHIFT  # noqa: S101 - a slot must fit beside the sign

log = structlog.get_logger(__name__)


def numbers_of(carried: Int64) -> Int64:
    """The rounds' own numbers, of what `AddressBook.aim` gave to the engine."""
    return carried & np.int64(_NUMBER)


class AddressBook:
    """Addresses of n targets, given as text, None for a target that has none.

    `previous` hands over what it knew of the same names; the families that may be used are those of `reach`. For
    `packets` and `attempts` see `Aim`. With `every_family` all are asked for, whatever the first one brings.
    """

    def __init__(
        self,
        addresses: Sequence[str | None] | WrittenAddresses,
        clock: Clock,
        previous: "AddressBook | None" = None,
        reach: Reach = ANYWHERE,
        packets: int = 1,
        attempts: int = 0,
        every_family: bool = False,
    ) -> None:
        self._clock, self._reach, self._families = clock, reach, tuple(reach.families)
        self._every_family = every_family
        written = addresses if isinstance(addresses, WrittenAddresses) else WrittenAddresses.of(addresses)
        self._written, count = written, len(written.texts)
        self.words: Uint64 = np.zeros((count, 2), np.uint64)
        """n x 2 address words; zero where not known."""
        self.known: Bool = np.zeros(count, np.bool_)
        self.tried: Bool = np.ones(count, np.bool_)
        """Whether it is settled if there is an address: false for a name until its first look-up has ended."""
        self._named: Bool = np.zeros(count, np.bool_)
        self._names: dict[str, Name] = {}
        self._aims: dict[int, Aim] = {}
        self._refused: dict[int, str] = {}
        """Of numbers that the machine objects to: why."""
        self._take_names(previous, packets, attempts)
        self.look()

    def look(self) -> None:
        """Write every row's address anew, as the machine is now: one that it objects to is none."""
        self._refuse()
        numbered = self._written.numbered
        self.words[numbered], self.known[numbered] = self._written.words, True
        refused = list(self._refused)
        self.words[refused], self.known[refused] = 0, False
        for name in self._names:
            self._adopt(name)

    def are_numbers(self, targets: Int32) -> bool:
        """Whether all of these targets are known numbers, where nothing is to be chosen."""
        return bool((self.known[targets] & ~self._named[targets]).all())

    def aim(self, targets: Int32, numbers: Int64) -> tuple[Bool, Int64, Uint64]:
        """Where the next probes of these targets and rounds go.

        Returns which have an address, and of all of them the round's number to give to the engine, and the address.
        """
        known, words = self.known[targets], self.words[targets]
        named = self._named[targets]
        if not named.any():
            return known, numbers, words
        carried = numbers.copy()
        for place in np.flatnonzero(named).tolist():
            aim = self._aims[int(targets[place])]
            address = aim.choose(int(numbers[place]), self._reach.has_route)
            known[place] = address is not None
            if address is not None:
                words[place] = address_words(address)
                carried[place] |= aim.slot_of(address) << _SLOT_SHIFT
        return known, carried, words

    def hear(self, results: Observations, base: int = 0) -> Observations:
        """Learn from probes that have ended; returns them with the rounds' own numbers.

        Row i is the target `base` + i; results of others pass through.
        """
        if not self._aims or not len(results):
            return results
        rows = results.target - np.int32(base)
        inside = (rows >= 0) & (rows < len(self._named))
        mine = np.flatnonzero(inside)[self._named[rows[inside]]]
        if not len(mine):
            return results
        carried = results.round[mine]
        numbers = results.round.copy()
        numbers[mine] = numbers_of(carried)
        # Replies first: what else its round lost before or meanwhile is then no silence.
        order = np.argsort(results.outcome[mine] != Outcome.REPLY, kind="stable")
        for place in order.tolist():
            row, outcome = int(rows[mine[place]]), int(results.outcome[mine[place]])
            self._learn(row, outcome, int(carried[place]) >> _SLOT_SHIFT, int(carried[place]) & _NUMBER)
        return Observations(results.target, numbers, results.outcome, results.sent_ns, results.rtt_ns)

    def address_of(self, row: int) -> ProbedAddress:
        """Where a row is probed now."""
        text, aim = self._written.texts[row], self._aims.get(row)
        if text is None:
            return ProbedAddress(None)
        if aim is None:
            address = self._written.numbers[row]
            reason = self._refused.get(row)
            return ProbedAddress(None, (), f"{address} is {reason}") if reason else ProbedAddress(str(address))
        name = self._names[text]
        others = tuple(str(address) for address in name.addresses if address != aim.in_use)
        return ProbedAddress(None if aim.in_use is None else str(aim.in_use), others, name.problem)

    def due(self) -> Iterator[tuple[str, bool]]:
        """The names that are to be looked up now, and whether each look-up is probably quick."""
        now_ns = self._clock.monotonic_ns()
        return ((text, name.proven) for text, name in self._names.items() if name.due_ns <= now_ns)

    @property
    def has_names(self) -> bool:
        """Whether there is anything to look up at all."""
        return bool(self._names)

    def next_family(self, text: str, answers: Mapping[Family, Answer]) -> Family | None:
        """Which family is to be asked for next in a look-up that has brought `answers`; None when it is complete."""
        name = self._names.get(text)
        if name is None:
            return None  # a reload has taken it away
        aims = [self._aims[row] for row in self._written.rows_of[text]]
        preferred = self._families[0]
        wanted = any(aim.troubled or (aim.in_use and aim.in_use.version != preferred) for aim in aims)
        wanted |= any(isinstance(it, Found) and not any(map(self._can_reach, it.addresses)) for it in answers.values())
        return name.next_family(answers, all_wanted=wanted or self._every_family)

    def told(self, text: str, answers: Mapping[Family, Answer]) -> None:
        """A look-up has ended."""
        name = self._names.get(text)
        if name is None or not answers:
            return
        before = name.problem
        name.hear(answers, self._clock.monotonic_ns(), self._reach.objection)
        if name.problem is not None and before is None:
            log.warning("name cannot be resolved", name=text, reason=name.problem, known=len(name.addresses))
        self._adopt(text)

    def handed_over(self, text: str) -> tuple[Name, list[Aim]] | None:
        """What is known of a name, and the aims of its rows; None where it is not in the book."""
        name = self._names.get(text)
        return None if name is None else (name, [self._aims[row] for row in self._written.rows_of[text]])

    def _take_names(self, previous: "AddressBook | None", packets: int, attempts: int) -> None:
        for text, rows in self._written.rows_of.items():
            self._names[text], aims = (previous and previous.handed_over(text)) or (Name(self._families), [])
            for place, row in enumerate(rows):
                aim = aims[place] if place < len(aims) else Aim()
                aim.packets, aim.attempts = packets, attempts
                aim.forget_rounds()
                self._aims[row] = aim
                self._named[row] = True

    def _adopt(self, text: str) -> None:
        """Aim at what a name has now."""
        name = self._names[text]
        usable = [address for address in name.addresses if self._reach.objection(address) is None]
        for row in self._written.rows_of[text]:
            aim = self._aims[row]
            self.tried[row] = name.tried
            moved = aim.adopt(usable, self._reach.has_route, incomplete=name.incomplete)
            self._write(row, aim.in_use)
            if moved:
                log.info("name resolved", name=text, address=str(aim.in_use) if aim.in_use else None)

    def _learn(self, row: int, outcome: int, slot: int, number: int) -> None:
        aim, text = self._aims[row], self._written.texts[row]
        name = self._names[text or ""]
        if outcome == Outcome.REPLY:
            name.answered()
            if aim.answered(slot, number):
                log.info("another address of the name answers", name=text, address=str(aim.in_use))
                self._write(row, aim.in_use)
        elif outcome == Outcome.SEND:
            aim.unsent(slot)
            name.silent(self._clock.monotonic_ns())
        elif CONCLUSIVE[outcome] and aim.lost(slot, number):
            name.silent(self._clock.monotonic_ns())

    def _can_reach(self, address: IpAddress) -> bool:
        return self._reach.objection(address) is None and self._reach.has_route(address)

    def _refuse(self) -> None:
        """Ask to which numbers the machine objects, which is logged when it begins."""
        objection, before = self._reach.objection, self._refused
        asked = ((row, objection(address)) for row, address in self._written.numbers.items())
        self._refused = {row: reason for row, reason in asked if reason is not None}
        for row, reason in self._refused.items():
            if row not in before:
                log.warning("address is not probed", address=str(self._written.numbers[row]), reason=f"it is {reason}")

    def _write(self, row: int, address: IpAddress | None) -> None:
        self.known[row] = address is not None
        self.words[row] = (0, 0) if address is None else address_words(address)
