"""The stack that runs without containers, part by part."""
