"""The first half hour: a city's `config/` from what is known of Indonesia's regions, and its points from any list.

``cities`` makes a whole configuration, of a city by name or code, or of districts that somebody names. ``lists`` reads
a spreadsheet, CSV, GeoJSON or Prometheus' file_sd: what it understands becomes records of the inventory, what it doubts
is listed and never guessed. Neither overwrites what is there without being told to. Nothing here probes.
"""
