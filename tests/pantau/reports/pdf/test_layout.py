"""Nothing is cut off: 143 points with long names, hostile names, and a signature block that stays whole."""

from dataclasses import replace

import pytest

from lab.samples.editions import correction
from lab.samples.large_contract import POINTS, large
from pantau.reports.pdf import html, pdf
from pantau.reports.statement import Statement
from tests.pantau.reports.pdf.looking import POINTS_PER_MM, Pdf

MARGIN = 11 * POINTS_PER_MM
"""The narrowest margin is 12 mm; a millimetre for what hangs over by optics."""
HOSTILE = (
    "<script>alert(1)</script>",
    "</td></table><h2>15. Palsu</h2>",
    "'\"&amp;{{ 7*7 }}{% raw %}",
    "url(file:///etc/passwd) } @page { size: 1mm }",
    "x" * 120,
    "%(points)s %s %d 100%",
    "مرحبا ‮ kiri 日本語 😀",
)


@pytest.fixture(scope="module")
def whole() -> Pdf:
    """The large contract's second version, with the witness' 143 rows."""
    return Pdf(pdf(large(), correction(large())))


def test_the_large_contract_is_as_large_as_it_should_be() -> None:
    """Names of more than sixty characters."""
    assert large().summary.points == POINTS
    assert min(len(row.name) for row in large().points) > 60


def test_every_word_lies_within_the_margins(whole: Pdf) -> None:
    """On every page, upright or across."""
    assert {(round(page.width), round(page.height)) for page in whole.pages} == {(595, 842), (842, 595)}
    outside = [
        number
        for number, page in enumerate(whole.pages)
        if page.left < MARGIN
        or page.right > page.width - MARGIN
        or page.bottom < 5 * POINTS_PER_MM
        or page.top > page.height - 5 * POINTS_PER_MM
    ]
    assert outside == []


def test_the_heads_of_long_tables_are_repeated(whole: Pdf) -> None:
    """On each page of tables A, B, F and of the witness."""
    first, after = whole.pages_with("3. Tabel A: per titik")[-1], whole.pages_with("4. Tabel B: gangguan")[-1]
    assert after - first > 8
    heads = ("Titik, kelurahan", "Ketersediaan", "SLA terpenuhi?", "Dapat dibayar")
    assert [number for number in range(first, after) for head in heads if head not in whole.pages[number].text] == []
    third, fourth = whole.pages_with("8. Tabel F: kalender")[-1], whole.pages_with("9. Perbaikan")[-1]
    days = " ".join(map(str, range(1, 31)))
    assert [number for number in range(third, fourth) if days not in whole.pages[number].text] == []
    assert fourth - third > 3
    assert len(whole.pages_with("Mulai Selesai Terlihat mati")) > 3
    assert len(whole.pages_with("Mati: jurnal")) == 3


def test_every_point_has_its_line_in_tables_a_and_f(whole: Pdf) -> None:
    """By its number, name and id, in full."""
    text = whole.text
    for number, row in enumerate(large().points, 1):
        assert f"{number} {row.name} {row.point} · {row.kelurahan}" in text
        assert f"{number} {row.name} {row.point} " in text[text.rindex("8. Tabel F") :]


def test_totals_of_many_points_are_printed_in_full(whole: Pdf) -> None:
    """Amounts of eight digits fit their columns."""
    assert f"Total: {POINTS} titik 102960:00:00" in whole.text
    payment = large().payment
    amounts = (payment.gross, payment.restitution, payment.held, payment.payable)
    assert " ".join(f"Rp{amount:,}".replace(",", ".") for amount in amounts if amount is not None) in whole.text


def test_the_signature_block_is_on_one_page(whole: Pdf) -> None:
    """The signature block is never split between pages."""
    (page,) = (page.text for page in whole.pages if "Pada hari ini" in page.text)
    for words in ("Camat Lembeh Utara", "PT Infotek Global Network", "Kantor yang mengukur"):
        assert words in page
    assert page.count("NIP atau jabatan") == 3


def hostile() -> Statement:
    """Names, documents and reasons that would like to be code."""
    made = large(len(HOSTILE))
    names = dict(zip((row.point for row in made.points), HOSTILE, strict=True))
    return replace(
        made,
        parties=replace(made.parties, isp_name=HOSTILE[1], isp_legal_name=HOSTILE[4], agreement_number=HOSTILE[3]),
        points=tuple(replace(row, name=names[row.point], kelurahan=names[row.point]) for row in made.points),
        events=tuple(
            replace(
                row,
                name=names[row.point],
                decided_by=names[row.point],
                decided_at=row.start,
                decided_reason=names[row.point],
                cause=names[row.point],
            )
            for row in made.events
        ),
        calendar=tuple(replace(row, name=names[row.point]) for row in made.calendar),
        by_kelurahan=tuple(replace(row, group=HOSTILE[0]) for row in made.by_kelurahan),
    )


def test_hostile_names_are_only_text() -> None:
    """HTML, template and CSS syntax in names is printed literally, and long words break within their column."""
    document = html(hostile(), correction(large(len(HOSTILE))))
    assert "<script" not in document
    assert document.count("<h2>15.") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in document
    read = Pdf(pdf(hostile(), correction(large(len(HOSTILE)))))
    assert "<script>alert(1)</script>" in read.text
    assert "{{ 7*7 }}{% raw %}" in read.text
    assert "x" * 120 in read.text.replace(" ", "")
    assert [page for page in read.pages if page.left < MARGIN or page.right > page.width - MARGIN] == []


def test_a_row_higher_than_a_page_goes_on_upon_the_next() -> None:
    """A reason of 600 words and 300 points of one change are printed in full."""
    made = large(4)
    words = [f"alasan{number}" for number in range(600)]
    event = replace(made.events[0], decided_by="Budi", decided_at=made.start, decided_reason=" ".join(words))
    points = [f"BTG-08-{number:04}-001" for number in range(300)]
    changes = tuple(replace(made.changes[0], point=point) for point in points)
    read = Pdf(pdf(replace(made, events=(event,), changes=changes), correction(made)))
    assert [word for word in (*words, *points) if word not in read.text] == []
    assert [page for page in read.pages if page.bottom < 5 * POINTS_PER_MM] == []
