"""Makes the pictures of docs/report.md: pages of a made-up month of the example inventory.

make report-pictures            (or: python -m lab.measuring.report_pictures FOLDER)
"""

import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pypdfium2

from lab.samples.accounting import WITA, at, point, span
from lab.samples.editions import edition
from lab.samples.evidence import Correction, Recorded
from pantau.inventory import Exclusion, Inventory, SiteVisit, load
from pantau.reports.accounting import Month, Span
from pantau.reports.pdf import pdf
from pantau.reports.statement import Statement, make_statement, survey

CONFIG = Path(__file__).parents[2] / "examples/bitung/pantau.yml"
CONTRACT, WARD = "maesa-telkom", "Bitung Tengah"
MONTHS = (Month(2024, 4), Month(2024, 5))
PICTURES = {
    "sampul": "Daftar isi",
    "ringkasan": "Perlu diselesaikan sebelum penandatanganan",
    "dasar": "Cara pengukuran",
    "tabel-a": "Dari –",
    "gangguan": "Lima kejadian dengan gangguan terlama",
    "kalender": "mati sepanjang hari",
    "pembayaran": "Terbilang, dapat dibayar",
    "berita-acara": "Pada hari ini",
}
"""Each picture's name, and words that stand on its page."""


def city() -> Inventory:
    """The example city, with a letter of PLN's power cut and two visits."""
    inventory = load(CONFIG).inventory
    own = [one.id for one in inventory.hotspots if one.contract == CONTRACT]
    letter = {
        "id": "pln-mei",
        "scope": "kecamatan",
        "target": "maesa",
        "start": "2024-05-14 13:00",
        "end": "2024-05-14 17:00",
        "cause": "listrik_pln",
        "document": "PLN/ULP-BTG/112/2024",
        "proposed_by": "Telkom",
        "accepted_by": "Camat Maesa",
        "accepted_on": "2024-05-31",
    }
    visits = [
        {"hotspot": own[0], "date": "2024-05-20", "by": "Diskominfo", "result": "good", "download_mbps": 38.4},
        {"hotspot": own[3], "date": "2024-05-20", "by": "Diskominfo", "result": "poor", "note": "AP di luar jangkauan"},
    ]
    return replace(
        inventory,
        exclusions=(Exclusion.model_validate(letter),),
        site_visits=tuple(SiteVisit.model_validate(visit) for visit in visits),
    )


def evidence(inventory: Inventory) -> Recorded:
    """Ordinary outages, a power cut in one kelurahan, a cable that was cut for three days, and a gap of ours."""
    random = Random(7172)
    over = (MONTHS[0].previous.span(WITA)[0], MONTHS[1].next.span(WITA)[1])
    gap = span("05-21 02:00", "05-21 03:30")
    found, said = {}, []
    for hotspot in inventory.hotspots:
        if hotspot.kecamatan != "maesa":
            continue
        downs: list[Span] = []
        for month in MONTHS:
            start, end = month.span(WITA)
            downs += [_some(random, begin) for begin in random.sample(range(start, end - 40_000, 40_000), 3)]
        if hotspot.kelurahan == WARD:
            downs.append(span("05-14 13:05", "05-14 16:40"))
        if hotspot.contract == CONTRACT and hotspot.id.endswith("-002"):
            downs.append(span("05-07 09:30", "05-10 15:20"))
            said.append(
                Correction(
                    f"{hotspot.id}@{at('05-07 09:30')}",
                    "fo_putus",
                    "R. Wowor",
                    at("05-11 09:00"),
                    "kabel dipotong saat penggalian",
                    8112,
                )
            )
        found[hotspot.id] = point(downs, unseen=[gap], over=over)
    counted = {name: (267_840, 267_840 - random.randrange(6000)) for name in found}
    return Recorded(found, said, counted=counted)


def _some(random: Random, begin: int) -> Span:
    return begin, begin + random.choice([120, 200, 900, 3000, 9000])


def statement() -> Statement:
    """May 2024, and April for the trend."""
    inventory = city()
    seen = evidence(inventory)
    april, may = (survey(inventory, seen, month, WITA) for month in MONTHS)
    return make_statement(CONTRACT, may, [april])


def main(folder: Path) -> None:
    """Write them."""
    made = replace(edition("maesa-telkom/2024-05/1", "final"), made_at=at("06-04 09:00"))
    document = pypdfium2.PdfDocument(pdf(statement(), made))
    texts = [page.get_textpage().get_text_range() for page in document]
    for name, words in PICTURES.items():
        number = next(number for number, text in enumerate(texts) if words in text)
        document[number].render(scale=1.4).to_pil().save(folder / f"laporan-{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
