"""All or nothing for a change of many objects: what fails half-way is undone, and nobody has seen it.

A reload rearranges counters, schedules, flights and states, each in its own object. Were it to stop in the middle,
rows of one would be other hotspots than the same rows of the next, and figures would belong to the wrong point.

A class whose arrays are large names those that a reload writes into, in ``CHANGED_BY_RELOAD``: no other is copied.
"""

import dataclasses
from collections import deque
from collections.abc import Iterable, Iterator, MutableMapping, MutableSequence, MutableSet
from contextlib import contextmanager
from enum import Enum
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import numpy as np

_OURS = "exporter."
"""Only objects of the exporter are looked into: sockets, clocks, loops and what a journal took stay as they are."""
_NEVER_CHANGED = "exporter.planning."
"""Plans are replaced as a whole; to walk through the labels of a large city would take a second."""
_ATOMS = (str, bytes, int, float, type(None), type, Enum, BaseException)
_PLAIN = frozenset({str, bytes, int, float, bool, type(None), IPv4Address, IPv6Address})
"""Of those the types of which there are thousands, one of each row: they are passed over before they are counted."""


@contextmanager
def undone_on_failure(*roots: object) -> Iterator[None]:
    """Let everything that `roots` lead to be as it was, if the body raises. The body must not wait for anything."""
    memory = _Memory()
    for root in roots:
        memory.remember(root)
    try:
        yield
    except BaseException:
        memory.restore()
        raise


class _Memory:
    """What objects held: attributes, and the contents of arrays and containers, which are changed in place."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._attributes: list[tuple[object, dict[str, Any]]] = []
        self._arrays: list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]] = []
        self._containers: list[tuple[Any, Any]] = []

    def remember(self, root: object) -> None:
        """Walk from `root`; without recursion, for a chain of objects may be long."""
        waiting = [root]
        while waiting:
            one = waiting.pop()
            if id(one) in self._seen or isinstance(one, _ATOMS):
                continue
            self._seen.add(id(one))
            waiting += self._keep(one)

    def restore(self) -> None:
        """Put everything back, in place: others hold these very objects."""
        for one, attributes in self._attributes:
            for name in set(_names(one)) - attributes.keys():
                object.__delattr__(one, name)
            for name, value in attributes.items():
                object.__setattr__(one, name, value)
        for array, content in self._arrays:
            array[...] = content
        for container, content in self._containers:
            container.clear()
            _fill(container, content)

    def _keep(self, one: object) -> Iterator[object]:
        """Note what `one` holds; yields what it leads to."""
        if isinstance(one, np.ndarray):
            if one.flags.writeable:
                self._arrays.append((one, one.copy()))
        elif isinstance(one, MutableMapping | MutableSequence | MutableSet | deque):
            self._containers.append((one, _copied(one)))
            yield from _leading_on(one.values() if isinstance(one, MutableMapping) else one)
        elif isinstance(one, tuple | frozenset):
            yield from _leading_on(one)
        elif _is_ours(one):
            attributes = {name: getattr(one, name) for name in _names(one)}
            if not _is_frozen(one):
                self._attributes.append((one, attributes))
            changed = getattr(one, "CHANGED_BY_RELOAD", attributes)
            yield from (attributes[name] for name in changed)


def _leading_on(content: Iterable[object]) -> list[object]:
    """What of it there is to look at; most containers hold one plain type alone."""
    held = list(content)
    return [] if _PLAIN.issuperset(map(type, held)) else [each for each in held if type(each) not in _PLAIN]


def _is_ours(one: object) -> bool:
    module = type(one).__module__
    return module.startswith(_OURS) and not module.startswith(_NEVER_CHANGED)


def _copied(container: Any) -> Any:
    return dict(container) if isinstance(container, MutableMapping) else list(container)


def _fill(container: Any, content: Any) -> None:
    if isinstance(container, MutableMapping | MutableSet):
        container |= content if isinstance(container, MutableMapping) else set(content)  # type: ignore[operator]
    else:
        container.extend(content)


def _names(one: object) -> list[str]:
    """The attributes that an object has of itself, in its dictionary or in slots."""
    slots = [name for kind in type(one).__mro__ for name in _slots_of(kind)]
    return [*getattr(one, "__dict__", {}), *(name for name in slots if hasattr(one, name))]


def _slots_of(kind: type) -> tuple[str, ...]:
    slots = kind.__dict__.get("__slots__", ())
    names = (slots,) if isinstance(slots, str) else tuple(slots)
    return tuple(name for name in names if name not in ("__dict__", "__weakref__"))


def _is_frozen(one: object) -> bool:
    parameters = getattr(one, "__dataclass_params__", None)
    return dataclasses.is_dataclass(one) and bool(parameters and parameters.frozen)
