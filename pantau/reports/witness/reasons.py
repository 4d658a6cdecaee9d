"""The reasons that people recorded for what the two witnesses say differently, or for asking only one of them.

A reason opens a FINAL once two people have approved it, on a list, with its document; until then it is shown.
"""

from collections.abc import Mapping
from dataclasses import replace

from pantau.journal import ItemKind, Reader
from pantau.journal.lists import clean
from pantau.people import approved_items, signed_lists
from pantau.reports.edition import WitnessDecision
from pantau.reports.statement import Survey

_NS = 1_000_000_000
NOT_ASKED = ""
"""In place of a point: why Prometheus was not asked at all."""


def reasons_of(reader: Reader, survey: Survey) -> Mapping[str, WitnessDecision]:
    """Of each point with a reason that holds for this month: who gave it, what it is, and who approved it."""
    start, end = (second * _NS for second in survey.month.span(survey.zone))
    last = {reason.hotspot: reason for reason in reader.reasons(start)}
    found = {
        point: WitnessDecision(clean(reason.text), reason.person, clean(reason.document), reason.number)
        for point, reason in last.items()
        if not reason.withdrawn
    }
    lists = signed_lists(reader, survey.history.signers, survey.zone, (start, end))
    for (month, point), (item, signed) in approved_items(lists, ItemKind.WITNESS).items():
        held = found.get(point)
        # What was approved is what is said: a reason that was changed since waits for two anew.
        if held is None or month != str(survey.month) or signed.proposed.number < held.entry:
            continue
        if (item.reason, item.document) == (held.text, held.document):
            found[point] = replace(
                held,
                approved_by=signed.approved_by,
                binding=signed.binding.value if signed.binding else "",
                list_sha256=signed.proposed.sha256,
            )
    return found
