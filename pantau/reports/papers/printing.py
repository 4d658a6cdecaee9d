"""A list as a page to print, read and sign: HTML that a browser prints, with nothing that it would have to fetch."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from zoneinfo import ZoneInfo

from pantau.inventory import Person
from pantau.journal import DecisionList, ItemKind, ListItem, digest_of_list, list_text
from pantau.reports.words import Words, translation
from pantau.texts import Formats, mark
from pantau.texts.money import Money

_STYLE = """
@page { size: A4 landscape; margin: 14mm }
body { font: 10pt "Liberation Sans", Arial, sans-serif; color: #000 }
h1 { font-size: 13pt; margin: 0 0 2mm } p { margin: 1mm 0 }
table { border-collapse: collapse; width: 100%; margin: 4mm 0 }
th, td { border: .3mm solid #000; padding: 1mm 1.5mm; text-align: left; vertical-align: top; font-size: 8.5pt }
td.n { text-align: right; white-space: nowrap } code { font-size: 8pt; overflow-wrap: anywhere }
tr { break-inside: avoid } table.signatures td { width: 50%; height: 38mm; font-size: 10pt }
"""
_HEADS = (
    mark("No."),
    mark("Decides"),
    mark("Outage"),
    mark("Point"),
    mark("Begins"),
    mark("Ends"),
    mark("Decision"),
    mark("Document"),
    mark("Effect"),
    mark("Reason"),
)


def printable(made: DecisionList, person: Person | None, language: str = "id") -> bytes:
    """The page of a list; `person` is who proposes it."""
    say = translation(language).gettext
    formats = Formats(language, ZoneInfo(made.zone), Money(made.currency, made.digits))
    words = Words(say)
    heads = "".join(f"<th>{escape(say(head))}</th>" for head in _HEADS)
    rows = "\n".join(_row(number, item, formats, words) for number, item in enumerate(made.items, 1))
    title = say(mark("List of decisions on outages and exclusions, %(month)s")) % {"month": formats.month(made.month)}
    told = "\n".join(f"<p>{sentence}</p>" for sentence in _sentences(made, person, words, formats))
    boxes = "".join(_box(words, which) for which in (mark("First to approve"), mark("Second to approve")))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>{escape(title)}</h1>\n{told}\n"
        f"<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table>\n"
        f'<table class="signatures"><tr>{boxes}</tr></table>\n</body></html>\n'
    ).encode()


def _sentences(made: DecisionList, person: Person | None, words: Words, formats: Formats) -> Iterator[str]:
    say = words.say
    who = made.person if person is None else f"{person.name}, {person.role}, {person.office}"
    yield escape(say(mark("Proposed by %(who)s on %(when)s.")) % {"who": who, "when": formats.time(made.proposed_at)})
    scope = made.contract or say(mark("the whole city"))
    yield escape(
        say(mark("Scope: %(scope)s. Items: %(items)s. All together change what is payable by %(effect)s."))
        % {"scope": scope, "items": formats.number(len(made.items)), "effect": formats.rupiah(made.effect)}
    )
    yield escape(say(mark("The decisions hold once two people have approved this list. Until then the money is held.")))
    digest = digest_of_list(list_text(made))
    yield f"{escape(say(mark('SHA-256 of the text of this list')))}: <code>{digest}</code>"
    yield f"{escape(say(mark('Journal up to')))}: <code>{escape(made.journal)}</code>"


def _row(number: int, item: ListItem, formats: Formats, words: Words) -> str:
    lasts = words.say(mark("lasts"))
    texts: Sequence[str] = (
        words["item"](item.kind.value),
        f"#{item.target}" if item.outage else item.target,
        item.subject,
        "" if item.start is None else formats.time(item.start),
        formats.time(item.end) if item.end is not None else lasts if item.start is not None else "",
        _decision(item, formats, words),
        item.document,
    )
    cells = "".join(f"<td>{escape(text) or '—'}</td>" for text in texts)
    effect, reason = escape(formats.rupiah(item.effect)), escape(words.say(item.reason)) or "—"
    return f'<tr><td class="n">{number}</td>{cells}<td class="n">{effect}</td><td>{reason}</td></tr>'


def _decision(item: ListItem, formats: Formats, words: Words) -> str:
    paid, slash, held = item.code.partition("/")
    if item.kind is ItemKind.SETTLEMENT and slash and paid.isdecimal() and held.isdecimal():
        told = {"paid": formats.rupiah(int(paid)), "held": formats.rupiah(int(held))}
        return words.say(mark("%(paid)s of %(held)s is paid")) % told
    return words.decided(item.kind.value, item.code)


def _box(words: Words, which: str) -> str:
    lines: Iterable[str] = (which, mark("Name"), mark("Office and role"), mark("Date"), mark("Signature"))
    return "<td>" + "<br>".join(f"{escape(words.say(line))}:" for line in lines) + "</td>"
