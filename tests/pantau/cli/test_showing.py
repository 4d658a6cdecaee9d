"""What commands print: no credential, nothing that a terminal obeys; and no credential in the process list."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.table import Table

from pantau.cli.speaking import shown_console
from tests.commands import pantau
from tests.sources import ROOT, parsed, sources

ESCAPES = "\x1b[2J\x9b31m\u202e\x07"
OBEYED = ("\x1b", "\x9b", "\u202e", "\x07")


def _clean(done: subprocess.CompletedProcess[str]) -> list[str]:
    said = done.stdout + done.stderr
    return [mark for mark in ("geheim", "Traceback", *OBEYED) if mark in said]


@pytest.mark.parametrize(
    "settings",
    [
        f'"a\\e[2Jb": 1\ninventory: ["{"x" * 3}"]\n',
        'journal: {url: "mysql://pantau:geheim@db/x"}\n',
        'journal: {url: "mysql://pantau:' + "geheim" * 20 + '@db/x"}\n',
        '"postgresql://pantau:geheim@db/x": 1\n',
        'timezone: "host=db password=geheim"\n',
        'inventory: ["a\\e[2J\\x9b31m.csv"]\n',
        "inventory: ['http://u:geheim@h/x.csv']\n",
    ],
)
def test_check_shows_no_secret_and_no_escape(settings: str, tmp_path: Path) -> None:
    """Whatever key or value is wrong, the message about it can be read, and shown to others."""
    (tmp_path / "pantau.yml").write_text(settings)
    done = pantau("check", "--config", "pantau.yml", cwd=tmp_path)
    assert (done.returncode, _clean(done)) == (1, [])


def test_a_header_with_escapes_is_refused_by_check(tmp_path: Path) -> None:
    """Bytes of a CSV's header reach no terminal."""
    (tmp_path / "pantau.yml").write_text("inventory: [hotspots.csv]\n")
    (tmp_path / "hotspots.csv").write_text(f"id,name{ESCAPES},address\n")
    done = pantau("check", "--config", "pantau.yml", cwd=tmp_path)
    assert (done.returncode, _clean(done), "U+001B" in done.stderr) == (1, [], True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("journal", "verify", "--journal", "postgresql://pantau:geheim@127.0.0.1:1/x?sslpassword=geheim"),
        ("journal", "verify", "--journal", "host=db password=geheim"),
        ("journal", "verify", "--journal", "mysql://pantau:geheim@db/x"),
        ("run", "--web.listen-address", "http://u:geheim@h\x1b[2J"),
        ("run", "--simulate", "calm\x1b[2J"),
        ("check", "--\x1b[2J"),
        ("check", "\x1b[2J"),
        ("\x1b[2J",),
        ("probe", "host\x1b[2J.invalid"),
        ("dashboards", "push", "--grafana", "http://admin:geheim@127.0.0.1:1"),
        ("check", "--config", "\x9b31m/pantau.yml"),
    ],
)
def test_wrong_arguments_are_told_without_them(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Also where the library says what is wrong."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "pantau.yml").write_text("inventory: [isps.yml]\n")
    done = pantau(*arguments, cwd=tmp_path)
    assert (done.returncode in (1, 2), _clean(done)) == (True, [])


def test_a_password_in_an_argument_is_not_in_the_process_list(tmp_path: Path) -> None:
    """Nor in the environment of what the process starts; the program has it all the same."""
    program = (
        "import os, sys, time\nfrom pantau.cli.arguments import hide_credentials\nhide_credentials()\n"
        "print(sys.argv[1:], [k for k in os.environ if 'PANTAU' in k], flush=True)\ntime.sleep(60)\n"
    )
    file = tmp_path / "program.py"
    file.write_text(program)
    secret = "postgresql://pantau:geheim@db/x"
    with subprocess.Popen(
        [sys.executable, str(file), "run", "--journal", secret, f"--url={secret}", "--n=1"],
        stdout=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if "PANTAU" not in name} | {"PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        listed = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        process.kill()
    assert said == f"['run', '--journal', '{secret}', '--url={secret}', '--n=1'] []\n"
    assert b"geheim" not in listed
    assert listed.endswith(b"run\0--journal\0postgresql://pantau:***@db/x\0--url=postgresql://pantau:***@db/x\0--n=1\0")


def test_a_console_writes_out_what_a_terminal_would_obey(capsys: pytest.CaptureFixture[str]) -> None:
    """In plain text, in markup, in a cell, in a title; its own colours stay."""
    table = Table(title=f"t{ESCAPES}")
    table.add_column(f"c{ESCAPES}")
    table.add_row(f"r{ESCAPES}")
    console = shown_console(force_terminal=True, width=200, highlight=False, color_system="standard")
    console.print(table)
    console.print(f"[red]x{ESCAPES}[/]")
    said = capsys.readouterr().out
    assert [mark for mark in ("\x1b[2J", *OBEYED[1:]) if mark in said] == []
    assert "\x1b[31m" in said
    assert said.count("\\x1b[2J") == 4


def test_nothing_else_prints() -> None:
    """Commands speak through `pantau.cli.speaking`, everything through its console."""
    found = []
    for path, text in sources("pantau", "exporter", "dashboards"):
        if path in ("pantau/cli/speaking.py", "pantau/consoles.py", "pantau/cli/report_simulate.py"):
            continue
        for node in ast.walk(parsed(text)):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if name in ("print", "typer.echo", "typer.secho", "Console", "sys.stdout.write", "sys.stderr.write"):
                found.append(f"{path}:{getattr(node, 'lineno', 0)}: {name}")
    assert found == []
