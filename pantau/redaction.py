"""What may be shown to people: no credentials, and no character that a terminal obeys. It knows nobody who shows.

Everything that leaves the program as text for people goes through `shown`: the log (`pantau.logs`), the command line
(`pantau.cli.speaking`), the page and the answers of the web server. What is wrong with a text is not judged here.

A credential is found by its place, not by its looks: the user part of a URL, a key whose name says what it holds
(plain or percent-encoded), the path of a webhook. Where it is not certain where a credential ends, more is hidden.
"""

import re
from unicodedata import category
from urllib.parse import unquote

HIDDEN = "***"

_LAYOUT = "\t\n"

_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase|code)?$|pwd$|secret|token(?!s)|api_?key|access_?key|private_?key|auth(orization)?$|credential"
    r"|cookie|signature$|^sig$|bearer"
)
_OF_A_FILE = re.compile(r"(file|path|dir)s?$")
_NAMED = re.compile(
    r"""(?P<name>[\w%.+\-]+)
        (?P<equals>["']?\s*(?:=|%3D)\s*|["']\s*:\s*)
        (?P<value>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?:\\.|[^\s&])+?(?=['"]?[,;:.)\]}]*(?:[\s&]|\Z)))""",
    re.VERBOSE | re.IGNORECASE,
)
_HEADER = re.compile(r"\b(bearer|basic|digest)\s+[\w+/=.~:\-]{6,}", re.IGNORECASE)
_SCHEME = r"[a-z][a-z0-9+.\-]*(?::|%3A)(?://?|%2F(?:%2F)?)"
_AUTHORITY = re.compile(rf"(?P<scheme>{_SCHEME})(?P<rest>[^\s]*(?:[^\n@]*@)?[^\s]*)", re.IGNORECASE)
_AT = re.compile(r"@|%40", re.IGNORECASE)
_BLANK = re.compile(r"\s")
_PLACEHOLDER = "USER:PASSWORD@"
"""What our own messages tell people to write."""
_PORT = re.compile(r"[0-9]{1,5}(?![^\s/?#,;:'\")\]}.])")
_BROWSED = re.compile(r"https?|wss?|ftp", re.IGNORECASE)
_HOOK = re.compile(
    r"(?P<place>https?://[^\s/'\"<>]*)(?P<path>(?=/)[^\s'\"<>?]*(?:hook|/services/|/bot[0-9]+|/integration)[^\s'\"<>?]*)"
    r"|(?P<place2>https?://[^\s/'\"<>]*hook[^\s/'\"<>]*)(?P<path2>/[^\s'\"<>?]+)",
    re.IGNORECASE,
)
_SHAPED = re.compile(
    r"\b(gl(?:sa|pat|c)[_\-][\w\-]{8,}|gh[pousr]_\w{8,}|xox[a-z]-[\w\-]{8,}|[0-9]{6,}:[A-Za-z0-9_\-]{30,}"
    r"|ey[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*)"
)


def shown(text: object) -> str:
    """`text` as it may be shown: without credentials, control characters written out."""
    return printable(redacted(str(text)))


def printable(text: str) -> str:
    """`text` with every character that a terminal would obey, or that nobody sees, written out: ``\\x1b``.

    That is what Unicode calls control, format, surrogate, separator of lines, private or unassigned.
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or one in _LAYOUT or category(one) == "Zs" else _written_out(one) for one in text
    )


def redacted(text: str) -> str:
    """`text` with `HIDDEN` for each credential. What was redacted once stays as it is."""
    # Named ones before and after: an @ in one would be taken for the end of a URL's user, and what is a name may only
    # show once that has gone.
    text = _NAMED.sub(_without_value, text)
    text = _AUTHORITY.sub(_without_user, text)
    text = _HOOK.sub(_without_path, text)
    text = _NAMED.sub(_without_value, text)
    text = _HEADER.sub(lambda found: f"{found[1]} {HIDDEN}", text)
    return _SHAPED.sub(HIDDEN, text)


def is_secret_name(name: str) -> bool:
    """Whether what a field of this name holds is never shown."""
    plain = _decoded(name).lower().rpartition(".")[2].replace("-", "_").strip("_")
    return bool(_SECRET_NAME.search(plain)) and not _OF_A_FILE.search(plain)


def _written_out(letter: str) -> str:
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _decoded(text: str) -> str:
    """`text` without percent signs, however often it was encoded."""
    for _ in range(4):
        text, before = unquote(text), text
        if text == before:
            break
    return text


def _without_value(found: re.Match[str]) -> str:
    if not is_secret_name(found["name"]) or HIDDEN in found["value"]:
        return found[0]
    mark = found["value"][0] if found["value"][0] in "'\"" else ""
    return f"{found['name']}{found['equals']}{mark}{HIDDEN}{mark}"


def _without_user(found: re.Match[str]) -> str:
    """A URL, or what may be one, without what stands before the host.

    People forget to encode: a password may hold ``@``, ``/``, ``#`` and blanks. It ends at the last ``@`` of the word;
    where the word has none it may go on to the next one on the line, unless what follows the host is a port.
    """
    scheme, rest = found["scheme"], found["rest"]
    word = _BLANK.split(rest, maxsplit=1)[0]
    ends = [one.span() for one in _AT.finditer(word)]
    is_path = not ends and not scheme.lower().endswith(("//", "%2f%2f"))
    if is_path or word.startswith(_PLACEHOLDER):
        return found[0]
    user, colon, secret = _split_user(word)
    if ends:
        begins, ends_at = ends[-1]
        user, colon, _ = _split_user(word[:begins])
        kept = "" if _BROWSED.match(scheme) or HIDDEN in user else user
        mark = f"{kept}{colon}{HIDDEN}" if kept and colon else HIDDEN if not kept or colon else kept
        return f"{scheme}{mark}{word[begins:ends_at]}{redacted(rest[ends_at:])}"
    if not colon or word.startswith("[") or _PORT.match(secret) or not secret or secret.startswith(HIDDEN):
        return f"{scheme}{word}{redacted(rest[len(word) :])}"
    later = _AT.search(rest)
    tail = rest[later.start() :] if later else rest[len(word) :]
    return f"{scheme}{user}{colon}{HIDDEN}{redacted(tail)}"


def _split_user(text: str) -> tuple[str, str, str]:
    colon = re.search(r":|%3A", text, re.IGNORECASE)
    return (text[: colon.start()], colon[0], text[colon.end() :]) if colon else (text, "", "")


def _without_path(found: re.Match[str]) -> str:
    return f"{found['place'] or found['place2']}/{HIDDEN}"
