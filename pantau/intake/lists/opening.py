"""A file of any of the formats, by what is in it and not by its name alone."""

from pathlib import Path

from pantau.intake.errors import IntakeError
from pantau.intake.lists.documents import read_json, read_yaml
from pantau.intake.lists.sheets import OpenedList
from pantau.intake.lists.texts import read_csv

LARGEST_BYTES = 64_000_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def open_list(file: Path, encoding: str | None = None) -> OpenedList:
    """What the file holds, as sheets. Raises `IntakeError`; `ModuleNotFoundError` of a workbook without its extra."""
    try:
        if file.stat().st_size > LARGEST_BYTES:
            raise IntakeError(f"{file}: is more than {LARGEST_BYTES // 1_000_000} MB; is it the right file?")
        data = file.read_bytes()
    except OSError as error:
        raise IntakeError(f"{file}: cannot be read ({error.strerror}); correct its name") from error
    if not data.strip():
        raise IntakeError(f"{file}: is empty; save the list again")
    if data.startswith((_ZIP, _OLE)):
        from pantau.intake.lists.spreadsheets import read_workbook  # an extra of the installation

        return read_workbook(data, file)
    kind = file.suffix.lower()
    if kind in (".json", ".geojson") or data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[{")):
        return read_json(data, file, encoding)
    if kind in (".yml", ".yaml"):
        return read_yaml(data, file, encoding)
    if data.startswith(b"%PDF"):
        raise IntakeError(f"{file}: is a PDF; ask for the list as xlsx or CSV")
    return read_csv(data, file, encoding)
