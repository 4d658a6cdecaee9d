"""The command `pantau report desk`: parses, calls, writes."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track
from rich.table import Table
from rich.text import Text

from pantau.cli.options import SPOKEN
from pantau.cli.speaking import shown_console
from pantau.errors import ReportError
from pantau.reports.desk.pack import DeskPack, make_packs
from pantau.reports.desk.pdf import pdf
from pantau.reports.desk.sheets import sheet_csv, workbook
from pantau.reports.reading import now, surveyed
from pantau.reports.words import translation
from pantau.texts import LANGUAGES, mark

_FORMATS = ("xlsx", "pdf", "csv")


def desk(
    month: Annotated[str, typer.Option(help="The month, YYYY-MM.")],
    kecamatan: Annotated[list[str] | None, typer.Option(help="Of this kecamatan, by its id; may be repeated.")] = None,
    city: Annotated[bool, typer.Option("--city", help="Of every kecamatan.")] = False,
    forms: Annotated[str, typer.Option("--format", help="Of xlsx,pdf,csv those wanted.")] = ",".join(_FORMATS),
    output: Annotated[Path, typer.Option(help="Folder; packs go to OUTPUT/MONTH/.")] = Path("desk"),
    lang: Annotated[str, typer.Option(help=f"Language: {SPOKEN}.")] = LANGUAGES[0],
    config: Annotated[Path, typer.Option("--config", "-c", help="The settings file.")] = Path("config/pantau.yml"),
    journal: Annotated[str | None, typer.Option(help="URL of the journal, in place of journal.url.")] = None,
) -> None:
    """Write what a kecamatan and its ISPs have to settle: every point, how it fared, what is wrong, room to agree.

    No contract is needed: points without one are among what is to be settled. PDF for the table, XLSX to fill in.

    Examples:
      pantau report desk --month 2024-03 --kecamatan maesa
      pantau report desk --month 2024-03 --city
    """
    if lang not in LANGUAGES:
        raise ReportError(f"{lang!r} is not one of {', '.join(LANGUAGES)}")
    if bool(kecamatan) == city:
        raise ReportError("say of whom: --kecamatan ID, or --city for all")
    wanted = [one.strip() for one in forms.split(",") if one.strip()]
    if not wanted or not set(wanted) <= set(_FORMATS):
        raise ReportError(f"{forms!r} is no list of formats; choose some of {','.join(_FORMATS)}")
    with surveyed(config, journal, month) as (_, survey):
        names = list(survey.inventory.kecamatan_by_id) if city else list(dict.fromkeys(kecamatan or ()))
        try:
            packs = make_packs(survey, names)
        except ValueError as error:
            raise ReportError(str(error)) from error
    made_at = now()
    makers: dict[str, Callable[[DeskPack], bytes]] = {
        "xlsx": lambda pack: workbook(pack, lang, made_at),
        "pdf": lambda pack: pdf(pack, lang, made_at),
        "csv": sheet_csv,
    }
    console = shown_console(stderr=True)
    work = [(pack, form) for pack in packs for form in wanted]
    for pack, form in track(work, "desk", console=console, transient=True, disable=not console.is_terminal):
        _write(output / month / f"desk-{pack.kecamatan}.{form}", makers[form](pack))
    _show(packs, output / month, lang)


def _write(file: Path, content: bytes) -> None:
    """The old file or the new one, never half of it."""
    half = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
        half.replace(file)
    except OSError as error:
        with suppress(OSError):
            half.unlink()
        raise ReportError(f"{file} cannot be written ({error.strerror}); choose another folder by --output") from error


def _show(packs: list[DeskPack], folder: Path, lang: str) -> None:
    say = translation(lang).gettext
    heads = (mark("Kecamatan"), mark("Points"), mark("Dead"), mark("With issues"))
    table = Table(*map(say, heads), "", box=None)
    for row in _sums(packs, folder):
        table.add_row(*map(Text, row))
    shown_console(soft_wrap=True, highlight=False).print(table)


def _sums(packs: list[DeskPack], folder: Path) -> Iterator[tuple[str, ...]]:
    for pack in packs:
        sums = (sum(getattr(isp, name) for isp in pack.isps) for name in ("points", "dead", "to_settle"))
        yield pack.name, *map(str, sums), str(folder / f"desk-{pack.kecamatan}.*")
