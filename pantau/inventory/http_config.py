"""How a client of ours speaks to a server of ours: the file that Prometheus calls HTTP client configuration.

Its keys are those of `http_config` and of promtool's ``--http.config.file``. No message quotes a password.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, model_validator

from pantau.inventory.fields import FROZEN, Text, fault
from pantau.inventory.one_file import read_one


class BasicAuth(BaseModel):
    """``basic_auth``."""

    model_config = FROZEN
    username: Text = Field(description="The name, as basic_auth_users of the server has it.")
    password: str | None = Field(None, description="The password, in place of password_file.")
    password_file: Text | None = Field(None, description="A file with the password; read anew each time.")

    @model_validator(mode="after")
    def _has_one(self) -> "BasicAuth":
        if bool(self.password) == bool(self.password_file):
            raise fault("takes either password_file or password; name the file that holds the password")
        return self


class TlsClient(BaseModel):
    """``tls_config``; paths are relative to the file."""

    model_config = FROZEN
    ca_file: Text | None = Field(None, description="Authorities (PEM) of the server's certificate.")
    cert_file: Text | None = Field(None, description="Our certificate (PEM), where the server asks for one.")
    key_file: Text | None = Field(None, description="Its private key (PEM).")
    server_name: Text | None = Field(None, description="The name that the server's certificate has.")
    insecure_skip_verify: bool = Field(False, description="Whether any certificate is taken.")

    @model_validator(mode="after")
    def _is_a_pair(self) -> "TlsClient":
        if bool(self.cert_file) != bool(self.key_file):
            raise fault("cert_file and key_file belong together; name both")
        return self


class HttpConfig(BaseModel):
    """The file."""

    model_config = FROZEN
    basic_auth: BasicAuth | None = Field(None, description="Name and password; none if left out.")
    tls_config: TlsClient = Field(default_factory=TlsClient, description="Certificates.")

    def as_written(self) -> dict[str, Any]:
        """What was given, in Prometheus' own keys."""
        given: Mapping[str, Any] = self.model_dump(exclude_defaults=True, exclude_none=True)
        return dict(given)


def read_http_config(file: Path) -> HttpConfig:
    """What a file says, with paths that can be opened; `ConfigurationError` with every problem."""
    config = read_one(file, HttpConfig)
    tls = {
        name: str(file.parent / given)
        for name in ("ca_file", "cert_file", "key_file")
        if (given := getattr(config.tls_config, name))
    }
    update: dict[str, Any] = {"tls_config": config.tls_config.model_copy(update=tls)}
    if config.basic_auth is not None and config.basic_auth.password_file:
        secret = str(file.parent / config.basic_auth.password_file)
        update["basic_auth"] = config.basic_auth.model_copy(update={"password_file": secret})
    return config.model_copy(update=update)
