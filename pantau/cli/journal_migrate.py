"""`pantau journal migrate`: the tables of a journal, made or brought up to date by the role that owns them."""

from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.speaking import tell
from pantau.inventory import load
from pantau.journal.database import named, open_database, resolve_url


def migrate_journal(config: JournalConfig = CONFIG, journal: JournalUrl = None) -> None:
    """Make the tables of a journal, or bring them up to date: what `pantau run` does where its role may.

    With a role that may only add (deploy/postgresql), run this as the one that owns the tables, then grants.sql.

    Example: pantau journal migrate --journal postgresql://pantau_migrator@db.example/pantau
    """
    url = resolve_url(journal or load(config).settings.journal.url, config.parent)
    open_database(url, create=True).dispose()
    tell(f"the tables of {named(url)} are up to date")
