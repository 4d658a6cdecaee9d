"""The monthly SLA report: what was delivered, what is payable, and the evidence.

``accounting`` is the method, pure: intervals and terms go in, seconds and rupiah come out. ``causes`` proposes why
an outage happened. ``statement`` brings inventory and journal together into one month's statement of a contract.
``witness`` holds Prometheus beside the journal, ``desk`` and ``simulation`` serve those who still negotiate.
Nothing here knows how a hotspot is probed.
"""
