"""Part 13's "koreksi bulan lalu": what a contract's month pays or takes back for FINALs of months before it."""

from collections.abc import Iterable
from dataclasses import replace

from pantau.inventory import Contract
from pantau.reports.accounting import FinalVersion, PaymentCorrection, Span, corrections_in, midnight
from pantau.reports.statement.payment_rows import CorrectionRow, Payment
from pantau.reports.statement.statement import Statement
from pantau.reports.statement.survey import Survey, contract_of

_FOR_EVER = 2**62


def with_corrections(statement: Statement, survey: Survey, finals: Iterable[FinalVersion]) -> Statement:
    """The statement with the corrections that its month books; `finals` are the contract's own, of earlier months."""
    contract = contract_of(survey.inventory, statement.parties.contract)
    settled = [one for one in survey.settlements if one.contract == contract.id]
    found = corrections_in(statement.month, _booked(contract, survey), settled, finals)
    rows = tuple(_row(one, contract.id) for one in found)
    return replace(statement, corrections=rows, payment=_corrected(statement.payment, sum(row.amount for row in rows)))


def _booked(contract: Contract, survey: Survey) -> Span:
    """The time whose decisions and editions this month books: in a contract's last month also all that comes later."""
    start, end = survey.month.span(survey.zone)
    return start, _FOR_EVER if midnight(contract.end, survey.zone) <= end else end


def _row(one: PaymentCorrection, contract: str) -> CorrectionRow:
    return CorrectionRow(
        kind=one.kind.value,
        month=one.month,
        edition=f"{contract}/{one.month}/{one.version}",
        point=one.point,
        amount=one.amount,
        entry=one.entry,
        document=one.document,
        approved_by=one.approved_by,
        at=one.at,
        refusal=one.refusal.value if one.refusal else "",
    )


def _corrected(payment: Payment, correction: int) -> Payment:
    """No month pays less than nothing: what a negative correction lacks is said."""
    if payment.payable_after_penalty is None:
        return replace(payment, correction=correction)
    whole = payment.payable_after_penalty + correction
    return replace(payment, correction=correction, payable_in_all=max(0, whole), to_recover=max(0, -whole))
