"""Checks of the service from this vantage: their plan, their prober, what an answer is worth."""
