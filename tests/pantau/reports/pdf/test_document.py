"""The report as people get it: all its parts in both languages, its totals, its dates, and nothing made up."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lab.samples.accounting import APRIL, WITA, at
from lab.samples.editions import correction, edition
from lab.samples.evidence import BIZNET, CITY, TELKOM, Correction, Recorded, dark
from pantau.errors import ReportError
from pantau.inventory.settings import Settings
from pantau.reports.accounting import Month
from pantau.reports.pdf import html, pdf
from pantau.reports.statement import Statement, make_statement, measuring_of, survey
from tests.pantau.reports.pdf.looking import Pdf, words_of
from tests.pantau.reports.statement.test_statement import OUTAGES

PARTS = {
    "id": (
        "0. Sampul",
        "1. Ringkasan",
        "2. Dasar dan definisi",
        "3. Tabel A: per titik",
        "4. Tabel B: gangguan di atas ambang",
        "5. Tabel C: pengecualian",
        "6. Tabel D: tanpa data",
        "7. Tabel E: perubahan",
        "8. Tabel F: kalender harian",
        "9. Perbaikan: MTTR dan MTBF",
        "10. Mutu, sebagai informasi",
        "11. Rekapitulasi dan tren",
        "12. Uji petik",
        "13. Perhitungan pembayaran",
        "14. Keberatan dan penyelesaian",
        "15. Berita acara pemeriksaan",
        "16. Lampiran: sumber data dan cara memeriksa",
    ),
    "en": (
        "0. Cover",
        "1. Summary",
        "2. Basis and definitions",
        "3. Table A: the points",
        "4. Table B: the outages above the threshold",
        "5. Table C: exclusions",
        "6. Table D: not observed",
        "7. Table E: changes",
        "8. Table F: the days",
        "9. Repairs: MTTR and MTBF",
        "10. Quality, for information",
        "11. Recapitulation and trend",
        "12. Site checks (uji petik)",
        "13. Payment",
        "14. Objections and how they were settled",
        "15. Record of the inspection (berita acara)",
        "16. Annexes: where every figure comes from",
    ),
}
SAID = Correction(f"P-1@{at('04-10')}", "vandalisme", "Budi", at("05-02"), "kabel dipotong", 77)


def april() -> Statement:
    """Telkom's month in the small city, with a cause that a person has decided, and two months before it."""
    evidence = Recorded(OUTAGES.by_point, [SAID], counted={"P-1": (1000, 990)})
    months = [survey(CITY, evidence, month, WITA) for month in (Month(2024, 2), Month(2024, 3), APRIL)]
    return make_statement(TELKOM, months[2], months[:2])


@pytest.fixture(scope="module")
def content() -> bytes:
    """A draft in Indonesian."""
    return pdf(april(), edition())


@pytest.fixture(scope="module")
def draft(content: bytes) -> Pdf:
    """The same, looked into."""
    return Pdf(content)


@pytest.fixture(scope="module")
def final() -> Pdf:
    """A second, final version in English."""
    return Pdf(pdf(april(), correction(april()), "en"))


@pytest.mark.parametrize("language", ["id", "en"])
def test_all_parts_are_there_in_their_order(language: str, draft: Pdf, final: Pdf) -> None:
    """0 to 16, each title once in the contents and once above its part."""
    text = (draft if language == "id" else final).text
    places = [text.rindex(title) for title in PARTS[language]]
    assert places == sorted(places)
    assert [text.count(title) for title in PARTS[language]] == [1] + 16 * [2]


def test_the_cover_says_who_what_and_when(draft: Pdf) -> None:
    """The cover has parties, documents, period, number, version, hash and status."""
    cover = draft.pages[0].text
    for words in (
        "Laporan Kinerja Layanan Bulanan",
        "Kecamatan Maesa, dilayani oleh Telkom",
        "1–30 April 2024, 00:00–24:00 WITA",
        "maesa-telkom/2024-04/1",
        "PKS/telkom",
        "4 Mei 2024 13:20:00 WITA",
        edition().data_sha256,
        "DRAF: angka masih dapat berubah",
        "Surat pesanan tidak tercatat",
        "1 April 2024 – 31 Desember 2024",
    ):
        assert words in cover


def test_a_draft_is_marked_on_every_page_and_a_final_on_none(draft: Pdf, final: Pdf) -> None:
    """The watermark lies across the page, the standing is in its head."""
    assert draft.pages_with("DRAF ") == list(range(len(draft.pages)))
    assert final.pages_with("DRAFT") == []
    assert final.pages_with("FINAL · version 2") == list(range(1, len(final.pages)))


