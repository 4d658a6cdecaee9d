"""What to do about what a database says: its words, and a cure. Pure."""

_LOOK = "Pantau tries again by itself"
_CURES = (
    ("database is locked", f"another process holds it: find it with `fuser`, and end what it does; {_LOOK}"),
    ("lock timeout", f"another connection holds it: see pg_locks; {_LOOK}"),
    ("unable to open database file", "see that its folder is there and belongs to the user that runs Pantau"),
    ("readonly database", "see that file and folder belong to the user that runs Pantau, and the disk takes writes"),
    ("disk is full", f"make room; {_LOOK}"),
    ("No space left", f"make room; {_LOOK}"),
    ("file is not a database", "it is another file, or damaged: bring the journal back from a backup"),
    ("malformed", "it is damaged: bring the journal back from a backup"),
    (
        "password",
        "put the password into ~/.pgpass of the user that runs Pantau, or into the file that PGPASSFILE names",
    ),
    ("permission denied", "let its owner bring the tables up to date (`pantau journal migrate`) and run grants.sql"),
    ("must be owner", "let its owner bring the tables up to date: `pantau journal migrate`"),
    ("role", "make the role: deploy/postgresql/roles.sql"),
    ("does not exist", "make it (`createdb`), or correct journal.url in pantau.yml"),
    ("Connection refused", f"start PostgreSQL, or correct journal.url in pantau.yml; {_LOOK}"),
    ("No such file or directory", f"start PostgreSQL, or correct journal.url in pantau.yml; {_LOOK}"),
    ("timeout expired", f"see that the server can be reached from here; {_LOOK}"),
    ("could not translate host name", "correct the host in journal.url"),
    ("failed to resolve host", "correct the host in journal.url"),
)


def cure_of(cause: str) -> str:
    """A cure for what a driver said; empty where there is none that one could name."""
    return next((cure for words, cure in _CURES if words.lower() in cause.lower()), "")
