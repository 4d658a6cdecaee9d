"""Every closed list of codes that a report shows, with the English of each code; the catalogue has the rest."""

from collections.abc import Mapping

from pantau.reports.words.terms import CHOICES, METHODS
from pantau.texts import mark

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
    "restart": mark("device restarted, not verified why"),
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
    "no_data": mark("no data recorded"),
    "not_running": mark("the monitoring was not running"),
    "vantage": mark("the monitoring's own connection was cut"),
    "peering": mark("the monitoring's path to this ISP was cut"),
    "journal_lost": mark("the journal lost entries"),
    "resolve": mark("the point's name could not be resolved"),
    "send": mark("the monitoring could not send"),
    "inconclusive": mark("the measurement could not be relied on"),
    "never_monitored": mark("the point was never monitored"),
    "added": mark("before the first result of the monitoring"),
    "removed": mark("removed from the inventory"),
    "maintenance": mark("in maintenance, and not observed"),
    "unknown": mark("could not be observed"),
    "inactive": mark("the point was not monitored"),
}
"""Why a point was not observed (table D)."""
STATES = {
    "up": mark("online"),
    "degraded": mark("degraded"),
    "down": mark("down"),
    "isolated": mark("suspension page"),
    "no_internet": mark("no internet"),
    "maintenance": mark("announced maintenance"),
    "unknown": mark("not observed"),
}
"""What a second was observed to be, and of what kind an outage is."""
CUSTODIES = {"city": mark("the city's device"), "isp": mark("the ISP's device")}
LATE_REFUSALS = {
    "final": mark("the month had a FINAL already"),
    "custody": mark("the ISP's own device lifts no point"),
    "seen": mark("that time was judged, or told before"),
}
"""Why something that was told late does not count."""
REFUSALS = {
    "not_accepted": mark("not accepted"),
    "cause_not_admitted": mark("cause not admitted by the contract"),
    "filed_late": mark("announced too late"),
    "over_allowance": mark("beyond the monthly allowance"),
    "proposed": mark("waits for the second signature"),
}
WAITS = {
    "decision": mark("runs over the month's end, not decided by two"),
    "signature": mark("decision not signed by two"),
}
"""Why money of an outage is held."""
CORRECTIONS = {
    "settlement": mark("held money settled by two"),
    "version": mark("new version of the FINAL"),
}
SETTLEMENT_REFUSALS = {
    "unknown_edition": mark("there is no such FINAL"),
    "not_two_people": mark("not signed by two people"),
    "superseded": mark("a new version had judged it before"),
    "other_sum": mark("not the sum that is held there"),
}
INVENTORY_BASES = {
    "chained": mark("chained in the journal"),
    "files": mark("today's files: nothing had been chained yet"),
    "first": mark("before the first that was chained; that one is used"),
}
INVENTORY_STATUSES = {
    "held": mark("changed within the month, and holds"),
    "proposed": mark("said after the month, and does not count"),
    "approved": mark("said after the month; two people signed it"),
}
INVENTORY_KINDS = {
    "isps": mark("ISP"),
    "kecamatan": mark("kecamatan"),
    "contracts": mark("contract"),
    "uplinks": mark("uplink"),
    "hotspots": mark("point"),
    "assignments": mark("assignment"),
    "exclusions": mark("exclusion"),
    "site_visits": mark("site check"),
    "maintenance": mark("maintenance window"),
    "people": mark("person who signs"),
    "settings": mark("settings"),
}
EXCLUSION_KINDS = {"event": mark("event"), "maintenance": mark("maintenance")}
EXCLUSIONS = {
    "unlisted-window": mark("maintenance that the inventory does not list"),
    "automatic": mark("our own fault, as the facts show it"),
}
"""Ids that are no document's."""
DECISIONS = {
    "proposed": mark("proposed, money held"),
    "approved": mark("✔ approved by two"),
    "superseded": mark("superseded by a later one"),
    "noted": mark("noted, changes no money"),
}
BINDINGS = {
    "two_keys": mark("two keys"),
    "one_key": mark("one key, and a signed paper"),
    "before_lists": mark("one person, before there were lists"),
}
"""What an approval rests on."""
ITEMS = {
    "cause": mark("cause"),
    "exclusion": mark("exclusion"),
    "window": mark("maintenance window"),
    "settlement": mark("settlement of held money"),
    "correction": mark("correction of an earlier month"),
    "witness": mark("second witness"),
    "inventory": mark("change of the inventory"),
}
"""What an item of a list decides."""
WITNESS_CODES = {"differs": mark("journal and Prometheus differ"), "not_asked": mark("Prometheus was not asked")}
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
TWINS = {"place": mark("nearer than 15 m"), "address": mark("the same network address")}
PENALTIES = {"activation": mark("late activation"), "repair": mark("late repair")}
PAYMENTS = {"monthly": mark("monthly"), "stages": mark("by stages (termin)"), "once": mark("at once")}
EDITION_STATUSES = {"draft": mark("DRAFT"), "final": mark("FINAL"), "refused": mark("REFUSED")}
POINT_STATUSES = {"planned": mark("planned"), "active": mark("active"), "retired": mark("retired")}
ISSUES = {
    "dead": mark("dead all month"),
    "no_data": mark("no data"),
    "little_data": mark("seen too little"),
    "duplicate": mark("same place as"),
    "no_contract": mark("no contract"),
    "partly_no_contract": mark("no contract for part of the month"),
    "sla_missed": mark("SLA missed"),
    "flapping": mark("many short outages"),
    "no_coordinates": mark("no coordinates"),
}
CATEGORIES = {
    "rt_lingkungan": mark("neighbourhood (RT)"),
    "pos_kamling": mark("neighbourhood guard post"),
    "balai_pertemuan": mark("meeting hall"),
    "kantor_kelurahan": mark("kelurahan office"),
    "kantor_kecamatan": mark("kecamatan office"),
    "kantor_perangkat_daerah": mark("city government office"),
    "puskesmas": mark("health centre (puskesmas)"),
    "pustu_posyandu": mark("auxiliary health post (pustu, posyandu)"),
    "rumah_sakit": mark("hospital"),
    "sekolah_paud": mark("kindergarten (PAUD)"),
    "sekolah_sd": mark("primary school (SD)"),
    "sekolah_smp": mark("junior high school (SMP)"),
    "sekolah_sma_smk": mark("senior high school (SMA, SMK)"),
    "perguruan_tinggi": mark("university or college"),
    "pasar": mark("market"),
    "pelelangan_ikan": mark("fish auction"),
    "pelabuhan": mark("harbour"),
    "dermaga": mark("jetty"),
    "terminal": mark("bus terminal"),
    "taman": mark("park"),
    "lapangan_olahraga": mark("sports field"),
    "objek_wisata_pantai": mark("beach and tourist site"),
    "rumah_ibadah_gereja": mark("place of worship: church"),
    "rumah_ibadah_masjid": mark("place of worship: mosque"),
    "rumah_ibadah_lain": mark("place of worship: other"),
    "pos_polisi_tni": mark("police or army post"),
    "monopole_jalan": mark("street pole"),
    "kawasan_ekonomi": mark("economic zone"),
    "lainnya": mark("other place"),
}

LISTS: Mapping[str, Mapping[str, str]] = {
    "standing": STANDINGS,
    "cause": CAUSES,
    "strength": STRENGTHS,
    "reason": REASONS,
    "state": STATES,
    "custody": CUSTODIES,
    "late refusal": LATE_REFUSALS,
    "refusal": REFUSALS,
    "wait": WAITS,
    "correction": CORRECTIONS,
    "settlement refusal": SETTLEMENT_REFUSALS,
    "exclusion": EXCLUSIONS,
    "kind": EXCLUSION_KINDS,
    "decision": DECISIONS,
    "binding": BINDINGS,
    "item": ITEMS,
    "witness": WITNESS_CODES,
    "change": CHANGES,
    "visit": VISITS,
    "twin": TWINS,
    "penalty": PENALTIES,
    "payment": PAYMENTS,
    "status": EDITION_STATUSES,
    "point status": POINT_STATUSES,
    "issue": ISSUES,
    "category": CATEGORIES,
    "method": METHODS,
    "choice": CHOICES,
    "inventory basis": INVENTORY_BASES,
    "inventory status": INVENTORY_STATUSES,
    "inventory kind": INVENTORY_KINDS,
}
"""By the name under which `Words` gives them."""
