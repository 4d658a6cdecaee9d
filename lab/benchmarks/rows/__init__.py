"""The rows of the table: one file each, with a function that measures and returns what goes into the JSON.

A row takes a `Bench` (the network, whether it is quick, and a way to tell how far it has come) and returns plain data.
"""
