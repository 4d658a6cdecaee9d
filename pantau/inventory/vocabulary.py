"""The lists of words: what a hotspot serves, how it is connected, in which phase of its life it and its ISP are.

Those of categories and of access types are what every city begins with; its settings add words of its own.
"""

from typing import Literal, get_args

Category = Literal[
    "rt_lingkungan",
    "pos_kamling",
    "balai_pertemuan",
    "kantor_kelurahan",
    "kantor_kecamatan",
    "kantor_perangkat_daerah",
    "puskesmas",
    "pustu_posyandu",
    "rumah_sakit",
    "sekolah_paud",
    "sekolah_sd",
    "sekolah_smp",
    "sekolah_sma_smk",
    "perguruan_tinggi",
    "pasar",
    "pelelangan_ikan",
    "pelabuhan",
    "dermaga",
    "terminal",
    "taman",
    "lapangan_olahraga",
    "objek_wisata_pantai",
    "rumah_ibadah_gereja",
    "rumah_ibadah_masjid",
    "rumah_ibadah_lain",
    "pos_polisi_tni",
    "monopole_jalan",
    "kawasan_ekonomi",
    "lainnya",
]
"""The kind of place, in the offices' own words."""

Access = Literal[
    "ftth_gpon",
    "fo_dedicated",
    "radio_ptp",
    "radio_ptmp",
    "starlink",
    "vsat",
    "seluler",
    "metro",
]
"""What carries the hotspot to its ISP."""

CATEGORIES: tuple[str, ...] = get_args(Category)
ACCESS_TYPES: tuple[str, ...] = get_args(Access)

HotspotStatus = Literal["planned", "active", "retired"]
"""Only active hotspots are probed."""

Ping = Literal["icmp", "none"]
"""How a hotspot is pinged, or that nobody can."""

Custody = Literal["city", "isp"]
"""Whose a device is: the city's own, or that of the ISP, whose service it speaks of."""

IspStatus = Literal["active", "candidate", "ended"]

ContactKind = Literal["email", "telegram", "phone", "webhook"]

Cause = Literal[
    "listrik_pln",
    "listrik_lokasi",
    "fo_putus",
    "restart",
    "ont_hang",
    "aktivasi_tertunda",
    "isolir",
    "pencurian",
    "vandalisme",
    "cuaca_radio",
    "topografi",
    "kabel_laut",
    "portal_error",
    "lelet",
    "ip_berubah",
    "pemantau",
    "pemeliharaan",
    "kahar",
    "belum_terverifikasi",
]
"""Why an outage happened, in the offices' own words. Who is charged for which by default stands in docs/sla.md."""

Payment = Literal["monthly", "stages", "once"]
"""How a contract is paid: bulanan, termin, sekaligus."""

ContractLevel = Literal["per_point", "aggregate"]
RestitutionMethod = Literal["R1", "R1b", "R2", "R3", "R4", "R5"]
FeeDenominator = Literal["calendar_days", "contract_days"]
RepairClock = Literal["outage", "detection", "ticket"]
PenaltyOf = Literal["contract_value", "monthly_fee"]

VisitResult = Literal["good", "poor", "dead", "absent"]
"""What a site check (uji petik) found: service as agreed, worse, none, or no device at all."""
