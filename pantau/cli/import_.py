"""The command `pantau import`: parses, calls, and shows what was understood. Indonesian first, English second."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

import typer

from pantau.cli.options import CONFIG, Config
from pantau.cli.speaking import note, tell
from pantau.csv_text import csv_rows_to
from pantau.errors import cut
from pantau.intake.errors import IntakeError
from pantau.intake.lists.cells import CityWords
from pantau.intake.lists.opening import open_list
from pantau.intake.lists.reading import ReadList, Wishes, in_order, read_list
from pantau.intake.lists.sheets import Effect
from pantau.intake.lists.updating import Update, compare
from pantau.intake.lists.writing import PreparedImport, prepare
from pantau.inventory import load

_SHOWN_OF_A_REASON = 30
_SHOWN_CHANGES = 40


def import_list(
    file: Annotated[Path, typer.Argument(help="xlsx, xls, ods, CSV, GeoJSON, or Prometheus' file_sd (JSON, YAML).")],
    write: Annotated[bool, typer.Option("--write", help="Write the inventory; without it nothing is written.")] = False,
    config: Config = CONFIG,
    column: Annotated[
        list[str] | None,
        typer.Option(help="FIELD=HEADING where a column is not recognised: --column address='Alamat Perangkat'."),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The one sheet of a workbook to read.")] = None,
    head_row: Annotated[int | None, typer.Option(help="The row of the headings, where it is not found.", min=1)] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of a CSV whose encoding cannot be told, such as cp1252.")
    ] = None,
    isp: Annotated[str | None, typer.Option(help="Name of the ISP, for rows that say none.")] = None,
    kecamatan: Annotated[str | None, typer.Option(help="The district, for rows that say none.")] = None,
    status: Annotated[
        Literal["active", "planned", "retired"] | None, typer.Option(help="For new points that say none.")
    ] = None,
    gone: Annotated[
        Literal["keep", "retire"], typer.Option(help="What becomes of hotspots that the list has no more.")
    ] = "keep",
    doubts: Annotated[Path | None, typer.Option(help="Write every doubt into this CSV file, too.")] = None,
) -> None:
    """Read a list of points (xlsx, csv, GeoJSON, file_sd) into the inventory; a dry run first.

    Without --write it shows what each column was taken for, each row that it doubts with the reason, and what would be
    added and changed. Imported again, a list is an update. Exit status 2 where it cannot be read.

    Example: pantau import titik.xlsx --isp Telkom --write
    """
    configuration = load(config, without_hotspots=True)
    words = CityWords(configuration.settings.categories, configuration.settings.access_types)
    wishes = Wishes(_columns(column or []), head_row, sheet, isp or "", kecamatan or "", status or "", words)
    read = read_list(open_list(file, encoding), configuration.inventory, wishes)
    update = compare(read, configuration.inventory, status or "")
    prepared = prepare(read, update, configuration, retire=gone == "retire")
    _tell_columns(file, read)
    _tell_doubts(read)
    _tell_update(read, update, prepared, retire=gone == "retire")
    if doubts is not None:
        _write_doubts(read, doubts)
    if not write:
        tell("uji coba, tidak ada yang ditulis; tulis dengan --write / dry run, nothing is written; write with --write")
        return
    for path in prepared.write():
        tell(path)
    for warning in cut(load(config, without_hotspots=True).warnings):
        note("warning", warning)


def _columns(texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        field, equals, heading = text.partition("=")
        if not equals or not heading.strip():
            raise IntakeError(f"'{text}' is not FIELD=HEADING; write --column address='Alamat IP'")
        found[field.strip()] = heading.strip()
    return found


def _tell_columns(file: Path, read: ReadList) -> None:
    tell(f"{file}: {read.format}{''.join(f', {one}' for one in read.remarks)}")
    for sheet in read.sheets:
        name = f"lembar / sheet '{sheet.name}', " if sheet.name else ""
        tell(f"  {name}kepala di baris / head in row {sheet.head_row}, {sheet.rows} baris / rows")
        for column in sheet.columns:
            taken = {"": "note", "both": "latitude, longitude", "number": "-"}.get(column.field, column.field)
            how = "  (menurut isinya / by what is in it)" if column.by_content else ""
            tell(f"    {taken:<20} <- {column.heading}{how}")
    for what, count in sorted(read.trimmed.items()):
        tell(f"  {what}: dibuang di / cut off in {count} baris / rows")
    for id_, name in read.isps:
        tell(f"  ISP baru / new ISP: {name} ({id_})")


def _tell_doubts(read: ReadList) -> None:
    found = in_order(read.doubts.found)
    if not found:
        tell("tidak ada yang diragukan / nothing is doubted")
        return
    tell(f"diragukan / doubted: {len(found)}")
    shown: Counter[tuple[str, str]] = Counter()
    for doubt in found:
        kind = doubt.column, doubt.reason.partition(" ")[0]
        shown[kind] += 1
        if shown[kind] <= _SHOWN_OF_A_REASON:
            column = f"{doubt.column} " if doubt.column else ""
            value = f"'{doubt.value}' " if doubt.value else ""
            indonesian, english = doubt.effect.value
            tell(f"  baris / row {doubt.place}: {column}{value}{doubt.reason} -> {indonesian} / {english}")
    if hidden := sum(count - _SHOWN_OF_A_REASON for count in shown.values() if count > _SHOWN_OF_A_REASON):
        tell(f"  dan {hidden} lagi; semuanya dengan --doubts FILE.csv / and {hidden} more; all with --doubts FILE.csv")


def _tell_update(read: ReadList, update: Update, prepared: PreparedImport, *, retire: bool) -> None:
    left = len(read.doubts.left_out())
    rows = sum(sheet.rows for sheet in read.sheets)
    tell(
        f"{rows} baris / rows: {len(update.added)} baru / new, {len(update.changed)} berubah / changed, "
        f"{update.same} sama / same, {left} ditinggalkan / left out"
    )
    if update.planned:
        tell(f"  {update.planned} tanpa alamat: planned sampai punya / without an address: planned until they have one")
    for change in update.changed[:_SHOWN_CHANGES]:
        told = ", ".join(f"{name} {before or '-'} -> {after}" for name, (before, after) in change.values.items())
        tell(f"  {change.id}: {told}")
    if more := len(update.changed) - _SHOWN_CHANGES if len(update.changed) > _SHOWN_CHANGES else 0:
        tell(f"  dan {more} lagi / and {more} more")
    if update.gone:
        what = "menjadi retired / become retired" if retire else "dibiarkan / kept (--gone retire)"
        named = ", ".join(update.gone[:10]) + (", ..." if len(update.gone) > 10 else "")
        tell(f"  {len(update.gone)} tidak ada lagi dalam daftar / no more in the list, {what}: {named}")
    tell(f"inventaris / inventory: {prepared.hotspots} titik / hotspots, {prepared.active} aktif / active")


def _write_doubts(read: ReadList, path: Path) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as out:
            write = csv_rows_to(out)
            write(("sheet", "row", "column", "value", "reason", "effect"))
            for one in in_order(read.doubts.found):
                effect = "taken" if one.effect is Effect.TAKEN else one.effect.name.lower()
                write((one.sheet, one.row, one.column, one.value, one.reason, effect))
    except OSError as error:
        raise IntakeError(f"{path}: cannot be written ({error.strerror})") from error
    tell(path)
