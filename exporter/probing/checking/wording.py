"""Texts with ``*`` for anything, found in what a stranger sends: in linear time, whatever he sends."""


def has(pattern: str, text: str) -> bool:
    """Whether `text` has all parts of the pattern, one after the other; upper and lower case are the same."""
    place, lowered = 0, text.casefold()
    for part in pattern.casefold().split("*"):
        found = lowered.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return True


def fits(pattern: str, text: str) -> bool:
    """Whether the pattern describes all of `text`, from its beginning to its end."""
    first, *others = pattern.casefold().split("*")
    lowered = text.casefold()
    if not others:
        return lowered == first
    last = others[-1]
    if not lowered.startswith(first) or not lowered.endswith(last) or len(lowered) < len(first) + len(last):
        return False
    return has("*".join(others[:-1]), lowered[len(first) : len(lowered) - len(last)])
