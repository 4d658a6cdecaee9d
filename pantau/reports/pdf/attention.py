"""Part 1: what somebody has to look at, settle or decide before signing; and the summary in sentences."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from pantau.reports.edition import Edition, WitnessDecision
from pantau.reports.pdf.formulae import UNJUDGED
from pantau.reports.statement import Statement
from pantau.reports.statement.rows import PointRow, Ratio
from pantau.reports.words import Words
from pantau.texts import Formats, Translate, mark

_AVAILABLE = mark(
    "%(isp)s served %(points)s points in %(district)s %(kecamatan)s in %(month)s. "
    "They were available for %(availability)s of the time that counts."
)
_UNKNOWN = mark(
    "%(isp)s served %(points)s points in %(district)s %(kecamatan)s in %(month)s. "
    "How well, is not known: nothing could be assessed."
)
_APPROVED = mark("%(about)s: %(reason)s. Document %(document)s. Approved by %(people)s (%(binding)s).")
_PROPOSED = mark("%(about)s: %(reason)s. Proposed by %(person)s, and not approved by two yet.")
_PAYABLE = mark(
    "Of a fee of %(gross)s, %(restitution)s is deducted and %(held)s is held; %(payable)s is payable, before PPN."
)


def verdict(statement: Statement, objective: Ratio | None, say: Translate, formats: Formats) -> Iterator[str]:
    """What happened, in sentences for somebody who reads nothing else; `objective` is what all lines promise."""
    parties, summary, payment = statement.parties, statement.summary, statement.payment
    told = {
        "isp": parties.isp_name,
        "district": statement.measuring.told.district,
        "kecamatan": parties.kecamatan_name,
        "month": formats.month(statement.month),
        "points": formats.number(summary.points),
        "availability": formats.decided(summary.availability, objective),
    }
    if not statement.points:
        yield say(mark("%(isp)s had no point under this contract in %(district)s %(kecamatan)s in %(month)s.")) % told
        return
    yield say(_UNKNOWN if summary.availability is None else _AVAILABLE) % told
    yield from _judgement(statement, say, formats)
    if payment.gross is None:
        yield say(mark("The contract gives no SLA or no method of deduction, so this report names no rupiah."))
        return
    yield say(_PAYABLE) % {
        "gross": formats.rupiah(payment.gross),
        "restitution": formats.rupiah(payment.restitution),
        "held": formats.rupiah(payment.held),
        "payable": formats.rupiah(payment.payable),
    }


def _judgement(statement: Statement, say: Translate, formats: Formats) -> Iterator[str]:
    counts = statement.summary.standings
    judged = counts.get("met", 0) + counts.get("missed", 0)
    if judged:
        yield say(mark("Of %(judged)s lines that can be judged, %(met)s met the SLA and %(missed)s did not.")) % {
            "judged": formats.number(judged),
            "met": formats.number(counts.get("met", 0)),
            "missed": formats.number(counts.get("missed", 0)),
        }


def to_settle(statement: Statement, edition: Edition, say: Translate, formats: Formats) -> list[str]:
    """One sentence each; empty where nothing is open."""
    return [
        *_of_points(statement, say, formats),
        *_of_documents(statement, say),
        *_of_decisions(statement, say),
        *_of_witnesses(edition, say),
    ]


def _of_points(statement: Statement, say: Translate, formats: Formats) -> Iterator[str]:
    summary, annex = statement.summary, statement.parties.annex_points
    if annex is not None and annex != summary.points:
        yield say(mark("The contract's annex lists %(annex)s points, this month has %(points)s: see table E.")) % {
            "annex": annex,
            "points": summary.points,
        }
    unsure = sum(summary.standings.get(name, 0) for name in ("inconclusive", "not_assessable"))
    if unsure:
        yield say(mark("Lines that cannot be judged: %(lines)s. Their fee, %(held)s, waits for a signed record.")) % {
            "lines": unsure,
            "held": formats.rupiah(sum(row.held or 0 for row in statement.points if row.standing in UNJUDGED)),
        }
    waiting = [row for row in statement.points if _waits(row) and row.standing not in UNJUDGED]
    if waiting:
        yield say(mark("Points with outages that two people have yet to decide: %(points)s. %(held)s is held.")) % {
            "points": len({row.point for row in waiting}),
            "held": formats.rupiah(sum(row.held or 0 for row in waiting)),
        }
    if summary.unstable:
        yield say(mark("Unstable points, with many short outages: %(points)s.")) % {"points": summary.unstable}
    open_terms = len({name for basis in statement.basis for name in basis.defaulted})
    if open_terms:
        yield say(mark("Terms that the contract leaves open, where our defaults hold: %(terms)s (part 2).")) % {
            "terms": open_terms,
        }


def _waits(row: PointRow) -> bool:
    return bool(row.undecided_seconds or row.contested_seconds)


def _of_documents(statement: Statement, say: Translate) -> Iterator[str]:
    refused = sum(bool(row.refusals) for row in statement.exclusions)
    if refused:
        yield say(mark("Exclusions that do not count, or not wholly: %(documents)s (table C says why).")) % {
            "documents": refused,
        }
    unverified = len({row.incident for row in statement.events if row.cause == "belum_terverifikasi"})
    if unverified:
        yield say(mark("Faults whose cause nobody has verified: %(faults)s (table B).")) % {"faults": unverified}
    yield from _of_paid_points(statement, say)
    missing = set(statement.visit_sample) - {visit.point for visit in statement.visits}
    if missing:
        yield say(mark("Points of the sample that nobody has visited: %(points)s (part 12).")) % {
            "points": len(missing),
        }


def _of_paid_points(statement: Statement, say: Translate) -> Iterator[str]:
    twins, unaccepted = {row.point for row in statement.twins}, statement.unaccepted
    if twins:
        yield say(mark("Points that stand where another does, or share its address: %(points)s (part 12).")) % {
            "points": len(twins),
        }
    if unaccepted:
        told = {"points": len(unaccepted), "never": sum(row.visited is None for row in unaccepted)}
        message = mark(
            "Points that are paid for without a recorded acceptance: %(points)s, "
            "of these never visited: %(never)s (part 12)."
        )
        yield say(message) % told


def witness_notes(edition: Edition, who: Callable[[str], str], words: Words, say: Translate) -> Iterator[str]:
    """For the first page: why this month is settled though the witnesses differ, or only one was asked."""
    told = _grouped(edition)
    for decision, points in told.items():
        about = say(mark("%(points)s points differ")) % {"points": len(points)} if points else ""
        about = about or say(mark("Prometheus was not asked"))
        values = {"about": about, "reason": decision.text, "document": decision.document or "—"}
        if decision.opens:
            people = ", ".join(map(who, decision.approved_by))
            yield say(_APPROVED) % {**values, "people": people, "binding": words["binding"](decision.binding)}
        else:
            yield say(_PROPOSED) % {**values, "person": who(decision.person)}


def _grouped(edition: Edition) -> dict[WitnessDecision, list[str]]:
    """Each decision with the points that it explains; none where it is about not asking at all."""
    found: dict[WitnessDecision, list[str]] = {edition.not_asked: []} if edition.not_asked else {}
    for row in edition.comparison.rows if edition.comparison else ():
        if not row.agrees and row.decision is not None:
            # Reasons are given point by point; what was said about many in one breath is one sentence.
            found.setdefault(replace(row.decision, entry=0), []).append(row.point)
    return found


_OVER_THE_END = mark(
    "Outages over the month's end that two people have yet to decide; there is no FINAL until then: "
    "%(outages)s (table B)."
)


def _of_decisions(statement: Statement, say: Translate) -> Iterator[str]:
    undecided = len({row.number for row in statement.events if row.undecided})
    if undecided:
        yield say(_OVER_THE_END) % {"outages": undecided}
    proposed = [row for row in statement.decisions if row.status == "proposed"]
    said = sum(row.kind == "inventory" for row in proposed)
    waiting = len(proposed) - said
    if waiting:
        yield say(mark("Decisions that wait for two signatures, their money held: %(decisions)s (part Keputusan).")) % {
            "decisions": waiting,
        }
    if said:
        told = mark("Records of the inventory that were said after the fact and wait for two signatures: %(records)s.")
        yield say(told) % {"records": said}


def _of_witnesses(edition: Edition, say: Translate) -> Iterator[str]:
    if edition.comparison is None:
        yield say(mark("Prometheus, the second witness, was not asked (part 16)."))
    elif edition.comparison.open:
        yield say(mark("Points where the witnesses differ and no two have approved why: %(points)s (part 16).")) % {
            "points": len(edition.comparison.open),
        }
