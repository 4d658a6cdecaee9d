"""Whether the files of the agents' door can be used, for `pantau check`: what it would say when it is opened."""

from collections.abc import Iterator

from pantau.agents.tokens import TokenKeyError, read_keys
from pantau.errors import ConfigurationError
from pantau.inventory import Configuration
from pantau.inventory.web_config import read_web_config, tls_of


def door_doubts(configuration: Configuration) -> Iterator[str]:
    """Each a sentence with its cure. Another machine may have other files, so that they are no problems."""
    agents, folder = configuration.settings.agents, configuration.path.parent
    if agents is None:
        return
    try:
        read_keys(agents.key_files, folder)
    except TokenKeyError as error:
        yield str(error)
    if agents.web_config is None:
        return
    file = folder / agents.web_config
    try:
        web_config = read_web_config(file)
        tls_of(web_config, file)
    except ConfigurationError as error:
        yield from map(str, error.problems)
        return
    for name in web_config.files:
        try:
            with open(name, "rb"):  # noqa: PTH123 - it is looked at, not read
                pass
        except OSError as error:
            yield f"{name}: {error.strerror}; correct tls_server_config, or the file"
