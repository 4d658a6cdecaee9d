"""The canonical projection of what decides money: what the journal chains of an inventory, and back.

``fields`` says of every field whether it decides money, ``writing`` makes the projection, ``reading`` an inventory of
it, ``comparing`` says what differs between two. It knows no journal and no report.
"""

from pantau.inventory.projection.comparing import RecordChange, changes_between
from pantau.inventory.projection.reading import Lines, Restorer, lines_in, restored_settings, settings_in
from pantau.inventory.projection.writing import (
    KINDS,
    SETTINGS,
    file_of,
    line_key,
    line_of_record,
    lines_of,
    project,
    statement_id,
)

__all__ = [
    "KINDS",
    "SETTINGS",
    "Lines",
    "RecordChange",
    "Restorer",
    "changes_between",
    "file_of",
    "line_key",
    "line_of_record",
    "lines_in",
    "lines_of",
    "project",
    "restored_settings",
    "settings_in",
    "statement_id",
]
