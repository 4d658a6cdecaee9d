"""The first half hour: a new city, and its points from any list."""
