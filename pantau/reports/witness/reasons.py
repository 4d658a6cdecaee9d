"""The reasons that people recorded for what the two witnesses say differently, or for asking only one of them.

A reason opens a FINAL once two people have approved it, on a list, with its document; until then it is shown.
"""

from collections.abc import Mapping

from pantau.journal import ItemKind, Reader
from pantau.journal.lists import clean
from pantau.people import signed_lists
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
    for signed in signed_lists(reader, survey.inventory.person_by_id, survey.zone, (start, end)):
        for item in signed.content.items if signed.approved_by else ():
            held = found.get(item.subject)
            if item.kind is not ItemKind.WITNESS or item.target != str(survey.month) or held is None:
                continue
            # What was approved is what is said: a reason that was changed since waits for two anew.
            if (item.reason, item.document) == (held.text, held.document) and signed.proposed.number > held.entry:
                binding = "" if signed.binding is None else signed.binding.value
                found[item.subject] = WitnessDecision(
                    *(held.text, held.person, held.document, held.entry),
                    approved_by=signed.approved_by,
                    binding=binding,
                    list_sha256=signed.proposed.sha256,
                )
    return found
