"""The accounting core applied to one month with each method."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pantau.inventory import Contract
from pantau.reports.accounting import Account, Method, RestitutionStep, SettlementLine, Standing, settle, total
from pantau.reports.simulation.baseline import Baseline, supposed
from pantau.reports.statement import Survey, settle_contract
from pantau.reports.statement.rows import Ratio
from pantau.reports.statement.survey import contract_of


@dataclass(frozen=True, slots=True)
class Cost:
    """What one method would have deducted from one contract's month, before PPN."""

    method: str
    restitution: int | None
    """`None` where the method cannot be computed: no SLA, or for R5 no steps."""
    payable: int | None
    though_met: int | None
    """What of the restitution is deducted from lines that met their SLA: R2 and R4 do that."""
    lines_though_met: int


@dataclass(frozen=True, slots=True)
class SimulationRow:
    """One contract's month, or that of points without one."""

    contract: str
    kecamatan: str
    isp: str
    supposed: bool
    """Whether there is no such contract, and the baseline stands in its place."""
    points: int
    lines: int
    met: int
    """Lines that met the SLA."""
    missed: int
    inconclusive: int
    """Lines of which too little was seen; their fee is held whatever the method."""
    availability: Ratio | None
    coverage: Ratio | None
    own_method: str | None
    """The one that the contract names."""
    gross: int | None
    held: int | None
    costs: tuple[Cost, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """All rows, and their sums."""

    month: str
    methods: tuple[str, ...]
    baseline_fee: int | None
    baseline_objective: Ratio | None
    rows: tuple[SimulationRow, ...]
    total: SimulationRow
    currency: str
    """Of every amount, by ISO 4217; they are whole numbers of its smallest units."""
    currency_digits: int


def simulate(
    survey: Survey,
    methods: Sequence[Method],
    baseline: Baseline = Baseline(),  # noqa: B008 - frozen
    only: Collection[str] = (),
) -> Simulation:
    """The month under each method; of the contracts with these ids, or of all and of points without one.

    `methods` has one at least. Raises `ValueError` for an unknown contract.
    """
    might_be = replace(survey, inventory=supposed(survey.inventory, survey.month, baseline))
    for name in only:
        contract_of(survey.inventory, name)
    pairs = [(contract, survey) for contract in survey.inventory.contracts if not only or contract.id in only]
    if not only:
        pairs += [(contract, might_be) for contract in might_be.inventory.contracts]
    made = [
        (contract, source, [line.account for line in settle_contract(contract, source).lines])
        for contract, source in pairs
    ]
    rows = tuple(_row(contract, source is might_be, own, methods, baseline) for contract, source, own in made if own)
    everything = [account for *_, own in made for account in own]
    return Simulation(
        month=str(survey.month),
        methods=tuple(method.value for method in methods),
        baseline_fee=baseline.fee,
        baseline_objective=Ratio.of(baseline.objective),
        rows=rows,
        total=_total(rows, everything, methods),
        currency=survey.measuring.told.currency,
        currency_digits=survey.measuring.told.currency_digits,
    )


def _row(
    contract: Contract, is_supposed: bool, accounts: Sequence[Account], methods: Sequence[Method], baseline: Baseline
) -> SimulationRow:
    settled = {method: settle([_under(account, method, baseline) for account in accounts]) for method in methods}
    lines = next(iter(settled.values()))
    sums = total(lines)
    amounts = next((found for own in settled.values() if (found := total(own).amounts) is not None), None)
    return SimulationRow(
        contract=contract.id,
        kecamatan=contract.kecamatan,
        isp=contract.isp,
        supposed=is_supposed,
        points=len({account.segment.point for account in accounts}),
        lines=len(lines),
        met=sum(line.standing is Standing.MET for line in lines),
        missed=sum(line.standing is Standing.MISSED for line in lines),
        inconclusive=sum(line.standing in (Standing.INCONCLUSIVE, Standing.NOT_ASSESSABLE) for line in lines),
        availability=Ratio.of(sums.availability),
        coverage=Ratio.of(sums.coverage),
        own_method=contract.method,
        gross=None if amounts is None else amounts.gross,
        held=None if amounts is None else amounts.held,
        costs=tuple(_cost(method, own) for method, own in settled.items()),
    )


def _under(account: Account, method: Method, baseline: Baseline) -> Account:
    """The same account as another method would pay it; what the contract leaves open is the baseline's."""
    terms = account.segment.terms
    steps = terms.steps or tuple(RestitutionStep(below, deduct) for below, deduct in baseline.steps)
    objective = baseline.objective if terms.objective is None else terms.objective
    terms = replace(terms, method=method, objective=objective, steps=steps)
    # What a method costs is asked, not what waits for a decision: what is in force counts.
    return replace(account, segment=replace(account.segment, terms=terms), undecided=0, contested=0)


def _cost(method: Method, lines: Sequence[SettlementLine]) -> Cost:
    amounts = total(lines).amounts
    if amounts is None:
        return Cost(method.value, None, None, None, 0)
    met = [line.amounts.restitution for line in lines if line.amounts and line.standing is Standing.MET]
    return Cost(method.value, amounts.restitution, amounts.payable, sum(met), sum(amount > 0 for amount in met))


def _total(rows: Sequence[SimulationRow], accounts: Sequence[Account], methods: Sequence[Method]) -> SimulationRow:
    """Of rows with amounts the sums; a method that cannot be computed for one of them has no sum."""
    paid = [row for row in rows if row.gross is not None]
    assessed = sum(account.assessed for account in accounts)
    owed = sum(account.segment.counted.seconds for account in accounts)
    unseen = sum(account.unseen.seconds for account in accounts)
    charged = sum(account.charged for account in accounts)
    return SimulationRow(
        contract="",
        kecamatan="",
        isp="",
        supposed=False,
        points=len({account.segment.point for account in accounts}),
        lines=sum(row.lines for row in rows),
        met=sum(row.met for row in rows),
        missed=sum(row.missed for row in rows),
        inconclusive=sum(row.inconclusive for row in rows),
        availability=Ratio.of(1 - Fraction(charged, assessed)) if assessed else None,
        coverage=Ratio.of(1 - Fraction(unseen, owed)) if owed else None,
        own_method=None,
        gross=_sum([row.gross for row in paid]),
        held=_sum([row.held for row in paid]),
        costs=tuple(
            _cost_of_all(method.value, [row.costs[place] for row in paid]) for place, method in enumerate(methods)
        ),
    )


def _cost_of_all(method: str, costs: Sequence[Cost]) -> Cost:
    return Cost(
        method,
        _sum([cost.restitution for cost in costs]),
        _sum([cost.payable for cost in costs]),
        _sum([cost.though_met for cost in costs]),
        sum(cost.lines_though_met for cost in costs),
    )


def _sum(amounts: Sequence[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known and len(known) == len(amounts) else None
