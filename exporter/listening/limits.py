"""How often somebody may come: token buckets by name, bounded in number. Pure; times in seconds of any steady clock."""

from ipaddress import IPv6Address, ip_address

_MOST_NAMES = 20_000
"""Beyond it those that have been quiet longest are forgotten: they are full again, or nearly."""
_V6_PREFIX_BITS = 64
"""Whoever has one IPv6 address has all of its network."""


class Buckets:
    """A bucket a name, of `size` tokens, that fills by `rate` tokens a second."""

    def __init__(self, rate: float, size: float) -> None:
        self.rate, self.size = rate, size
        self._levels: dict[str, tuple[float, float]] = {}
        """By name: what was left, and when; in the order of last use."""

    def has(self, name: str, now: float, cost: float = 1.0) -> bool:
        """Whether so much is left."""
        return self._level(name, now) >= cost

    def take(self, name: str, now: float, cost: float = 1.0) -> bool:
        """Take so much; nothing, and False, where so much is not left."""
        level = self._level(name, now)
        if level < cost:
            return False
        self._keep(name, level - cost, now)
        return True

    def fine(self, name: str, now: float, cost: float) -> None:
        """Take so much, and owe what is not left, up to a bucket: an empty one would make fines cheap."""
        self._keep(name, max(self._level(name, now) - cost, -self.size), now)

    def _level(self, name: str, now: float) -> float:
        left, since = self._levels.get(name, (self.size, now))
        return min(self.size, left + (now - since) * self.rate)

    def _keep(self, name: str, level: float, now: float) -> None:
        self._levels.pop(name, None)
        self._levels[name] = (level, now)
        if len(self._levels) > _MOST_NAMES:
            del self._levels[next(iter(self._levels))]


def client_of(host: str) -> str:
    """Whom an address stands for, as limits count: an IPv4 address, or the network of an IPv6 one."""
    address = ip_address(host.partition("%")[0])
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> _V6_PREFIX_BITS << _V6_PREFIX_BITS))
