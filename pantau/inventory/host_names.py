"""Host names, and what people write where one is asked for and none is there to write."""

import re
import unicodedata

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\Z")
_LONGEST_NAME, _SHOWN = 253, 80
_HEX = r"[0-9A-Fa-f]"
_MAC = re.compile(rf"\A({_HEX}{{2}}([:-]{_HEX}{{2}}){{5}}|{_HEX}{{4}}(\.{_HEX}{{4}}){{2}}|{_HEX}{{12}})\Z")
_LIST = re.compile(r"[,;|&+]|\s(and|dan|or|atau)\s|[0-9a-f]\s+[0-9a-f]+[.:]", re.IGNORECASE)
_COMMAS = re.compile(r"\A[0-9]{1,3}(,[0-9]{1,3}){3}\Z")
_RANGE = re.compile(r"\A[0-9]{1,3}(\.[0-9]{1,3}){1,3}\s*(-|\.\.+|–|s/d|sampai)\s*[0-9][0-9.]*\Z", re.IGNORECASE)
_LIKE_IPV4 = re.compile(r"\A([0-9.]+|([0-9]{1,3}\.){1,3}(?=[^.]*[0-9xX*?])[0-9xX*?_-]+)\Z")
_ONE_EACH = "give each hotspot a row of its own, with its own address"
_NO_IPV4 = "is not an IPv4 address; write four numbers from 0 to 255, no leading zeros"
_FORMS = (
    (_MAC, "is a MAC address, which no router leads to; write the device's IP address"),
    (_COMMAS, _NO_IPV4),
    (_RANGE, f"is a range of addresses; {_ONE_EACH}"),
    (_LIST, f"holds more than one address; {_ONE_EACH}"),
    (re.compile(r"\\"), "has a '\\'; write the bare address, without prefix length"),
    (re.compile(r"/"), "has a '/'; write the bare address, without scheme, path or prefix length"),
    (re.compile(r"[:\[]"), "is not an IPv6 address; write one (no port), an IPv4 address or a host name"),
    (_LIKE_IPV4, _NO_IPV4),
    (re.compile(r"\S\s+\S"), "has a blank in it, as no address and no name has; delete it, or write the address alone"),
)
"""What is written in place of an address, and what to say of it: the first that is found."""
_LOOKS_LIKE_A_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]*\Z|[0-9]")
"""How the last label of a name may not begin (RFC 3696, 2): `inet_aton(3)` would read it as an address."""
_NOTES = re.compile(
    r"[-.?]{1,4}|n/?a|nil|null|none|na|nihil|kosong|(belum|tidak)?(ada|tersedia|diketahui)?|menyusul|nanti|proses|survei|survey"
    r"|pending|tba|tbd|todo|unknown|dhcp|dinamis|dynamic|statis|static|auto|otomatis|pppoe|nat|cgnat|ip(v4|v6)?|publi[ck]"
    r"|privat(e)?|starlink|vsat|offline|mati|rusak|x{1,4}"
)
"""What stands in a cell that should be empty: words of the offices and of installers, without blanks and hyphens."""


def host_name(text: str) -> str:
    """`text` in lower case without its final dot; `ValueError` with the cure if it is no host name.

    By RFC 1123, 2.1: labels of letters, digits and hyphens; and of underscores, which DNS has (RFC 2181, 11).
    """
    if not text.isascii():
        raise ValueError(_not_ascii(text))
    if is_note(text):
        raise ValueError(f"'{text}' is a note, not an address; list the hotspot when it has a fixed address or a name")
    wrong = next((message for form, message in _FORMS if form.search(text)), None)
    if wrong is not None:
        raise ValueError(f"'{text[:_SHOWN]}' {wrong}")
    name = text.removesuffix(".").lower()
    labels = name.split(".")
    if len(name) > _LONGEST_NAME or not all(map(_LABEL.match, labels)) or _ends_as_a_number(labels):
        raise ValueError(
            f"'{text[:_SHOWN]}' is neither an IP address nor a host name; "
            "a name is labels of letters, digits, hyphens and underscores with dots between, no number the last"
        )
    return name


def names_this_machine(name: str) -> bool:
    """Whether a host name leads nowhere but here, whoever asks (RFC 6761, 6.3)."""
    return name.rpartition(".")[2] in {"localhost", "localdomain"}


def _ends_as_a_number(labels: list[str]) -> bool:
    """A top-level domain does not begin with a digit; of a name without dots only a number is none."""
    last = labels[-1]
    if len(labels) == 1:
        return last.isdigit() or last.startswith("0x")
    return _LOOKS_LIKE_A_NUMBER.match(last) is not None


def is_note(text: str) -> bool:
    """Whether it is what stands in a cell that should be empty: DHCP, belum ada, n/a."""
    folded = text.strip("()[]<>\"' ").lower()
    return bool(folded) and _NOTES.fullmatch(re.sub(r"(?<=\w)[\s_-]+(?=\w)", "", folded)) is not None


def _not_ascii(text: str) -> str:
    """What is wrong with letters outside ASCII: look-alikes of digits and dots, or a name in another script."""
    plain = "".join(filter(None, map(_plain, unicodedata.normalize("NFKC", text)))).strip()
    if plain.isascii() and plain:
        return f"'{text}' has characters that only look like it, or are not seen; write '{plain}'"
    return f"'{text}' has letters outside ASCII; write the name's xn-- form"


def _plain(letter: str) -> str:
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(letter) == "Cf":  # joiners, marks of direction
        return ""
    return {"。": ".", "۔": ".", "–": "-", "—": "-", "‑": "-"}.get(letter, letter)
