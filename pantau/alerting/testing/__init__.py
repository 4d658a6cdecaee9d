"""A real message through a configured receiver: `pantau alertmanager test`.

An Alertmanager of the trial's own, the program that will do it later, is given the office's configuration with one
route to the receiver, and one alert that calls itself a test; what comes back stands in its log. So the templates, the
secrets, the mail server and the way there are all tried, and nothing of the running one is touched. `configuration`
makes what it reads, `running` runs it, `answers` reads its log.
"""

from pantau.alerting.testing.answers import DeliveryReply
from pantau.alerting.testing.running import send_test

__all__ = ["DeliveryReply", "send_test"]