def test_pages_are_counted(draft: Pdf, final: Pdf) -> None:
    """Each page has its number and the total."""
    whole = len(draft.pages)
    assert [f"hal. {number} dari {whole}" in page.text for number, page in enumerate(draft.pages, 1)] == whole * [True]
    assert f"page 1 of {len(final.pages)}" in final.pages[0].text


def test_every_point_and_all_totals_stand_in_table_a(draft: Pdf) -> None:
    """Table A has every point and the sums, in hours and whole rupiah."""
    (page,) = (
        page.text
        for page in draft.pages
        if "Dapat dibayar" in page.text and "Tanpa data" in page.text and "Dari –" in page.text
    )
    for words in (
        "Titik 1 P-1 · Bitung Tengah 1–30 (30) 720:00:00 24:00:00 0:00:00 24:00:00 24:00:00 0:00:00",
        "96,5517 % 96,6667 % ✖ Tidak terpenuhi Rp500.000 Rp16.667 Rp0 Rp483.333 ± 0:00:10 (0×) 98 % (Rp500.000) ± Rp2",
        "Titik 2 P-2 · Bitung Tengah 11–30 (20) 480:00:00 4:00:00 2:00:00 0:00:00 2:00:00 0:05:00",
        "Total: 3 titik 1560:00:00 34:00:00 2:00:00 24:00:00 32:00:00",
        "Rp1.083.333 Rp16.667 Rp0 Rp1.066.666",
    ):
        assert words in page


def test_the_payment_has_a_line_a_rule_and_its_words(draft: Pdf, final: Pdf) -> None:
    """Part 13 has every step of the payment, penalties apart, and the amount in words."""
    for words in (
        "1 Biaya 3 baris",
        "Rp1.083.333 2 Potongan (restitusi)",
        "−Rp16.667",
        "4 Dapat dibayar = 1 − 2 − 3 Rp1.066.666",
        "5 Denda (klausul tersendiri): lihat di bawah −Rp5.500",
        "6 Dapat dibayar setelah denda = 4 − 5 Rp1.061.166",
        "satu juta enam puluh enam ribu enam ratus enam puluh enam rupiah",
        "keterlambatan aktivasi Titik 2 P-2 10 1 Rp500.000 Rp5.000",
    ):
        assert words in draft.text
    assert "one million, sixty-six thousand, six hundred and sixty-six rupiah" in final.text


def test_an_outage_says_what_its_cause_rests_on(draft: Pdf) -> None:
    """Table B has decisions with name, day and reason, the proposed cause and the entries."""
    assert "10/04 00:00:00 11/04 00:00:00 24:00:00 0:00:00 24:00:00 24:00:00 ▲ 2, 3 vandalisme [1]" in draft.text
    assert "Budi, 2 Mei 2024: kabel dipotong (usulan berdasarkan data: belum terverifikasi)" in draft.text
    assert "2: tidak ditemukan gangguan bersama, dan tidak ada data yang menunjukkan" in draft.text


def test_exclusions_gaps_changes_and_days_are_listed(draft: Pdf) -> None:
    """Tables C to F."""
    for words in (
        "listrik PLN padam PLN/1 Camat 3 2:00:00 0:00:00 ✔ ya",
        "keadaan kahar — — 3 0:00:00 0:00:00 ✖ belum disetujui",
        "20 Apr 2024 00:00:00 21 Apr 2024 00:00:00 tidak ada data tercatat no_data 1 24:00:00 4",
        "11 Apr 2024 00:00:00 uji fungsi diterima: layanan dan biaya dimulai Titik 2 P-2",
        "16 Apr 2024 00:00:00 pindah keluar ke kontrak lain Titik 3 P-3 maesa-biznet",
        "Titik 1 P-1 ● ● ● ● ● ● ● ● ● ✖ ● ● ● ● ● ● ● ● ● · ● ● ● ● ● ● ● ● ● ●",
    ):
        assert words in draft.text


def test_what_has_to_be_settled_is_said_first(draft: Pdf, final: Pdf) -> None:
    """Open items stand on the page of the summary."""
    (page,) = (page.text for page in draft.pages if "Perlu diselesaikan sebelum penandatanganan" in page.text)
    assert "dengan ketersediaan 97,9140 % dari waktu yang dinilai." in page
    assert "Kejadian yang penyebabnya belum diverifikasi: 2 (tabel B)." in page
    assert "Titik yang dibayar tanpa catatan uji fungsi: 2, di antaranya belum pernah dikunjungi: 1" in page
    assert "Belum dibandingkan dengan data Prometheus sebagai pembanding kedua (bagian 16)." in page
    assert "Points where the witnesses differ and no two have approved why: 1 (part 16)." in final.text


