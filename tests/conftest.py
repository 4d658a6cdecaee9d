"""What holds for all tests."""

import gc
from collections.abc import Generator

import pytest
from hypothesis import settings

# An example that waits for the processor is no fault of what it tries; what hangs is ended by pytest's own limit.
settings.register_profile("same", deadline=None, derandomize=True, max_examples=30)
"""A change is judged by the same few examples wherever it is tried."""
settings.register_profile("new", deadline=None, max_examples=300)
"""`make test-long` looks for others."""
settings.load_profile("same")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is read before the first test stays until the last one, and is not looked through for garbage.

    That took a quarter of the time of reading, and then more at each collection.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
