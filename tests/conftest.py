"""What holds for all tests."""

from hypothesis import settings

# An example that waits for the processor is no fault of what it tries; what hangs is ended by pytest's own limit.
settings.register_profile("same", deadline=None, derandomize=True, max_examples=30)
"""A change is judged by the same few examples wherever it is tried."""
settings.register_profile("new", deadline=None, max_examples=300)
"""`make test-long` looks for others."""
settings.load_profile("same")
