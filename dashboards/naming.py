"""Names that fit a narrow column and still tell one from another."""

from collections import Counter
from collections.abc import Mapping

LONGEST = 10
"""What a column of the matrix holds on the wall."""
_BODIES = frozenset(
    {"PT", "PT.", "CV", "CV.", "UD", "UD.", "TBK", "TBK.", "(PERSERO)", "PERUM", "PERUMDA", "KOPERASI", "YAYASAN"}
)
"""What kind of body it is: half of all ISPs are a PT, so that is no name."""


def shortened(names: Mapping[str, str], longest: int = LONGEST) -> dict[str, str]:
    """Each name if it is short; else its first words that no other name begins with, without the kind of body."""
    words = {id_: _telling(name) for id_, name in names.items()}
    short = {id_: name if len(name) <= longest else words[id_][0] for id_, name in names.items()}
    for count in range(2, 1 + max(map(len, words.values()), default=0)):
        alike = {name for name, times in Counter(short.values()).items() if times > 1}
        short |= {id_: " ".join(words[id_][:count]) for id_, name in short.items() if name in alike}
    alike = {name for name, times in Counter(short.values()).items() if times > 1}
    return {id_: id_ if name in alike else name for id_, name in short.items()}


def _telling(name: str) -> list[str]:
    words = name.split()
    return [word for word in words if word.upper().strip(",") not in _BODIES] or words
