"""Asks a page over HTTP, and tells what the answer is worth."""
