"""What of the rules is a city's own: its zone, what its districts are called, which points somebody is woken for."""

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pantau.inventory import Settings, read_settings
from pantau.zones import FIRST_SECOND, first_offset, name_at, offset_changes, promql_local

_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class RulesCity:
    """A city as the templates see it."""

    zone: ZoneInfo
    district_word: str
    priority_categories: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> "RulesCity":
        """The city of these settings."""
        return cls(settings.zone, settings.office.district_word, settings.priority_categories)

    @classmethod
    def read(cls, file: Path) -> "RulesCity":
        """The city of this `pantau.yml`; its inventory is not looked at. Raises `ConfigurationError`."""
        return cls.of(read_settings(file))

    def names(self) -> dict[str, object]:
        """What the templates know of it."""
        fixed = not offset_changes(self.zone)
        first = first_offset(self.zone)
        names = {change.before: name_at(self.zone, change.at - 1) for change in offset_changes(self.zone)}
        names |= {change.after: name_at(self.zone, change.at) for change in offset_changes(self.zone)}
        return {
            "district": self.district_word,
            "local_time": promql_local(self.zone) if fixed else "time() + scalar(calendar:zone_offset:seconds)",
            "offset_nanoseconds": first * _NANOSECONDS if fixed else None,
            "zone_name": name_at(self.zone, FIRST_SECOND) if fixed else None,
            "zone_offset": f"{promql_local(self.zone)} - time()",
            "zone_names": dict(sorted(names.items())),
            "priority_points": self._priority(),
        }

    def _priority(self) -> str:
        """A selector of `hotspot_info`: those of certain categories, and those that say so themselves."""
        own = 'hotspot_info{priority="true"}'
        if not self.priority_categories:
            return own
        words = "|".join(self.priority_categories)
        return f'(hotspot_info{{category=~"{words}", priority!="false"}} or {own})'


NO_CITY = RulesCity.of(Settings())
"""What the settings' own defaults make."""
