"""What holds for all tests."""

from hypothesis import settings

# An example that waits for the processor is no fault of what it tries; what hangs is ended by pytest's own limit.
settings.register_profile("pantau", deadline=None)
settings.load_profile("pantau")
