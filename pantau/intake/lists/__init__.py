"""A list of points, however somebody keeps it, as records of the inventory.

``opening`` reads any format into sheets of cells, ``heads`` finds where a sheet's table begins, ``columns`` what each
column is; ``values``, ``network_addresses`` and ``coordinates`` read single cells; ``places`` finds districts, wards and
ISPs; ``reading`` makes drafts of rows, ``updating`` compares them with what the inventory has, ``writing`` writes the
files. A value that may mean two things is never guessed: it is a doubt, with its row, its reason and what became of it.
"""
