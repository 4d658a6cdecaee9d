"""Side by side with every peer: what a probe costs, how often it is wrong, and how far its RTT is off.

`python -m lab.benchmarks` (`make bench`) runs the rows of `rows/` over the peers of `peers/`, all in one pair
of network namespaces, and writes `docs/benchmarks.json`, `docs/benchmarks.md` and the plots beside them.
"""
