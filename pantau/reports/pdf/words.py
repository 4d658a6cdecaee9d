"""The closed lists of a statement as people say them. A code that is not in its list is shown as it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pantau.reports.statement.rows import EventRow
from pantau.texts import Translate, mark

STANDINGS = {
    "met": mark("✔ Met"),
    "missed": mark("✖ Not met"),
    "inconclusive": mark("? Inconclusive"),
    "not_assessable": mark("— Not assessable"),
    "no_objective": mark("○ No SLA"),
}
CAUSES = {
    "listrik_pln": mark("power cut (PLN)"),
    "listrik_lokasi": mark("power off at the site"),
    "fo_putus": mark("fibre cut"),
    "ont_hang": mark("device hung"),
    "aktivasi_tertunda": mark("swapped device not activated"),
    "isolir": mark("suspended by the ISP"),
    "pencurian": mark("theft"),
    "vandalisme": mark("vandalism"),
    "cuaca_radio": mark("weather on a radio link"),
    "topografi": mark("terrain"),
    "kabel_laut": mark("submarine or backbone cable"),
    "portal_error": mark("portal fault"),
    "lelet": mark("saturated"),
    "ip_berubah": mark("address changed"),
    "pemantau": mark("our own monitoring"),
    "pemeliharaan": mark("maintenance"),
    "kahar": mark("force majeure"),
    "belum_terverifikasi": mark("not verified yet"),
}
STRENGTHS = {"strong": mark("strong"), "likely": mark("likely"), "weak": mark("weak")}
REASONS = {
    "no_data": mark("nothing was noted"),
    "pemantau": mark("held to be our own monitoring's fault"),
    "not_running": mark("our exporter was not running"),
    "vantage": mark("our own path was cut"),
    "peering": mark("our path to this ISP was cut"),
    "journal_lost": mark("the journal lost entries"),
    "resolve": mark("the point's name had no address"),
    "send": mark("our system refused to send"),
    "inconclusive": mark("our own probes could not be believed"),
    "added": mark("just added, before its first verdict"),
    "removed": mark("removed from the inventory"),
    "unknown": mark("we could not see"),
    "inactive": mark("the point was not probed"),
}
REFUSALS = {
    "not_accepted": mark("nobody has accepted it"),
    "cause_not_admitted": mark("the contract does not admit this cause"),
    "filed_late": mark("announced too late"),
    "over_allowance": mark("beyond the monthly allowance"),
}
KINDS = {"event": mark("event"), "maintenance": mark("maintenance")}
CHANGES = {
    "added": mark("point added"),
    "accepted": mark("function test accepted: service and fee begin"),
    "moved_in": mark("moved in from another contract"),
    "moved_out": mark("moved out to another contract"),
    "stopped": mark("service stopped"),
    "ended": mark("assignment ended"),
    "addendum": mark("addendum holds from here"),
}
VISITS = {
    "good": mark("✔ service as agreed"),
    "poor": mark("▲ worse than agreed"),
    "dead": mark("✖ no service"),
    "absent": mark("✖ no device"),
}
PENALTIES = {"activation": mark("late activation"), "repair": mark("late repair")}
PAYMENTS = {"monthly": mark("monthly"), "stages": mark("by stages (termin)"), "once": mark("at once")}
PATTERNS = {
    "city": mark("points of several ISPs fell silent within two minutes"),
    "uplink": mark("the uplink that carries it was down as well"),
    "isp": mark("many points of this ISP fell silent within five minutes"),
    "kelurahan": mark("points of several ISPs in one kelurahan fell silent within five minutes"),
}
FACTS = (
    mark("began within an announced maintenance window"),
    mark("the ISP's suspension page answered"),
    mark("alone, and the device had stayed on: the link failed, not the power"),
    mark("alone, and at the same time of day on three days or more"),
    mark("alone, the device restarted, and it came back in working hours"),
    mark("alone, and the device had restarted when it came back"),
    mark("alone, and no heartbeat tells whether the device had power"),
)
RESTARTED, STAYED = mark("devices had restarted when they came back"), mark("but devices had stayed on")


@dataclass(frozen=True, slots=True)
class Words:
    """The lists in one language."""

    say: Translate

    def __getitem__(self, name: str) -> Callable[[str], str]:
        """A list by its name, as in ``words['standing'](code)``."""
        found = LISTS[name]
        return lambda code: self.say(found[code]) if code in found else code

    def facts(self, event: EventRow) -> str:
        """What a proposed cause rests on."""
        if event.pattern not in PATTERNS:
            return self.say(event.facts) if event.facts in FACTS else event.facts
        said = self.say(PATTERNS[event.pattern])
        ends = [self.say(end) for end in (RESTARTED, STAYED) if event.facts.endswith(end)]
        return ", ".join([said, *ends])


LISTS: Mapping[str, Mapping[str, str]] = {
    "standing": STANDINGS,
    "cause": CAUSES,
    "strength": STRENGTHS,
    "reason": REASONS,
    "refusal": REFUSALS,
    "kind": KINDS,
    "change": CHANGES,
    "visit": VISITS,
    "penalty": PENALTIES,
    "payment": PAYMENTS,
}
