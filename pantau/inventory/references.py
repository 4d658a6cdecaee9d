"""References between records lead somewhere, and agree: kecamatan, ISP and contract."""

from collections.abc import Callable, Iterator

from pantau.errors import Problem
from pantau.inventory.rows import Row, Rows
from pantau.inventory.wards import ward_key
from pantau.inventory.wording import did_you_mean, quote

_REFERRING = {
    "kecamatan": ("kelurahan", "contracts", "uplinks", "hotspots"),
    "isps": ("contracts", "uplinks", "hotspots"),
    "contracts": ("hotspots",),
}
_FIELDS = {"kecamatan": ("kecamatan", "kecamatan"), "isps": ("isp", "ISP"), "contracts": ("contract", "contract")}
"""The field that refers to a kind, and the word for one of the kind."""


def check_references(rows: Rows) -> Iterator[Problem]:
    """Each kecamatan, ISP and contract that is named exists, and a hotspot's contract is one for it."""
    for kind, referring in _REFERRING.items():
        if kind in rows.incomplete:
            continue
        field, word = _FIELDS[kind]
        known = {row.written("id"): row for row in rows[kind]}
        cure = _cure_for_kecamatan(rows) if kind == "kecamatan" else _cure(known)
        for row in (row for other in referring for row in rows.usable(other, field)):
            named = getattr(row.value, field)
            if named is not None and named not in known:
                yield row.problem(field, f"{quote(named)} is not a known {word}; {cure(named)}")
    yield from _check_contracts(rows)


def _cure(known: dict[str, Row]) -> Callable[[str], str]:
    ids = tuple(sorted(known))
    return lambda named: did_you_mean(named, ids)


def _cure_for_kecamatan(rows: Rows) -> Callable[[str], str]:
    """People write a kecamatan's name or code, too, where its id is asked for."""
    ids = tuple(sorted(row.written("id") for row in rows["kecamatan"]))
    spelled = {ward_key(row.written(key)): row.written("id") for row in rows["kecamatan"] for key in ("name", "code")}

    def cure(named: str) -> str:
        meant = spelled.get(ward_key(named))
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
