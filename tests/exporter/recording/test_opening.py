"""Where the exporter's spool and its key lie, as the settings say."""

from pathlib import Path

import pytest

from exporter.recording.opening import make_spool
from pantau.inventory.settings import Journal


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        (Journal(spool="disk/spool.jsonl"), "data/journal.sqlite.spool-key"),
        (Journal(url="postgresql://db/pantau", spool="disk/spool.jsonl"), "disk/spool.jsonl.key"),
        (Journal(spool="disk/spool.jsonl", spool_key="keys/spool"), "keys/spool"),
    ],
)
def test_the_key_lies_beside_the_journal_unless_it_is_told(settings: Journal, key: str, tmp_path: Path) -> None:
    """On the journal's disk where that is a file; else beside the spool. Made at the start, when there is room."""
    make_spool(settings, tmp_path)
    assert [str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()] == [key]
