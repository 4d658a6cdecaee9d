"""Extras of the installation: which libraries belong to which, and what is said where one is missing.

`pip install pantau` brings what the exporter needs. A command that needs more imports it and fails; this turns the
failure into one line with the command that mends it.
"""

from importlib.util import find_spec

EXTRAS = {
    "reports": ("weasyprint", "xlsxwriter"),
    "dashboards": ("attr", "grafana_client", "grafanalib", "promql_parser", "watchfiles"),
    "anchors": ("cryptography", "rfc3161_client"),
    "snmp": ("cryptography", "pysnmp"),
    "postgresql": ("psycopg",),
    "spreadsheets": ("python_calamine",),
}
"""The modules that each extra of pyproject.toml brings to us, by the names that we import."""


def missing_extra(error: ModuleNotFoundError, command: str) -> str | None:
    """The sentence about an import that failed while `command` ran; None where the module is of no extra: a bug."""
    module = (error.name or "").partition(".")[0]
    having = [extra for extra, modules in EXTRAS.items() if module in modules]
    if not having:
        return None
    # One module may be of two extras: the command that was asked for tells which is meant.
    extra = next((extra for extra in having if extra.startswith(command)), having[0])
    return f'{module} is not installed; it comes with: pip install "pantau[{extra}]"'


def require(extra: str) -> None:
    """Fail at once where a module of an extra is missing, before files are read or made."""
    for module in EXTRAS[extra]:
        if find_spec(module) is None:
            raise ModuleNotFoundError(f"No module named {module!r}", name=module)
