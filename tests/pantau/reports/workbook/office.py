"""LibreOffice as the reader who recomputes: it forgets our values, and computes every formula anew."""

import re
import subprocess
import zipfile
from pathlib import Path

from openpyxl import Workbook, load_workbook

from tests.programs import require_program


def without_values(file: Path, to: Path) -> int:
    """A copy in which no formula has a value; returns how many formulas there are."""
    count = 0
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(to, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name.startswith("xl/worksheets/"):
                text, found = re.subn(r"</f>(<v>[^<]*</v>|<v ?/>)?", "</f>", content.decode())
                content, count = text.encode(), count + found
            after.writestr(name, content)
    return count


def recomputed(files: list[Path], folder: Path) -> list[Workbook]:
    """The workbooks as LibreOffice computes them, with values, in the order of `files`."""
    program = require_program("soffice")
    bare = folder / "bare"
    bare.mkdir()
    for file in files:
        assert without_values(file, bare / file.name) > 0, f"{file.name} has no formula"
    out = folder / "computed"
    subprocess.run(
        [
            str(program),
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            *(str(bare / file.name) for file in files),
        ],
        check=True,
        capture_output=True,
        timeout=500,
    )
    return [load_workbook(out / file.name, data_only=True) for file in files]
