"""Part 0 and 2: who the contract binds, and by which terms; which of these are defaults of ours is said."""

from collections.abc import Iterator, Mapping
from datetime import time
from enum import Enum
from fractions import Fraction
from typing import Any

from pantau.inventory import Contract
from pantau.reports.accounting import Terms, local_day, midnight
from pantau.reports.statement.settlement import ContractSettlement
from pantau.reports.statement.statement import Basis, Parties
from pantau.reports.statement.survey import Survey
from pantau.reports.statement.terms import defaulted


def parties_of(contract: Contract, survey: Survey) -> Parties:
    """Who, and by which documents."""
    kecamatan = survey.inventory.kecamatan_by_id[contract.kecamatan]
    isp = survey.inventory.isp_by_id[contract.isp]
    return Parties(
        contract=contract.id,
        kecamatan=kecamatan.id,
        kecamatan_name=kecamatan.name,
        isp=isp.id,
        isp_name=isp.name,
        isp_legal_name=isp.legal_name or "",
        order_number=contract.order_number or "",
        catalogue_package=contract.catalogue_package or "",
        agreement_number=contract.agreement_number or "",
        signed=contract.signed.isoformat() if contract.signed else None,
        contract_start=contract.start.isoformat(),
        contract_end=contract.end.isoformat(),
        value=contract.value,
        payment=contract.payment,
        annex_points=contract.points,
        objection_days=contract.objection_days,
    )


def basis_of(work: ContractSettlement, survey: Survey) -> Iterator[Basis]:
    """The versions of the terms that hold within the month."""
    month, contract = survey.month.span(survey.zone), work.contract
    open_terms = defaulted(contract)
    for period, terms in work.dates.periods:
        if max(period[0], month[0]) < min(period[1], month[1]):
            still = tuple(name for name in open_terms if not _amended(contract, name, period[0], survey))
            document = _document(contract, period[0], survey)
            yield Basis(local_day(period[0], survey.zone).isoformat(), document, _plain_terms(terms), still)


def _document(contract: Contract, since: int, survey: Survey) -> str:
    """The number of the paper that holds at that second: the last addendum's, or the agreement's."""
    numbers = [one.number for one in contract.addenda if midnight(one.start, survey.zone) <= since]
    return numbers[-1] if numbers else contract.agreement_number or ""


def _amended(contract: Contract, name: str, until: int, survey: Survey) -> bool:
    """Whether an addendum up to that second gives a term that the contract left open."""
    return any(
        getattr(addendum, name) is not None and midnight(addendum.start, survey.zone) <= until
        for addendum in contract.addenda
    )


def _plain_terms(terms: Terms) -> Mapping[str, Any]:
    return {name: _plain(getattr(terms, name)) for name in Terms.__dataclass_fields__}


def _plain(value: Any) -> Any:
    """A term as JSON holds it: fractions, enums and times as text, tables as lists."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value