def test_the_summary_names_who_answers_for_the_second_witness(draft: Pdf, final: Pdf) -> None:
    """Reason, document and both people stand on the page of the summary."""
    told = "Second witness: 1 points differ: Prometheus was moved to another disk. Document BA-7. Approved by ani, budi"
    (page,) = (page.text for page in final.pages if "To be settled before signing" in page.text)
    assert f"{told} (one key, and a signed paper)." in page
    assert "Saksi kedua:" not in draft.text


def test_decisions_stand_in_a_part_of_their_own(draft: Pdf, final: Pdf) -> None:
    """Who, when, why, how far it has come, and what it is worth."""
    for text, words in (
        (draft.text, "P-1 #2 10/04 00:00:00"),
        (draft.text, "dicatat, tidak mengubah pembayaran"),
        (draft.text, "Budi, 2 Mei 2024: kabel dipotong"),
        (final.text, "noted, changes no money"),
    ):
        assert words in text


def test_the_annexes_show_the_witness_and_what_changed(final: Pdf) -> None:
    """Part 16 has a row a point; what Prometheus does not know is a dash."""
    for words in (
        "P-1 1:00:00 2:00:00 24:00:00 24:00:00 0.1389 % ✖ no, and nobody has said why",
        "P-2 1:00:00 — 24:00:00 — — ✖ Prometheus was moved to another disk",
        "payment.restitution 16667 0",
        "exclusions[x] was not there 1 h",
        "pantau report --month 2024-04 --contract maesa-telkom",
        "48,213",
        "5d" * 32,
    ):
        assert words in final.text


def test_the_same_input_gives_the_same_bytes_in_every_process(tmp_path: Path, content: bytes) -> None:
    """Another hash seed and time zone give the same PDF; its dates are the edition's."""
    script = (
        "import sys; from pathlib import Path\n"
        "from lab.samples.editions import edition\n"
        "from tests.pantau.reports.pdf.test_document import april\n"
        "from pantau.reports.pdf import pdf\n"
        "Path(sys.argv[1]).write_bytes(pdf(april(), edition()))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/New_York"}
    other = tmp_path / "other.pdf"
    subprocess.run(
        [sys.executable, "-c", script, str(other)], check=True, env=environment, cwd=Path(__file__).parents[4]
    )
    assert hashlib.sha256(other.read_bytes()).hexdigest() == hashlib.sha256(content).hexdigest()
    assert Pdf(content).metadata["CreationDate"].startswith("D:20240504052000")


def test_a_contract_that_is_silent_about_money_names_no_rupiah() -> None:
    """Availability is reported; amounts are dashes, except penalty and the assignment's fee."""
    silent = CITY.contracts[0].model_copy(update={"method": None})
    city = survey(replace(CITY, contracts=(silent, CITY.contracts[1])), OUTAGES, APRIL, WITA)
    read = words_of(html(make_statement(TELKOM, city), edition()))
    assert "Kontrak tidak memuat SLA atau metode potongan, sehingga laporan ini tidak mencantumkan" in read
    assert "4 Dapat dibayar = 1 − 2 − 3 —" in read
    assert "Terbilang" not in read
    assert "96,5517 %" in read
    assert "Rp0" not in read.replace("Denda Rp0", "")


def test_a_month_without_points_is_a_report_too() -> None:
    """A month before the contract begins gives a report that says so."""
    read = words_of(html(make_statement(BIZNET, survey(CITY, OUTAGES, Month(2024, 3), WITA)), edition()))
    assert "Biznet tidak memiliki titik dalam kontrak ini di Kecamatan Maesa pada Maret 2024." in read
    assert "Tidak ada ketentuan yang berlaku pada bulan ini: kontrak tidak mencakupnya." in read
    assert "Tidak ada baris yang dapat dinilai, sehingga tidak ada contoh." in read
    assert "1–31 Maret 2024, 00:00–24:00 WITA" in read


def test_a_month_that_nobody_saw_is_not_known_and_not_nought() -> None:
    """Without any data availability is a dash, and the whole fee is held."""
    blind = Recorded({f"P-{number}": [] for number in range(1, 6)})
    read = words_of(html(make_statement(TELKOM, survey(CITY, blind, APRIL, WITA)), edition()))
    assert "Ketersediaannya tidak dapat dinilai karena tidak ada waktu yang dapat dinilai." in read
    assert "Baris yang tidak dapat dinilai: 3. Biayanya, Rp1.083.333, ditahan sampai ada berita acara" in read
    assert "0,0000 % ? Tidak konklusif Rp500.000 Rp0 Rp500.000 Rp0" in read


