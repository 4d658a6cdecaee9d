"""The page at ``/``: what this is and how the city is, for whoever opens the exporter's address in a browser.

One HTML document without script: Indonesian first, English second. A state is always a word and a shape, never a colour
alone. Everything that comes from outside is escaped.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from html import escape
from importlib.resources import files

from exporter.web.state import CanaryShown, Link, Overview, UplinkShown
from pantau.states import State

REFRESH_SECONDS = 10
PROBLEMS_SHOWN = 20

_WORDS: Mapping[State, tuple[str, str, str]] = {
    State.UP: ("●", "Berfungsi", "Up"),
    State.DEGRADED: ("◐", "Terganggu", "Degraded"),
    State.DOWN: ("▼", "Mati", "Down"),
    State.ISOLATED: ("⊘", "Terisolir", "Isolated"),
    State.MAINTENANCE: ("◆", "Pemeliharaan", "Maintenance"),
    State.UNKNOWN: ("?", "Tidak diketahui", "Unknown"),
    State.INACTIVE: ("○", "Nonaktif", "Inactive"),
}
"""Shape, Indonesian word and English word of each state, in the order in which the page shows them."""

_ALWAYS_SHOWN = (State.UP, State.DEGRADED, State.DOWN, State.UNKNOWN)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_OWN_LINKS = (Link("/metrics", "/metrics"), Link("/-/ready", "/-/ready"), Link("/-/healthy", "/-/healthy"))
_CSS = (files(__package__) / "page.css").read_text("utf-8")
_LOGO = (
    '<svg viewBox="0 0 48 48" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" '
    'aria-hidden="true"><path d="M6 19a26 26 0 0 1 36 0M13 27a16 16 0 0 1 22 0"/>'
    '<circle cx="24" cy="37" r="4.5" fill="currentColor" stroke="none"/></svg>'
)


def render_page(overview: Overview, *, ready: bool) -> str:
    """The whole document; `ready` is whether the first full round of probes is complete."""
    return (
        '<!doctype html>\n<html lang="id">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">\n'
        f"<title>Pantau · {escape(overview.vantage)}</title>\n<style>\n{_CSS}</style>\n</head>\n<body>\n"
        f"<header>{_LOGO}<div><h1>Pantau</h1>"
        f"<p>Memantau hotspot WiFi publik kota, tanpa henti {_english('keeps watch over the city’s public WiFi')}</p>"
        f"</div></header>\n<main>\n{_alarms(overview, ready)}{_city(overview.counts)}"
        f'<div class="grid">\n{_vantage(overview)}{_exporter(overview)}</div>\n'
        f'<div class="grid">\n{_uplinks(overview.uplinks)}{_links(overview.links)}</div>\n'
        f"</main>\n{_footer(overview)}</body>\n</html>\n"
    )


def _alarms(overview: Overview, ready: bool) -> str:
    """What the reader must know before believing a figure."""
    parts = []
    if not overview.vantage_up:
        parts.append(
            _alarm(
                "Jalur kami sendiri terputus: keadaan hotspot tidak diketahui, bukan mati.",
                "Our own path is cut: the state of the hotspots is unknown, not down.",
            )
        )
    if not ready:
        parts.append(
            '<section class="note"><p>Putaran pertama belum selesai: angka belum lengkap.</p>'
            '<p lang="en">The first round is not complete yet: the figures are partial.</p></section>\n'
        )
    if not overview.reload_successful:
        parts.append(
            _alarm(
                "Konfigurasi terakhir ditolak; yang lama tetap berjalan.",
                "The last configuration was refused; the old one goes on.",
                overview.reload_problems,
            )
        )
    return "".join(parts)


def _alarm(indonesian: str, english: str, problems: tuple[str, ...] = ()) -> str:
    shown = [escape(problem) for problem in problems[:PROBLEMS_SHOWN]]
    more = len(problems) - len(shown)
    if more:
        shown.append(f"… dan {more} lagi / and {more} more")
    details = "<pre>" + "\n".join(shown) + "</pre>" if shown else ""
    return (
        f'<section class="alarm" role="alert"><p>{_mark(State.DOWN, "▲")} {indonesian}</p>'
        f'<p lang="en">{english}</p>{details}</section>\n'
    )


def _city(counts: Mapping[State, int]) -> str:
    total = sum(counts.values())
    working = counts.get(State.UP, 0) + counts.get(State.DEGRADED, 0)
    present = [(state, counts.get(state, 0)) for state in _WORDS if counts.get(state, 0)]
    segments = "".join(
        f'<span class="{state.label}" style="flex:{count}" title="{_WORDS[state][1]}: {count}"></span>'
        for state, count in present
    )
    described = ", ".join(f"{_WORDS[state][1]} {count}" for state, count in present) or "belum ada hotspot"
    items = "".join(
        f'<li class="{state.label}">{_mark(state)}<b>{_number(counts.get(state, 0))}</b>'
        f'<span class="word">{indonesian} {_english(english)}</span></li>'
        for state, (_, indonesian, english) in _WORDS.items()
        if counts.get(state, 0) or state in _ALWAYS_SHOWN
    )
    return (
        f'<section>\n<p class="headline"><strong>{_number(working)}</strong> dari {_number(total)} hotspot berfungsi '
        f"{_english(f'of {_number(total)} hotspots work')}</p>\n"
        f'<div class="bar" role="img" aria-label="{described}">{segments or "<span class=none></span>"}</div>\n'
        f'<ul class="counts">{items}</ul>\n</section>\n'
    )


def _vantage(overview: Overview) -> str:
    rows = [(escape(overview.vantage), "", _health(overview.vantage_up, ("tersambung", "connected"), ("putus", "cut")))]
    rows += [_canary(canary) for canary in overview.canaries]
    if not overview.canaries:
        rows.append(("Kenari", "Canaries", f"tidak ada {_english('none')}"))
    return _table("Titik pantau", "Vantage", rows)


def _canary(canary: CanaryShown) -> tuple[str, str, str]:
    proves = f" · {escape(canary.isp)}" if canary.isp else ""
    return (
        escape(canary.name),
        f"kenari / canary{proves}",
        _health(canary.up, ("menjawab", "answers"), ("diam", "silent")),
    )


def _uplinks(uplinks: tuple[UplinkShown, ...]) -> str:
    rows = [(escape(uplink.name), "", _state(uplink.state)) for uplink in uplinks]
    return _table("Jalur", "Uplinks", rows) if rows else ""


def _exporter(overview: Overview) -> str:
    zone = overview.timezone
    loaded = _health(overview.reload_successful, ("berhasil", "succeeded"), ("ditolak", "refused"))
    return _table(
        "Exporter",
        "",
        [
            ("Mesin", "Engine", f"{escape(overview.engine)} · {escape(overview.socket)}"),
            ("Mulai", "Started", _time(overview.started_seconds, zone)),
            ("Konfigurasi", "Configuration", loaded),
            ("Dimuat", "Loaded", _time(overview.reload_seconds, zone)),
        ],
    )


def _table(indonesian: str, english: str, rows: Iterable[tuple[str, str, str]]) -> str:
    lines = "".join(f"<div><dt>{name} {_english(other)}</dt><dd>{value}</dd></div>\n" for name, other, value in rows)
    return f"<section>\n<h2>{indonesian} {_english(english)}</h2>\n<dl>\n{lines}</dl>\n</section>\n"


def _links(links: Iterable[Link]) -> str:
    items = "".join(
        f'<li><a href="{escape(link.url)}">{escape(link.text)}</a></li>'
        for link in (*links, *_OWN_LINKS)
        if link.url.startswith(("https://", "http://", "/"))
    )
    return f'<section>\n<h2>Tautan {_english("Links")}</h2>\n<ul class="links">{items}</ul>\n</section>\n'


def _footer(overview: Overview) -> str:
    now = _time(overview.now_seconds, overview.timezone, "%H:%M:%S")
    return (
        f"<footer><p>Pantau {escape(overview.version)} · {now} · dimuat ulang tiap {REFRESH_SECONDS} detik "
        f"{_english(f'reloads every {REFRESH_SECONDS} s')}</p></footer>\n"
    )


def _health(good: bool, yes: tuple[str, str], no: tuple[str, str]) -> str:
    state, (indonesian, english) = (State.UP, yes) if good else (State.DOWN, no)
    return f"{_mark(state)} {indonesian} {_english(english)}"


def _state(state: State) -> str:
    _, indonesian, english = _WORDS[state]
    return f"{_mark(state)} {indonesian} {_english(english)}"


def _mark(state: State, shape: str = "") -> str:
    return f'<span class="mark {state.label}" aria-hidden="true">{shape or _WORDS[state][0]}</span>'


def _english(text: str) -> str:
    return f'<span class="en" lang="en">{text}</span>' if text else ""


def _number(value: int) -> str:
    """Thousands apart by a narrow space: a dot or a comma would say different things in the two languages."""
    return f"{value:,}".replace(",", "\u202f")


def _time(seconds: float, zone: tzinfo, clock: str = "%H:%M") -> str:
    moment = datetime.fromtimestamp(seconds, zone)
    day = f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    return f"{day} {moment:{clock}} {escape(moment.tzname() or '')}"
