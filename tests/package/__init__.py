"""What is installed: the wheel in clean environments and empty folders, and the container image."""
