"""What each method of restitution would have cost in a month, per contract and in all: for negotiating a contract.

    simulated = simulate(survey, [Method.R1, Method.R2, Method.R3], Baseline(fee=500_000, objective=Fraction(98, 100)))

What was delivered is booked once, by each contract's own terms (threshold, exclusions, denominator); only the method
changes. Points, and days, without a contract are taken as if one with the baseline's fee and SLA held there.
"""

from pantau.reports.simulation.baseline import Baseline
from pantau.reports.simulation.simulation import Cost, Simulation, SimulationRow, simulate

__all__ = ["Baseline", "Cost", "Simulation", "SimulationRow", "simulate"]
