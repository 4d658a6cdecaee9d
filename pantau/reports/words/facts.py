"""What a proposed cause rests on: the sentences of `pantau.reports.causes`, by which they are translated."""

from pantau.texts import mark

PATTERNS = {
    "city": mark("points of several ISPs fell silent within two minutes"),
    "uplink": mark("the uplink that carries it was down as well"),
    "isp": mark("many points of this ISP fell silent within five minutes"),
    "kelurahan": mark("points of several ISPs in one kelurahan fell silent within five minutes"),
}
"""Of sentences with numbers in them, by the pattern of the proposal."""
FACTS = (
    mark("began within an announced maintenance window"),
    mark("the ISP's suspension page answered"),
    mark("no shared fault; the device had stayed on: the link failed, not the power"),
    mark("no shared fault; at the same time of day on three days or more"),
    mark("no shared fault; the device restarted, and it came back in working hours"),
    mark("no shared fault; the device had restarted when it came back"),
    mark("no shared fault; no heartbeat tells whether the device had power"),
)
"""Constant sentences."""
RESTARTED, STAYED = mark("devices had restarted when they came back"), mark("but devices had stayed on")