def test_an_addendum_and_a_move_are_two_versions_and_two_lines() -> None:
    """Both terms are printed, and so is when each began."""
    read = words_of(html(make_statement(BIZNET, survey(CITY, OUTAGES, APRIL, WITA)), edition(), "en"))
    assert "Terms from 1 April 2024 (PKS/biznet)" in read
    assert "Terms from 21 April 2024 (AD-1)" in read
    assert read.count("Titik 4 P-4 · Bitung Timur") == 2
    assert "addendum holds from here all AD-1" in read


def test_part_2_says_how_it_was_measured() -> None:
    """Interval, retries, the rule of recovery, what is not seen, and the errors, by the settings in force."""
    settings = Settings.model_validate(
        {
            "probing": {"interval": "20s", "recover_after": 3, "confirm": {"attempts": 2}},
            "office": {"name": "Diskominfo Bitung", "operator": "NOC"},
            "vantage": {"name": "noc"},
        }
    )
    read = words_of(html(make_statement(TELKOM, survey(CITY, OUTAGES, APRIL, WITA, measuring_of(settings))), edition()))
    for words in (
        "Pelaksana pengukuran Diskominfo Bitung, NOC; dari noc",
        "setiap 20 detik, siang dan malam. Jawaban ditunggu paling lama 2 detik.",
        "bila 2 pemeriksaan ulang dengan jarak 1 detik juga tidak dijawab",
        "bila 3 pemeriksaan berturut-turut dijawab",
        "Gangguan sampai 3 detik tidak teramati; gangguan 23 detik atau lebih selalu teramati.",
        "Dari 120 gangguan selama 20 detik, sekitar 18 tidak teramati. Gangguan sampai 300 detik dicatat",
        "tercatat paling lambat 20 detik kemudian",
        "Diverifikasi oleh Diskominfo Bitung",
    ):
        assert words in read


def test_a_final_record_has_number_and_date_in_words() -> None:
    """A draft, which nobody signs, has lines to write on."""
    made = april()
    final, draft = (words_of(html(made, one)) for one in (correction(made), edition()))
    assert "Nomor: BA/maesa-telkom/2024-04/2" in final
    assert "Pada hari ini, Sabtu, tanggal empat bulan Mei tahun dua ribu dua puluh empat (04-05-2024)" in final
    assert "Pada hari ini, ____" in draft
    assert "dua ribu" not in draft


def test_what_misses_the_sla_by_a_second_never_reads_as_the_sla() -> None:
    """98,0000 % beside ✖ would be a riddle: as many digits are printed as decide, wherever the two are compared."""
    limit = 51_840  # of 2,592,000 seconds: exactly 98 %
    begin = at("04-03")
    cities = [survey(CITY, Recorded({"P-1": dark((begin, begin + limit + more))}), APRIL, WITA) for more in (0, 1)]
    exact, missed = (words_of(html(make_statement(TELKOM, city), edition())) for city in cities)
    assert "98,0000 % 100,0000 % ✔ Terpenuhi" in exact
    assert "97,99996 % 100,0000 % ✖ Tidak terpenuhi" in missed
    assert "98,0000 % 100,0000 % ✖" not in missed
    assert "A < SLA (97,99996 %; 98,0000 %)" in missed


def test_a_point_that_flaps_prints_the_ends_of_its_thousand_entries() -> None:
    """The page stays one that can be read; data.json has all."""
    rows = april().events
    many = replace(rows[0], entries=tuple(range(1000, 3000)))
    read = words_of(html(replace(april(), events=(many, *rows[1:])), edition()))
    assert "Jurnal: 1000 … 2999 (2000)" in read
    assert "1500" not in read


def test_a_language_that_we_do_not_have_is_refused() -> None:
    """The error names the known ones."""
    with pytest.raises(ValueError, match="no such language: 'nl'; choose one of id, en"):
        html(april(), edition(), "nl")


def test_missing_libraries_are_named_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing system libraries give one sentence with the packages to install."""

    class NoPango:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'\nAdditionally, ...")

    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    with pytest.raises(ReportError, match=r"missing \(cannot load library 'libpango-1\.0-0'\); install them: sudo"):
        pdf(april(), edition())
