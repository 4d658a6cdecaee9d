"""The page at ``/``: what this is and how the city is, for whoever opens the exporter's address in a browser.

One HTML document without script: Indonesian first, English second. A state is always a word and a shape, never a colour
alone; words, shapes and colours are those of the table of states. Everything that comes from outside is escaped.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape
from importlib.resources import files

from exporter.verdicts.sight import UnseenReason
from exporter.web.state import CanaryShown, Link, Overview, UnseenShown, UplinkShown
from exporter.web.words import PageWords, small
from pantau.states import EVERYDAY, SERVING, SHOWN, State
from pantau.texts import LANGUAGES
from pantau.texts import mark as _

REFRESH_SECONDS = 10
PROBLEMS_SHOWN = 20
UNSEEN_SHOWN = 20
_UNSEEN = {
    UnseenReason.RESOLVE: _("its name has no address"),
    UnseenReason.SEND: _("its probes cannot be sent from here"),
    UnseenReason.INCONCLUSIVE: _("its probes tell nothing"),
    UnseenReason.WAITING: _("no round of probes has ended yet"),
    UnseenReason.UNWATCHED: _("nothing probes it"),
}

_MONTHS = (
    *(_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun")),
    *(_("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec")),
)
_OWN_LINKS = (Link("/metrics", "/metrics"), Link("/-/ready", "/-/ready"), Link("/-/healthy", "/-/healthy"))
_COLOURS = "".join(f".{state.label} {{ --colour: {state.colour}; }}\n" for state in State)
_CSS = (files(__package__) / "page.css").read_text("utf-8") + _COLOURS
_LOGO = (
    '<svg viewBox="0 0 48 48" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" '
    'aria-hidden="true" class="logo up"><path d="M6 19a26 26 0 0 1 36 0M13 27a16 16 0 0 1 22 0"/>'
    '<circle cx="24" cy="37" r="4.5" fill="currentColor" stroke="none"/></svg>'
)


def render_page(overview: Overview, *, ready: bool, languages: Sequence[str] = LANGUAGES) -> str:
    """The whole document; `ready` is whether the first full round of probes is complete.

    Of `languages`, some of `LANGUAGES`, the first is the page's own and the others stand small beside it.
    """
    words = PageWords(languages)
    return (
        f'<!doctype html>\n<html lang="{languages[0]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">\n'
        f"<title>Pantau · {escape(overview.vantage)}</title>\n<style>\n{_CSS}</style>\n</head>\n<body>\n"
        f"<header>{_LOGO}<div><h1>Pantau</h1>"
        f"<p>{words.inline(_('keeps watch over the city’s public WiFi'))}</p>"
        f"</div></header>\n<main>\n{_alarms(words, overview, ready)}{_city(words, overview.counts)}"
        f"{_unseen(words, overview)}"
        f'<div class="grid">\n{_vantage(words, overview)}{_exporter(words, overview)}</div>\n'
        f'<div class="grid">\n{_uplinks(words, overview.uplinks)}{_links(words, overview.links)}</div>\n'
        f"</main>\n{_footer(words, overview)}</body>\n</html>\n"
    )


def _alarms(words: PageWords, overview: Overview, ready: bool) -> str:
    """What the reader must know before believing a figure."""
    parts = []
    if not overview.vantage_up:
        parts.append(_alarm(words, _("Our own path is cut: the state of the hotspots is unknown, not down.")))
    if not ready:
        partial = words.lines(_("The first round is not complete yet: the figures are partial."))
        parts.append(f'<section class="note">{partial}</section>\n')
    if not overview.reload_successful:
        refused = _("The last configuration was refused; the old one goes on.")
        parts.append(_alarm(words, refused, overview.reload_problems))
    return "".join(parts)


def _alarm(words: PageWords, message: str, problems: tuple[str, ...] = ()) -> str:
    shown = [escape(problem) for problem in problems[:PROBLEMS_SHOWN]]
    more = len(problems) - len(shown)
    if more:
        shown.append(f"… {words.beside(_('and {count} more'), count=more)}")
    details = "<pre>" + "\n".join(shown) + "</pre>" if shown else ""
    sign = f"{_mark(State.DOWN, '▲')} "
    return f'<section class="alarm down" role="alert">{words.lines(message, sign)}{details}</section>\n'


def _city(words: PageWords, counts: Mapping[State, int]) -> str:
    total = _number(sum(counts.values()))
    working = sum(counts.get(state, 0) for state in SERVING)
    present = [(state, counts.get(state, 0)) for state in SHOWN if counts.get(state, 0)]
    segments = "".join(
        f'<span class="{state.label}" style="flex:{count}" title="{words.state_first(state)}: {count}"></span>'
        for state, count in present
    )
    listed = ", ".join(f"{words.state_first(state)} {count}" for state, count in present)
    items = "".join(
        f'<li class="{state.label}">{_mark(state)}<b>{_number(counts.get(state, 0))}</b>'
        f'<span class="word">{words.state(state)}</span></li>'
        for state in SHOWN
        if counts.get(state, 0) or state in EVERYDAY
    )
    return (
        f'<section>\n<p class="headline"><strong>{_number(working)}</strong> '
        f"{words.inline(_('of {total} hotspots work'), total=total)}</p>\n"
        f'<div class="bar" role="img" aria-label="{listed or words.first(_("no hotspot yet"))}">'
        f'{segments or "<span class=none></span>"}</div>\n<ul class="counts">{items}</ul>\n</section>\n'
    )


def _vantage(words: PageWords, overview: Overview) -> str:
    path = _health(words, overview.vantage_up, _("connected"), _("cut"))
    rows = [(escape(overview.vantage), path)]
    rows += [_canary(words, canary) for canary in overview.canaries]
    if not overview.canaries:
        rows.append((words.inline(_("Canaries")), words.inline(_("none"))))
    return _table(words, _("Vantage"), rows)


def _canary(words: PageWords, canary: CanaryShown) -> tuple[str, str]:
    proves = f" · {escape(canary.isp)}" if canary.isp else ""
    name = f"{escape(canary.name)} {small(words.beside(_('canary')) + proves)}"
    return name, _health(words, canary.up, _("answers"), _("silent"))


def _unseen(words: PageWords, overview: Overview) -> str:
    """What nobody would miss otherwise: it is in no figure but that of the unknown."""
    shown = overview.unseen[:UNSEEN_SHOWN]
    if not shown:
        return ""
    rows = [_unseen_row(words, one, overview.timezone) for one in shown]
    if left := len(overview.unseen) - len(shown):
        rows.append((f"… {words.beside(_('and {count} more'), count=left)}", ""))
    return f'<div class="grid">\n{_table(words, _("Cannot be seen"), rows)}</div>\n'


def _unseen_row(words: PageWords, one: UnseenShown, zone: tzinfo) -> tuple[str, str]:
    name = f"{escape(one.name)} {small(escape(one.place))}"
    since = words.inline(_("since {time}"), time=_time(words, one.since_seconds, zone))
    return name, f"{_mark(State.UNKNOWN)} {words.inline(_UNSEEN[one.reason])} · {since}"


def _uplinks(words: PageWords, uplinks: tuple[UplinkShown, ...]) -> str:
    rows = [(escape(uplink.name), f"{_mark(uplink.state)} {words.state(uplink.state)}") for uplink in uplinks]
    return _table(words, _("Uplinks"), rows) if rows else ""


def _exporter(words: PageWords, overview: Overview) -> str:
    zone = overview.timezone
    rows = (
        (_("Engine"), f"{escape(overview.engine)} · {escape(overview.socket)}"),
        (_("Started"), _time(words, overview.started_seconds, zone)),
        (_("Configuration"), _health(words, overview.reload_successful, _("succeeded"), _("refused"))),
        (_("Loaded"), _time(words, overview.reload_seconds, zone)),
    )
    return _table(words, _("Exporter"), [(words.inline(name), value) for name, value in rows])


def _table(words: PageWords, title: str, rows: Iterable[tuple[str, str]]) -> str:
    """Of rows in markup."""
    lines = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>\n" for name, value in rows)
    return f"<section>\n<h2>{words.inline(title)}</h2>\n<dl>\n{lines}</dl>\n</section>\n"


def _links(words: PageWords, links: Iterable[Link]) -> str:
    items = "".join(
        f'<li><a href="{escape(link.url)}">{escape(link.text)}</a></li>'
        for link in (*links, *_OWN_LINKS)
        if link.url.startswith(("https://", "http://", "/"))
    )
    return f'<section>\n<h2>{words.inline(_("Links"))}</h2>\n<ul class="links">{items}</ul>\n</section>\n'


def _footer(words: PageWords, overview: Overview) -> str:
    now = _time(words, overview.now_seconds, overview.timezone, "%H:%M:%S")
    again = words.inline(_("reloads every {seconds} s"), seconds=REFRESH_SECONDS)
    return f"<footer><p>Pantau {escape(overview.version)} · {now} · {again}</p></footer>\n"


def _health(words: PageWords, good: bool, yes: str, no: str) -> str:
    return f"{_mark(State.UP if good else State.DOWN)} {words.inline(yes if good else no)}"


def _mark(state: State, shape: str = "") -> str:
    return f'<span class="mark {state.label}" aria-hidden="true">{shape or state.shape}</span>'


def _number(value: int) -> str:
    """Thousands apart by a narrow space: a dot or a comma would say different things in the two languages."""
    return f"{value:,}".replace(",", "\u202f")


def _time(words: PageWords, seconds: float, zone: tzinfo, clock: str = "%H:%M") -> str:
    moment = datetime.fromtimestamp(seconds, zone)
    day = f"{moment.day} {words.first(_MONTHS[moment.month - 1])} {moment.year}"
    return f"{day} {moment:{clock}} {escape(moment.tzname() or '')}"
