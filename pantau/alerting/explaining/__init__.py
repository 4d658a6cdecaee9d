"""Why something does or does not page now, from the live Prometheus and Alertmanager.

`subject` is what is asked about; `asking`, `prometheus` and `alertmanager` the two programs' APIs; `facts` what is
measured, `clauses` a rule taken apart, `delivery` what Alertmanager makes of an alert, `explanation` all of it
together; `verdict` the sentence on top, `screen` how it is shown.
"""

from pantau.alerting.explaining.command import explain

__all__ = ["explain"]
