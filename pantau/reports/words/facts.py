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
    mark("no shared fault; the device restarted, nobody has verified why"),
    mark(
        "no shared fault; the device restarted, nobody has verified why; at the same time of day on three days or more"
    ),
    mark("no shared fault; nobody tells whether the device had power"),
    mark("no shared fault; nobody tells whether the device had power; at the same time of day on three days or more"),
)
"""Constant sentences."""
ENDS = (
    mark("and their devices restarted within five minutes"),
    mark("nobody could ask this device whether its power had failed"),
)
"""Of such sentences, what they may end with."""
