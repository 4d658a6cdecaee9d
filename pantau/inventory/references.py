"""References between records lead somewhere, and agree: kecamatan, ISP and contract."""

import re
from collections.abc import Callable, Iterator

from pantau.errors import Problem
from pantau.inventory.rows import Rows
from pantau.inventory.wards import ward_key
from pantau.inventory.wording import did_you_mean, nearest, quote

_REFERRING = {
    "kecamatan": ("kelurahan", "contracts", "uplinks", "hotspots"),
    "isps": ("contracts", "uplinks", "hotspots"),
    "contracts": ("hotspots",),
}
_FIELDS = {"kecamatan": ("kecamatan", "kecamatan"), "isps": ("isp", "ISP"), "contracts": ("contract", "contract")}
"""The field that refers to a kind, and the word for one of the kind."""
_TITLE = re.compile(r"^(kecamatan|kec|pt)\b\.?\s*", re.IGNORECASE)


def check_references(rows: Rows) -> Iterator[Problem]:
    """Each kecamatan, ISP and contract that is named exists, and a hotspot's contract is one for it."""
    for kind, referring in _REFERRING.items():
        if kind in rows.incomplete:
            continue
        field, word = _FIELDS[kind]
        known = {row.written("id"): row for row in rows[kind]}
        cure = _cure(rows, kind)
        for row in (row for other in referring for row in rows.usable(other, field)):
            named = getattr(row.value, field)
            if named is not None and named not in known:
                yield row.problem(field, f"{quote(named)} is not a known {word}; {cure(named)}")
    yield from _check_contracts(rows)


def _cure(rows: Rows, kind: str) -> Callable[[str], str]:
    """People write a name or a code, too, and before it what it names, where an id is asked for."""
    ids = tuple(sorted(row.written("id") for row in rows[kind]))
    names = {row.written(key): row.written("id") for row in rows[kind] for key in ("name", "code") if row.written(key)}
    spelled = {ward_key(name): id_ for name, id_ in names.items()}

    def cure(named: str) -> str:
        bare = _TITLE.sub("", named)
        meant = spelled.get(ward_key(bare))
        meant = meant or (None if nearest(named, ids) else names.get(nearest(bare, tuple(names)) or ""))
        return f"write its id, {quote(meant)}" if meant else did_you_mean(named, ids)

    return cure


def _check_contracts(rows: Rows) -> Iterator[Problem]:
    known = {kind: {row.written("id") for row in rows[kind]} for kind in ("kecamatan", "isps")}
    contracts = {row.value.id: row for row in rows.usable("contracts", "id", "kecamatan", "isp")}
    for row in rows.usable("hotspots", "contract"):
        contract = contracts.get(row.value.contract)
        if contract is None:
            continue
        for kind in ("kecamatan", "isps"):
            field, word = _FIELDS[kind]
            ours, theirs = getattr(row.value, field), getattr(contract.value, field)
            if row.checked.usable(field) and ours != theirs and ours in known[kind]:
                message = f"contract {quote(contract.value.id)} is for {word} {quote(theirs)}, not {quote(ours)}"
                yield row.problem("contract", f"{message}; correct the contract or the {field}")
