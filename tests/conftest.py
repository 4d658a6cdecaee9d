"""What holds for all tests."""

import gc

from hypothesis import settings

# An example that waits for the processor is no fault of what it tries; what hangs is ended by pytest's own limit.
settings.register_profile("same", deadline=None, derandomize=True, max_examples=30)
"""A change is judged by the same few examples wherever it is tried."""
settings.register_profile("new", deadline=None, max_examples=300)
"""`make test-long` looks for others."""
settings.load_profile("same")

# What is read before the first test stays until the last one: to look through it for garbage took a quarter of the
# time of reading, and half a second at each of the collections after it.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on there is garbage, of the tests alone."""
    gc.collect()
    gc.freeze()
    gc.enable()
