"""How a listener speaks TLS: Prometheus' own convention, the file that exporter-toolkit calls web configuration."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from pantau.errors import ConfigurationError, Problem
from pantau.inventory.fields import FROZEN, Text
from pantau.inventory.source import line_of
from pantau.inventory.validation import check
from pantau.inventory.yaml_source import parse_yaml


class TlsServer(BaseModel):
    """What of ``tls_server_config`` an agents' listener needs; paths are relative to the file."""

    model_config = FROZEN
    cert_file: Text = Field(description="Certificate with its chain (PEM).")
    key_file: Text = Field(description="Its private key (PEM).")
    min_version: Literal["TLS12", "TLS13"] = Field("TLS12", description="The oldest TLS that is spoken.")


class WebConfig(BaseModel):
    """The file."""

    model_config = FROZEN
    tls_server_config: TlsServer = Field(description="TLS of the listener.")


def read_web_config(file: Path) -> TlsServer:
    """TLS as a file sets it, with paths that can be opened; `ConfigurationError` with every problem."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise ConfigurationError([Problem(file, 0, "", f"{reason}; correct web_config_file, or the file")]) from error
    root, problems = parse_yaml(text, file)
    if root is None or problems:
        raise ConfigurationError(problems)
    checked = check(WebConfig, root)
    if checked.problems:
        raise ConfigurationError(
            [
                Problem(file, line_of(root, one.path), ".".join(map(str, one.path)), one.message)
                for one in checked.problems
            ]
        )
    tls = checked.value.tls_server_config
    paths = {name: str(file.parent / getattr(tls, name)) for name in ("cert_file", "key_file")}
    return tls.model_copy(update=paths)
