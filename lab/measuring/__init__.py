"""Measurements of single parts: size, time, memory."""
