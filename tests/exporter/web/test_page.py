"""The page at ``/`` says what is so, in words, and lets nothing of the outside become markup."""

import re
from datetime import timedelta, timezone
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.verdicts.sight import UnseenReason
from exporter.web.page import UNSEEN_SHOWN, render_page
from exporter.web.state import CanaryShown, Link, UnseenShown
from pantau.states import State
from tests.exporter.web.running import make_overview

VOID = {"meta", "circle", "path", "link", "br"}


class Reader(HTMLParser):
    """Collects text and tags, and refuses tags that do not match."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(document)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Must close what was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect what is shown, and not the style."""
        if self.open and self.open[-1] not in ("style", "title"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All text, its spaces and newlines made single."""
        return re.sub(r"[ \n]+", " ", " ".join(self.texts))


def test_a_good_day() -> None:
    """The working hotspots of all, each state with its shape, figure and two words, and everything else well."""
    reader = Reader(render_page(make_overview(), ready=True))
    assert "963 dari 1\u202f000 hotspot berfungsi of 1\u202f000 hotspots work" in reader.text
    assert "● 942 Online ▲ 21 Terganggu Degraded ✖ 34 Offline ■ 3 Tak diketahui Unknown" in reader.text
    assert "noc-bitung ● tersambung connected gateway kenari / canary ● menjawab answers" in reader.text
    assert "batch · datagram" in reader.text
    assert "Mulai Started 14 Nov 2023 19:26 UTC" in reader.text
    assert "Konfigurasi Configuration ● berhasil succeeded Dimuat Loaded 14 Nov 2023 20:50 UTC" in reader.text
    assert "Pantau 1.2.3 · 14 Nov 2023 22:13:20 UTC" in reader.text
    assert not [tag for tag, attributes in reader.tags if attributes.get("role") == "alert"]


def test_it_reads_itself_anew_and_runs_no_script() -> None:
    """Ten seconds, Indonesian, fit for a phone, no script, nothing from elsewhere."""
    reader = Reader(render_page(make_overview(), ready=True))
    metas = [attributes for tag, attributes in reader.tags if tag == "meta"]
    assert {"http-equiv": "refresh", "content": "10"} in metas
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in metas
    assert ("html", {"lang": "id"}) in reader.tags
    assert {tag for tag, _ in reader.tags} & {"script", "img", "link", "iframe"} == set()


def test_the_bar_shows_the_proportions() -> None:
    """A segment for each state that has hotspots, as wide as their number, and told in words to who cannot see it."""
    counts = {State.DOWN: 1, State.UP: 5, State.ISOLATED: 2, State.MAINTENANCE: 0, State.INACTIVE: 4}
    reader = Reader(render_page(make_overview(counts=counts), ready=True))
    bar = re.search(r'<div class="bar".*?</div>', render_page(make_overview(counts=counts), ready=True))
    assert bar is not None
    assert re.findall(r'class="(\w+)" style="flex:(\d+)"', bar[0]) == [
        ("up", "5"),
        ("down", "1"),
        ("isolated", "2"),
        ("inactive", "4"),
    ]
    labels = [attributes["aria-label"] for _, attributes in reader.tags if attributes.get("role") == "img"]
    assert labels == ["Online 5, Offline 1, Isolir 2, Nonaktif 4"]
    assert "Pemeliharaan" not in reader.text
    assert "▲ 0 Terganggu Degraded" in reader.text


def test_every_state_can_be_shown() -> None:
    """No state is forgotten, and no two share a shape or a word."""
    reader = Reader(render_page(make_overview(counts=dict.fromkeys(State, 1)), ready=True))
    shown = (
        "● 1 Online ▲ 1 Terganggu Degraded ✖ 1 Offline ■ 1 Tak diketahui Unknown ★ 1 Isolir Isolated "
        "☆ 1 Tanpa internet No internet ✚ 1 Pemeliharaan Maintenance ○ 1 Nonaktif Inactive"
    )
    assert shown in reader.text


def test_the_reader_s_language_comes_first() -> None:
    """Any order of languages; one alone says nothing twice."""
    english = Reader(render_page(make_overview(), ready=True, languages=("en", "id")))
    assert "963 of 1\u202f000 hotspots work dari 1\u202f000 hotspot berfungsi" in english.text
    assert ("html", {"lang": "en"}) in english.tags
    alone = Reader(render_page(make_overview(), ready=True, languages=("en",)))
    assert "▲ 21 Degraded ✖ 34 Offline ■ 3 Unknown" in alone.text
    assert [attributes for _, attributes in alone.tags if "lang" in attributes] == [{"lang": "en"}]


def test_an_empty_city() -> None:
    """No hotspot yet is no division by zero."""
    reader = Reader(render_page(make_overview(counts={}, canaries=()), ready=False))
    assert "0 dari 0 hotspot berfungsi" in reader.text
    assert "Kenari Canaries tidak ada none" in reader.text
    assert "Putaran pertama belum selesai" in reader.text


def test_our_own_faults_come_first() -> None:
    """A cut path and a refused configuration are told before any figure, with at most twenty problems."""
    overview = make_overview(
        vantage_up=False,
        canaries=(CanaryShown("gateway", False),),
        reload_successful=False,
        reload_problems=tuple(f"hotspots.csv:{i}: wrong" for i in range(1, 24)),
    )
    text = Reader(render_page(overview, ready=True)).text
    faults, figures = text.split("963 dari")
    assert "▲ Jalur kami sendiri terputus: keadaan hotspot tidak diketahui, bukan mati." in faults
    assert "▲ Konfigurasi terakhir ditolak; yang lama tetap berjalan." in faults
    assert "hotspots.csv:20: wrong … dan 3 lagi / and 3 more" in faults
    assert "hotspots.csv:21" not in text
    assert "✖ putus cut gateway kenari / canary ✖ diam silent" in figures
    assert "Konfigurasi Configuration ✖ ditolak refused" in figures


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://grafana.example/d/city?a=1&b=2", True),
        ("http://localhost:9090", True),
        ("/metrics", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("", False),
    ],
)
def test_only_web_links_are_shown(url: str, shown: bool) -> None:
    """A link leads to a page, and never runs anything."""
    reader = Reader(render_page(make_overview(links=(Link("there", url),)), ready=True))
    found = [attributes["href"] for tag, attributes in reader.tags if tag == "a"]
    assert found == [url] * shown + ["/metrics", "/-/ready", "/-/healthy"]


@given(st.text(alphabet=st.sampled_from("<>&\"'/=ab \n"), min_size=1))
def test_nothing_from_outside_becomes_markup(strange: str) -> None:
    """Names, problems, links and versions are text, whatever they hold."""
    plain, odd = (
        Reader(
            render_page(
                make_overview(
                    version=text,
                    vantage=text,
                    engine=text,
                    socket=text,
                    canaries=(CanaryShown(text, True),),
                    reload_successful=False,
                    reload_problems=(text,),
                    links=(Link(text, f"/{text}"),),
                ),
                ready=True,
            )
        )
        for text in ("plain", strange)
    )
    assert [tag for tag, _ in odd.tags] == [tag for tag, _ in plain.tags]
    assert [sorted(attributes) for _, attributes in odd.tags] == [sorted(attributes) for _, attributes in plain.tags]


def test_times_are_told_in_the_city_s_zone() -> None:
    """WITA is UTC+8, and the month is Indonesian."""
    overview = make_overview(timezone=timezone(timedelta(hours=8), "WITA"), started_seconds=1_715_000_000.0)
    assert "Mulai Started 6 Mei 2024 20:53 WITA" in Reader(render_page(overview, ready=True)).text


def test_who_cannot_be_seen_is_listed_with_reason_and_time() -> None:
    """In both languages, nothing of it markup; where everybody is seen there is no such list."""
    unseen = (
        UnseenShown("BTG-<b>", "maesa · telkom", UnseenReason.RESOLVE, 1_699_990_000.0),
        UnseenShown("BTG-00002", "girian · icon", UnseenReason.SEND, 1_699_995_000.0),
    )
    reader = Reader(render_page(make_overview(unseen=unseen), ready=True))
    assert "Tidak terlihat Cannot be seen BTG-<b> maesa · telkom ■ namanya tidak punya alamat" in reader.text
    assert "its name has no address · sejak 14 Nov 2023 19:26 UTC since 14 Nov 2023 19:26 UTC" in reader.text
    assert "BTG-00002 girian · icon ■ probe ke sana tidak dapat dikirim dari sini" in reader.text
    assert "Tidak terlihat" not in Reader(render_page(make_overview(), ready=True)).text


def test_of_many_who_cannot_be_seen_the_rest_is_a_number() -> None:
    """A name server that is gone makes a long list."""
    unseen = tuple(UnseenShown(f"h{n}", "", UnseenReason.RESOLVE, 1.6e9) for n in range(UNSEEN_SHOWN + 7))
    text = Reader(render_page(make_overview(unseen=unseen), ready=True)).text
    assert text.count("namanya tidak punya alamat") == UNSEEN_SHOWN
    assert "… dan 7 lagi / and 7 more" in text


@pytest.mark.parametrize("reason", UnseenReason)
def test_each_reason_has_words_of_its_own(reason: UnseenReason) -> None:
    """None is shown as a code."""
    unseen = (UnseenShown("h0", "", reason, 1.6e9),)
    assert f" {reason.label} " not in Reader(render_page(make_overview(unseen=unseen), ready=True)).text
