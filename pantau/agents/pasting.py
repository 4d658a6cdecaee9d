"""What an operator pastes into a hotspot's router so that its agent runs: the files of `files`, filled in.

Pure but for reading those files. Who may have which token is no affair of this module.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, get_args

AgentKind = Literal["sh", "rsc", "openwrt"]
KINDS: tuple[AgentKind, ...] = get_args(AgentKind)

_MARK = re.compile(r"@(PANTAU_[A-Z_]+)@")
_END = "PANTAU_END"
_CRON = "* * * * * /usr/local/sbin/pantau-agent once >/dev/null 2>&1"


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """What one hotspot's agent has to know. `ValueError` for what no file could hold safely."""

    url: str
    """Where the door is: ``https://HOST[:PORT]``, without the path."""
    hotspot: str
    token: str
    ca: str = ""
    """The certificate that signs the door's, as text (PEM); empty where the router knows it already."""
    portal: str = ""
    """URL (http) of the page that we know; none is fetched if empty."""
    portal_text: str = ""
    """What that page says; the agent's own default if empty."""
    isolir: str = ""
    """Extended regular expression of the ISP's suspension page; the agent's own default if empty."""

    def __post_init__(self) -> None:
        """Refuse what would end a quoted text, or a line."""
        for name, value in self.marks.items():
            allowed = "\n" if name == "PANTAU_CA" else ""
            if any(not (" " <= char <= "~" or char in allowed) for char in value) or _END in value:
                raise ValueError(
                    f"{name} holds a character that no router's file can hold: only printable ASCII can be"
                )

    @property
    def marks(self) -> Mapping[str, str]:
        """Each by the name that it has in the files."""
        return {
            "PANTAU_URL": self.url.rstrip("/"),
            "PANTAU_HOTSPOT": self.hotspot,
            "PANTAU_TOKEN": self.token,
            "PANTAU_CA": self.ca.strip().replace("\r\n", "\n"),
            "PANTAU_PORTAL": self.portal,
            "PANTAU_PORTAL_TEXT": self.portal_text,
            "PANTAU_ISOLIR": self.isolir,
        }


def template(name: str) -> str:
    """A file of the agents as it is shipped, such as ``pantau-agent.sh`` or ``openwrt/Makefile``."""
    return files(__package__).joinpath("files", *name.split("/")).read_text(encoding="utf-8")


def paste(kind: AgentKind, settings: AgentSettings) -> str:
    """All that has to be pasted into a shell of the router as root, or into a RouterOS terminal."""
    return _PASTES[kind](settings)


def _routeros(settings: AgentSettings) -> str:
    """RouterOS' own script; what is not given is what the script takes by default."""
    marks = dict(settings.marks)
    marks["PANTAU_PORTAL_TEXT"] = marks["PANTAU_PORTAL_TEXT"] or "pantau-ok"
    marks["PANTAU_ISOLIR"] = marks["PANTAU_ISOLIR"] or "isolir|suspend|tunggakan|menunggak|jatuh tempo"
    return _MARK.sub(lambda mark: _in_routeros(marks[mark[1]]), template("pantau-agent.rsc"))


def _shell(settings: AgentSettings) -> str:
    """For Linux with cron: settings and certificate in files of their own, so that the script can be renewed alone."""
    return "\n".join(
        [
            "umask 077; mkdir -p /etc/pantau /usr/local/sbin",
            _here("/etc/pantau/agent.conf", _conf(settings)),
            *_certificate(settings),
            _here("/usr/local/sbin/pantau-agent", template("pantau-agent.sh")),
            "chmod 700 /usr/local/sbin/pantau-agent",
            "/usr/local/sbin/pantau-agent try",
            f"(crontab -l 2>/dev/null | grep -v pantau-agent; echo '{_CRON}') | crontab -",
            "",
        ]
    )


def _openwrt(settings: AgentSettings) -> str:
    """For OpenWrt with or without the package: the same files as it installs, and procd starts them."""
    config = _MARK.sub(lambda mark: _in_uci(settings.marks[mark[1]]), template("openwrt/files/pantau-agent.config"))
    return "\n".join(
        [
            "umask 077; mkdir -p /etc/pantau",
            _here("/etc/config/pantau-agent", config),
            *(_certificate(settings) or ["uci -q delete pantau-agent.main.ca; uci commit pantau-agent"]),
            _here("/usr/sbin/pantau-agent", template("pantau-agent.sh")),
            _here("/etc/init.d/pantau-agent", template("openwrt/files/pantau-agent.init")),
            "chmod 755 /usr/sbin/pantau-agent /etc/init.d/pantau-agent",
            "/etc/init.d/pantau-agent enable; /etc/init.d/pantau-agent restart",
            "sleep 1; PANTAU_CONF=/var/run/pantau-agent.conf PANTAU_DIR=/var/run/pantau-try /usr/sbin/pantau-agent try",
            "",
        ]
    )


_PASTES: Mapping[AgentKind, Callable[[AgentSettings], str]] = {"sh": _shell, "rsc": _routeros, "openwrt": _openwrt}


def _conf(settings: AgentSettings) -> str:
    marks = dict(settings.marks)
    if marks["PANTAU_CA"]:
        marks["PANTAU_CA"] = "/etc/pantau/ca.pem"
    return "".join(f"{name}={_in_shell(value)}\n" for name, value in marks.items() if value)


def _certificate(settings: AgentSettings) -> list[str]:
    text = settings.marks["PANTAU_CA"]
    return [_here("/etc/pantau/ca.pem", text + "\n")] if text else []


def _here(path: str, text: str) -> str:
    """A file as a here-document whose text the shell leaves alone."""
    return f"cat >{path} <<'{_END}'\n{text}{_END}"


def _in_shell(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def _in_uci(value: str) -> str:
    """Within the single quotes of a UCI file."""
    return value.replace("'", "'\\''")


def _in_routeros(value: str) -> str:
    """Within double quotes of a RouterOS script."""
    escaped = re.sub(r'([\\"$])', r"\\\1", value)
    return escaped.replace("?", "\\?").replace("\n", "\\n")
