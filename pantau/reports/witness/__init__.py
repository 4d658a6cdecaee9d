"""The second witness: does Prometheus say of each hotspot's month what the journal says?

    comparison = compare("http://localhost:9090", survey, reasons_of(reader, survey))
    comparison.open                                     # differ without a reason: no FINAL

Both come from one exporter, but by ways of their own: transitions written down one by one, and counters that were
scraped. Whoever alters one of them is found out by the other.
"""

from pantau.reports.witness.comparing import TOLERANCE, compare, seconds_of
from pantau.reports.witness.reasons import reasons_of

__all__ = ["TOLERANCE", "compare", "reasons_of", "seconds_of"]
