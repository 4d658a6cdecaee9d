"""What holds for all tests."""

import pytest
from hypothesis import settings

# An example that waits for the processor is no fault of what it tries; what hangs is ended by pytest's own limit.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """A change is judged by the same examples wherever it is tried; `make test-long` looks for new ones."""
    settings.load_profile("new" if config.option.markexpr == "long" else "same")
