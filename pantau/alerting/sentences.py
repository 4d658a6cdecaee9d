"""Everything that a notification says, as tables: the words of each alert, and the phrases that all alerts share.

English stands here, the other languages in `locale/`. The rules write their annotations in `RULES_LANGUAGE`: its
catalogue has their sentences word for word, so that a message in another language finds in them what it speaks about,
and a test holds the two together. What stands in braces is filled in by the rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pantau.texts import mark as _

RULES_LANGUAGE = "id"


@dataclass(frozen=True, slots=True)
class AlertWords:
    """Of one alert."""

    name: str
    """What has happened, as short as can be."""
    sentences: tuple[str, ...] = ()
    """What its rules say in `what`; empty if they say nothing."""
    subject: str | None = None
    """What it is about, where that is shown behind the name; `None` where the sentence itself must be shown."""
    topic: str | None = None
    """What it is about without saying that anything is wrong, for the message of its end, before the subject; `None`
    where the subject alone says it. So no end can be read as a beginning."""


_HOTSPOT = "{hotspot}"

ALERTS: Mapping[str, AlertWords] = {
    "CityOutage": AlertWords(_("Whole city down"), (_("The whole city is down"),), topic=_("The whole city")),
    "VantageDown": AlertWords(
        _("Our own path is cut"), (_("Our own monitoring path is cut"),), topic=_("Our own monitoring path")
    ),
    "PeeringDown": AlertWords(
        _("Our path to the ISP is cut"),
        (_("Our path to the ISP {isp} is cut"),),
        topic=_("Our path to the ISP {isp}"),
    ),
    "IspOutage": AlertWords(_("ISP down"), (_("ISP {isp} is down"),), _("ISP {isp}")),
    "IspDegraded": AlertWords(
        _("ISP degraded"), (_("ISP {isp} is partly degraded"), _("ISP {isp} is poor at many hotspots")), _("ISP {isp}")
    ),
    "IspIsolated": AlertWords(
        _("ISP has suspended points"), (_("ISP {isp} has suspended its hotspots"),), _("ISP {isp}"), _("Suspension")
    ),
    "NoInternet": AlertWords(
        _("No internet"),
        (
            _("The whole city has no internet"),
            _("{district} {kecamatan} has no internet"),
            _("ISP {isp} has no internet"),
            _("ISP {isp} has no internet in {kecamatan}"),
        ),
        topic=_("Internet of clients"),
    ),
    "HotspotUnserved": AlertWords(
        _("Hotspot does not serve"),
        (_("{hotspot} is suspended by its ISP"), _("{hotspot} has no internet")),
        _HOTSPOT,
        _("Service of a hotspot"),
    ),
    "TlsExpiring": AlertWords(
        _("Certificate expires"),
        (_("The certificate of check {check} expires soon"),),
        topic=_("Certificate of a check"),
    ),
    "KecamatanOutage": AlertWords(
        _("Kecamatan down"), (_("{district} {kecamatan} is down"),), "{district} {kecamatan}"
    ),
    "IspKecamatanOutage": AlertWords(
        _("ISP down locally"), (_("ISP {isp} is down in {kecamatan}"),), _("ISP {isp} in {kecamatan}")
    ),
    "UplinkDown": AlertWords(_("Uplink down"), (_("{uplink} is cut"),), "{uplink}"),
    "HotspotDown": AlertWords(_("Hotspot down"), (_("{hotspot} is down"),), _HOTSPOT),
    "HotspotFlapping": AlertWords(
        _("Hotspot flapping"), (_("{hotspot} goes up and down"),), _HOTSPOT, _("Steadiness of a hotspot")
    ),
    "HotspotLossHigh": AlertWords(
        _("Hotspot loses packets"), (_("{hotspot} loses {share} of the packets"),), _HOTSPOT, _("Packets of a hotspot")
    ),
    "HotspotRttHigh": AlertWords(
        _("Hotspot slow"), (_("{hotspot} is slow: {rtt}"),), _HOTSPOT, _("Response time of a hotspot")
    ),
    "HotspotDownLong": AlertWords(_("Hotspot long down"), (_("{hotspot} has been down for {duration}"),), _HOTSPOT),
    "HotspotUnseen": AlertWords(
        _("Hotspots cannot be seen"),
        (_("Hotspots of ISP {isp} in {kecamatan} cannot be seen ({reason})"),),
        _("ISP {isp} in {kecamatan}"),
        _("Visibility of hotspots"),
    ),
    "HotspotNeverSeen": AlertWords(
        _("Hotspots never answered"),
        (_("Hotspots of ISP {isp} in {kecamatan} have never answered"),),
        _("ISP {isp} in {kecamatan}"),
        _("First answer of hotspots"),
    ),
    "MaintenanceOverrun": AlertWords(
        _("Maintenance overruns"), (_("Maintenance {window} has not ended"),), "{window}", _("Points after maintenance")
    ),
    "AvailabilityBudgetBurn": AlertWords(
        _("SLA budget burns fast"),
        (_("Contract {contract} is below its promise"),),
        "{contract}",
        _("SLA budget of a contract"),
    ),
    "PantauDown": AlertWords(_("Pantau is down"), (_("Pantau does not run"),), topic=_("Exporter of Pantau")),
    "PantauNotReady": AlertWords(
        _("Pantau is not ready"), (_("Pantau has not judged the hotspots yet"),), topic=_("First verdicts of Pantau")
    ),
    "PantauReloadFailed": AlertWords(
        _("New settings refused"), (_("New settings of Pantau are refused"),), topic=_("Settings of Pantau")
    ),
    "PantauMeasurementDegraded": AlertWords(
        _("Measurements impaired"), (_("Measurements of Pantau are impaired"),), topic=_("Measurements of Pantau")
    ),
    "PantauScrapeSlow": AlertWords(
        _("Scrapes are slow"), (_("Scrapes of the exporter are slow"),), topic=_("Scrapes of the exporter")
    ),
    "InventoryEmptyOrShrunk": AlertWords(
        _("Inventory has shrunk"),
        (_("The inventory has lost hotspots"),),
        topic=_("Hotspots in the inventory"),
    ),
    "AlertmanagerDown": AlertWords(
        _("Alertmanager is down"), (_("Alertmanager does not run"),), topic=_("Alertmanager")
    ),
    "PrometheusRuleFailures": AlertWords(
        _("Prometheus rules fail"), (_("Alerting rules cannot be evaluated"),), topic=_("Alerting rules of Prometheus")
    ),
    "JournalFailing": AlertWords(
        _("Journal cannot be written"), (_("The journal does not record"),), topic=_("Journal of Pantau")
    ),
    "AnchorOverdue": AlertWords(
        _("Journal has no outside anchor"), (_("The journal has no outside anchor"),), topic=_("Anchor of the journal")
    ),
    "AgentsDoorClosed": AlertWords(
        _("Agents are not heard"), (_("Heartbeats of agents do not come in"),), topic=_("Heartbeats of agents")
    ),
    "AgentsPageFailing": AlertWords(
        _("Our test page fails"), (_("Our own test page fails"),), topic=_("Our own test page")
    ),
    "AgentSilent": AlertWords(
        _("Agents silent"),
        (_("Agents of ISP {isp} in {kecamatan} are silent"),),
        _("ISP {isp} in {kecamatan}"),
        _("Agents at hotspots"),
    ),
    "PingFiltered": AlertWords(
        _("Pings filtered"),
        (_("Pings to hotspots of ISP {isp} in {kecamatan} are filtered"),),
        _("ISP {isp} in {kecamatan}"),
        _("Pings to hotspots"),
    ),
    "Watchdog": AlertWords(_("Alerting chain is alive"), topic=_("Alerting chain")),
}

ONE_HOTSPOT = _("1 hotspot")
"""What need not be said in a first line."""
HOTSPOTS = _("{count} hotspots")
SOME_OF_ALL = _("{count} of {all} hotspots")
COUNTS = (ONE_HOTSPOT, _("{count} of {all} hotspots down"), SOME_OF_ALL, HOTSPOTS)
"""What rules say in `count`."""

EXCLUDED = (
    _("our own path (canaries answer)"),
    _("our other paths (canaries answer)"),
    _("a fault of the city; hotspots are unknown, not down"),
    _("a fault of the city; nothing can be seen"),
    _("a fault of the city"),
    _("an outage (the hotspots answer)"),
    _("new faults"),
    _("its ISP, kecamatan and uplinks"),
    _("its ISPs elsewhere"),
    _("the other hotspots of ISP and kecamatan"),
    _("the uplink itself does not answer"),
    _("the uplink itself answers"),
    _("the whole ISP"),
    _("the whole kecamatan"),
    _("one kecamatan"),
    _("one uplink"),
    _("other ISPs"),
    _("its ISP; packets that we lost"),
    _("its ISP"),
)
"""What rules say in `excluded`: one of these, or several with semicolons between."""

PLACES = (_("Monitoring room (NOC)"), _("Between us and that ISP"))
"""What rules say in `where` of ourselves; places of the city are the same in every language."""

ENDINGS: Mapping[str, str] = {
    "recovered": _("RESOLVED"),
    "partly": _("PARTLY RESOLVED"),
    "unserved": _("ANSWERS, BUT DOES NOT SERVE"),
    "maintenance": _("MAINTENANCE HAS BEGUN"),
    "removed": _("NO LONGER MONITORED"),
    "elsewhere": _("HANDED OVER"),
}
"""How an alert has ended, by what its rule says in `ended`; the first word of the message."""
ENDED = _("ENDED")
"""Where the rule could not say how: Prometheus stopped, or it is no outage."""

CONSEQUENCES: Mapping[str, str] = {
    "partly": _("still silent: {silent}"),
    "unserved": _("answers pings, but clients get the ISP's own page"),
    "maintenance": _("still silent: {silent}; a maintenance window has begun"),
    "removed": _("no longer in the inventory, or inactive: {silent}"),
    "elsewhere": _("still silent: {silent}; another alert goes on with it"),
}
"""What is to be known of an end that is not the end of the fault; of a recovery nothing."""
NOT_KNOWN = _("the alert has ended; how its subject is now, the dashboard shows")
STILL_SILENT, ONE_STILL_SILENT = _("{silent} still silent"), _("still silent")

HEADINGS: Mapping[str, str] = {
    "firing": _("Firing"),
    "ended": _("Ended"),
    "where": _("Where"),
    "isps": _("ISP"),
    "count": _("How many"),
    "examples": _("The ten first"),
    "excluded": _("Excluded"),
    "since": _("Since"),
    "since.short": _("since"),
    "until": _("Until"),
    "alert.ended": _("The alert ended"),
    "alert.ended.short": _("the alert ended"),
    "lasted": _("Lasted"),
    "lasted.short": _("lasted"),
    "window": _("Maintenance window"),
    "now": _("Now"),
    "dashboard": _("Dashboard"),
    "runbook": _("What to do"),
    "unacknowledged": _("NOBODY HAS ACKNOWLEDGED IT"),
}
"""By the template of `pantau.tmpl` that shows it."""

FIRST_TEN = _("(the ten first of {count}; all of them are on the dashboard)")
SOME_ENDED = _("{firing} firing, {ended} ended")
NUMBER_OF_ALERTS = _("{count} alerts")
UNITS: Mapping[str, str] = {"d": _("{days} d"), "h": _("{hours} h"), "m": _("{minutes} min"), "s": _("{seconds} s")}
"""Of a duration, by the letter with which Go and Prometheus write it."""
