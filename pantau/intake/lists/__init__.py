"""A list of points, however somebody keeps it, as records of the inventory.

``opening`` reads any format into sheets of cells, ``heads`` finds where a sheet's table begins, ``assigning`` what each
column is; ``network_addresses`` and ``coordinates`` read single cells, ``cells`` and ``row_places`` a row; ``places``
finds districts, wards and ISPs; ``reading`` makes drafts of rows, ``updating`` compares them with what the inventory
has, ``writing`` writes the files. A value that may mean two things is never guessed: it is a doubt, with its row, its
reason and what became of it.
"""
