"""A city's configuration: found among Indonesia's regions or named by hand, rendered, and written where nothing is."""
