"""The offices' own names of fields, for those who copy from a contract: each leads to the name that the files use.

Reports print these names; files are written with the English ones, so that there is one name for one thing.
"""

from collections.abc import Iterable, Mapping

from pantau.inventory.wording import did_you_mean, quote

OFFICE_NAMES: Mapping[str, str] = {
    "ambang_gangguan_detik": "threshold",
    "batas_potongan_persen": "deduction_cap_ratio",
    "biaya_bulanan_rp": "monthly_fee",
    "cakupan_min_persen": "minimum_coverage_ratio",
    "cara_bayar": "payment",
    "adendum": "addenda",
    "dasar_denda": "penalty_base",
    "denda_permil_per_hari": "penalty_permille",
    "id_kontrak": "contract",
    "id_paket_ekatalog": "catalogue_package",
    "id_titik": "hotspot",
    "jam_layanan": "service_hours",
    "jatah_pemeliharaan_menit_bulan": "maintenance_allowance",
    "masa_sanggah_hari": "objection_days",
    "metode_restitusi": "method",
    "mttr_jam": "repair_limit",
    "mulai": "start",
    "nilai_rp": "value",
    "no_surat_perjanjian": "agreement_number",
    "no_surat_pesanan": "order_number",
    "pemberitahuan_pemeliharaan_jam": "maintenance_notice",
    "pengecualian": "admitted_causes",
    "penyebut": "denominator",
    "selesai": "end",
    "sla_persen": "sla_ratio",
    "tabel_bertingkat": "steps",
    "tgl_aktif": "accepted",
    "tgl_berhenti": "stopped",
    "tgl_ttd": "signed",
    "tingkat": "level",
}

_MEANT: Mapping[str, str] = {
    "ip": "address",
    "alamat": "address",
    "alamat_ip": "address",
    "ip_address": "address",
    "host": "address",
    "nama": "name",
    "nama_titik": "name",
    "lokasi": "name",
    "catatan": "note",
    "keterangan": "note",
    "notes": "note",
    "remarks": "note",
    "kategori": "category",
    "jenis": "category",
    "akses": "access",
    "media": "access",
    "kontrak": "contract",
    "penyedia": "isp",
    "provider": "isp",
    "operator": "isp",
    "kec": "kecamatan",
    "district": "kecamatan",
    "desa": "kelurahan",
    "kel": "kelurahan",
    "ward": "kelurahan",
    "lintang": "latitude",
    "lat": "latitude",
    "bujur": "longitude",
    "lon": "longitude",
    "long": "longitude",
    "lng": "longitude",
    "induk": "upstream",
    "parent": "upstream",
    "kontak": "contacts",
    "kode": "code",
    "kode_bps": "bps_code",
    "alias": "aliases",
}
"""What else people call a field, in either language: what it means, and not what it looks like."""


def cure_for_name(written: str, known: Iterable[str]) -> str:
    """The cure for a name that the file's kind does not know: its English name, or the nearest one."""
    names = tuple(known)
    key = "_".join(written.casefold().replace("-", " ").replace("_", " ").split())
    meant = next((name for table in (OFFICE_NAMES, _MEANT) if (name := table.get(key)) in names), None)
    return f"write {quote(meant)}" if meant else did_you_mean(written, names)
